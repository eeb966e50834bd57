"""Body: the organs that decide on a place, their first rules, and what is affiliated to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.domain import audit
from councils.enums import COUNCIL_OF, BodyKind, TerritoryKind
from councils.errors import Refused
from councils.models import Affiliation, Body, Member, RuleSet, Territory

#: Bodies that every place of a level has from its first day.
BODIES_OF: dict[str, list[str]] = {
    TerritoryKind.WORKPLACE: [BodyKind.ASSEMBLY, BodyKind.COMMITTEE],
    TerritoryKind.SECTION: [BodyKind.SECTION_COMMITTEE],
    **{level: [council] for level, council in COUNCIL_OF.items()},
}


def establish_body(
    *,
    kind: str,
    territory: Territory | None,
    by: Member,
    at: dt.datetime,
    name: str = "",
    rules: dict[str, Any] | None = None,
    protected: bool = False,
) -> Body:
    """A body with version 1 of its rules (empty: the defaults of ``councils.rules``).

    Raises ``Denied``; ``Refused`` when the territory has one already, or is not of its level.
    """
    permissions.require("establish_body", by=by, on=territory, at=at)
    with transaction.atomic():
        body = make_body(kind=kind, territory=territory, at=at, name=name, rules=rules, protected=protected)
        audit.record(verb="establish_body", by=by, at=at, body=body, subject=body, name=str(body))
    return body


def make_body(
    *,
    kind: str,
    territory: Territory | None,
    at: dt.datetime,
    name: str = "",
    rules: dict[str, Any] | None = None,
    protected: bool = False,
) -> Body:
    """Write a body and its first rules; who may is the caller's question. Raises ``Refused``."""
    if kind not in BodyKind.values:
        raise Refused(_("There is no such kind of body."))
    if territory is None and kind not in (BodyKind.BRANCH, BodyKind.FEDERATION):
        raise Refused(_("A %(kind)s decides on a place. Choose which.") % {"kind": BodyKind(kind).label})
    if territory is None and not name.strip():
        raise Refused(_("A branch or federation needs a name."))
    if territory is not None and kind not in BODIES_OF[territory.kind]:
        raise Refused(
            _("A %(level)s has no %(kind)s.")
            % {"level": TerritoryKind(territory.kind).label, "kind": BodyKind(kind).label}
        )
    try:
        with transaction.atomic():
            body = Body.objects.create(kind=kind, territory=territory, name=name.strip(), protected=protected)
    except IntegrityError as e:
        raise Refused(_("%(place)s already has that body.") % {"place": territory}) from e
    RuleSet.objects.create(body=body, version=1, rules=rules or {}, in_force_from=at)
    return body


def make_bodies(*, territory: Territory, at: dt.datetime) -> list[Body]:
    """The bodies that a place of this level has from its first day."""
    return [make_body(kind=kind, territory=territory, at=at) for kind in BODIES_OF[territory.kind]]


def affiliate_workplace(
    *, workplace: Territory, body: Body, on_day: dt.date, by: Member, at: dt.datetime
) -> Affiliation:
    """``workplace`` belongs to ``body`` (a branch, a federation, a council) from ``on_day`` on.

    It may belong to several, and none owns it. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("affiliate_workplace", by=by, on=workplace, at=at)
    if workplace.kind != TerritoryKind.WORKPLACE:
        raise Refused(_("Only workplaces are affiliated to a body."))
    if body.kind in (BodyKind.ASSEMBLY, BodyKind.COMMITTEE, BodyKind.SECTION_COMMITTEE):
        raise Refused(_("A workplace is affiliated to a branch, a federation or a council, not to another workplace."))
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=workplace.pk)
        if Affiliation.objects.filter(workplace=workplace, body=body).touching(on_day, dt.date.max).exists():
            raise Refused(_("%(workplace)s already belongs to %(body)s.") % {"workplace": workplace, "body": body})
        affiliation = Affiliation.objects.create(workplace=workplace, body=body, from_on=on_day)
        audit.record(
            verb="affiliate_workplace",
            by=by,
            at=at,
            body=Body.objects.committee_of(workplace),
            subject=body,
            name=str(body),
            on_day=on_day.isoformat(),
        )
    return affiliation
