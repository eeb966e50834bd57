"""Elections with days of campaign and days to object, for tests."""

from __future__ import annotations

import datetime as dt

from councils.domain.election import call_election
from councils.models import Body, Election, Member, RuleSet
from tests.builders import NOW
from tests.conftest import Cast
from tests.elections import DAY, NOMINATIONS_CLOSE, at_hour, marked, standing

CAMPAIGN, OBJECTIONS = 4, 5
OPENS = NOMINATIONS_CLOSE + CAMPAIGN * DAY
CLOSES = OPENS + 3 * DAY
#: When its page is read after the close, so when the result is declared.
DECLARED = CLOSES + dt.timedelta(hours=1)
SEATED = DECLARED + OBJECTIONS * DAY


def give_days(cast: Cast, campaign: int = CAMPAIGN, objections: int = OBJECTIONS, **given: object) -> None:
    """The assembly agrees on days of campaign and days to object."""
    rules = {"campaign_days": campaign, "objection_days": objections, **given}
    RuleSet.objects.filter(body=cast.assembly).update(rules=rules)


def called(cast: Cast, body: Body | None = None) -> Election:
    """Elena calls the election of the delegates to the council (two seats), or to ``body``."""
    return call_election(
        body=body or cast.council,
        electorate=cast.assembly,
        nominations_close_at=NOMINATIONS_CLOSE,
        voting_closes_at=CLOSES,
        by=cast.elena,
        at=NOW,
    )


def campaigning(cast: Cast, *people: Member, body: Body | None = None, **given: object) -> Election:
    """Nominations have just closed on ``people`` (or Rosa, Pedro and Carmen)."""
    give_days(cast, **given)
    election = called(cast, body)
    standing(election, *(people or (cast.rosa, cast.pedro, cast.carmen)))
    return at_hour(election, NOMINATIONS_CLOSE)


def open_now(cast: Cast, *people: Member, **given: object) -> Election:
    """The vote has just opened."""
    return at_hour(campaigning(cast, *people, **given), OPENS)


def declared(cast: Cast, *people: Member, body: Body | None = None, **given: object) -> Election:
    """Rosa and Pedro are elected; it may be objected to."""
    election = at_hour(campaigning(cast, *people, body=body, **given), OPENS)
    backed(cast, election, *(people or (cast.rosa, cast.pedro)))
    return at_hour(election, DECLARED)


def backed(cast: Cast, election: Election, *people: Member) -> None:
    """Three electors mark all of ``people``."""
    marked(election, {voter: list(people) for voter in (cast.carmen, cast.hugo, cast.elena)}, at=OPENS)
