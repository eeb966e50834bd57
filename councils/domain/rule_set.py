"""Rule set: the standing orders of a body come into force, by its own vote or by who keeps the installation.

A change is written against a version and applied, rule by rule, to the one in force when it is adopted: what
others changed meanwhile stays. Where it cannot stand beside that any more, nothing changes and the log says so.
Who keeps the installation sets rules only until the body has adopted a version by its own vote.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from councils import permissions
from councils.domain import audit
from councils.enums import PollState
from councils.errors import Refused
from councils.models import Body, Member, Poll, RuleSet
from councils.models.electorate import is_assembly, is_council
from councils.rule_items import applied, compared
from councils.rules import InvalidRules, Rules

#: A form that is sent a little after its hour was written means now.
_JUST_NOW = dt.timedelta(minutes=1)


def set_rules(
    *, body: Body, rules: dict[str, Any], in_force_from: dt.datetime | None, by: Member, at: dt.datetime
) -> RuleSet:
    """The next version of the rules of ``body``, from now on or from ``in_force_from``.

    What is under way keeps its own. Raises ``Denied``; ``Refused`` for rules that cannot be read, for a day
    in the past, while the assembly or the committee of that place votes, and once the body has adopted rules by
    its own vote.
    """
    permissions.require("set_rules", by=by, on=body, at=at)
    if in_force_from is not None and in_force_from < at - _JUST_NOW:
        raise Refused(_("Rules cannot come into force in the past. Leave it empty, or write a later day."))
    try:
        _refuse_unfit(body, Rules.read(rules))
    except InvalidRules as e:
        raise Refused(str(e)) from e
    with transaction.atomic():
        Body.objects.select_for_update().get(pk=body.pk)
        if RuleSet.objects.voted(body).exists():
            raise Refused(
                _("%(body)s has adopted its rules by its own vote: from then on only its votes change them.")
                % {"body": body}
            )
        near = Q(body=body) if body.territory_id is None else Q(body__territory=body.territory_id)
        if Poll.objects.opening_or_open_at(at).filter(near).exists():
            raise Refused(_("A vote is open in %(body)s. Its rules can be changed after it.") % {"body": body})
        made = _next_version(body, rules=rules, in_force_from=in_force_from or at)
        audit.record(verb="set_rules", by=by, at=at, body=body, subject=body, version=made.version)
    return made


def _refuse_unfit(body: Body, rules: Rules) -> None:
    """Raise ``InvalidRules`` for what only an assembly can agree on."""
    if rules.constituencies and not is_assembly(body):
        raise InvalidRules([_("Only an assembly elects by constituencies: its roll says who belongs to which.")])


def _next_version(body: Body, *, rules: dict[str, Any], in_force_from: dt.datetime, **extra: Any) -> RuleSet:
    """The body's row is locked."""
    last = RuleSet.objects.filter(body=body).aggregate(last=Max("version"))["last"] or 0
    return RuleSet.objects.create(body=body, version=last + 1, rules=rules, in_force_from=in_force_from, **extra)


def votes_on_its_rules(body: Body) -> bool:
    """Whether ``body`` can change its rules by a vote: an assembly by a proposal, a council by a question."""
    return is_assembly(body) or is_council(body)


def checked_changes(*, body: Body, changes: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    """``changes`` as they are put to the vote. Raises ``Refused`` where they change nothing now, or cannot stand."""
    rule_set = RuleSet.objects.in_force(body, at)
    rules = rule_set.rules if rule_set else {}
    try:
        made = applied(rules, changes)
        _refuse_unfit(body, Rules.read(made))
    except InvalidRules as e:
        raise Refused(str(e)) from e
    if not compared(rules, made):
        raise Refused(_("These are the rules in force already. Change at least one of them."))
    return dict(changes)


def amend_rules(*, poll: Poll, at: dt.datetime) -> RuleSet | None:
    """Bring into force what the declared ``poll`` adopted. In the transaction that declares; twice changes nothing.

    The change is applied to the version in force now, whichever it was written against. None where nothing was
    adopted, or where it cannot stand any more.
    """
    changes, outcome = poll.rule_changes, poll.result.get("outcome")
    if changes is None or poll.state != PollState.DECLARED or outcome != "adopted":
        return None
    about = getattr(poll, "proposal", None) or getattr(poll, "council_question", None)
    with transaction.atomic():
        body = Body.objects.select_for_update().get(pk=poll.body_id)
        made = RuleSet.objects.filter(poll=poll).first()
        if made is not None:
            return made
        before = RuleSet.objects.in_force(body, at)
        try:
            rules = applied(before.rules if before else {}, changes)
        except InvalidRules as e:
            audit.record(verb="refuse_rules", by=None, at=at, body=body, subject=about, changes=e.sentences)
            return None
        made = _next_version(body, rules=rules, in_force_from=at, poll=poll)
        audit.record(verb="amend_rules", by=None, at=at, body=body, subject=about, version=made.version)
    return made


def rules_before(*, poll: Poll, at: dt.datetime) -> RuleSet | None:
    """The version beside which a change is read: in force at its declaration, or now, but for the one it made."""
    moment = poll.declared_at or at
    earlier = RuleSet.objects.filter(body=poll.body_id, in_force_from__lte=moment).exclude(poll=poll)
    return earlier.order_by("-version").first()
