"""Set-up data of councils. Polls, rolls, ballots, codes and resets are not here at all.

Nothing on these pages can touch a vote: a roll is frozen in rows the admin does not know,
rules are added and never edited (an act keeps the version it opened under), and who
sits where comes from elections.
"""

from councils.admin import audit_event, body, job, member, membership, rule_set, seat, territory

__all__ = ["audit_event", "body", "job", "member", "membership", "rule_set", "seat", "territory"]
