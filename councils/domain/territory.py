"""Territory: founding a place and hanging it in the tree, with dates."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from councils import permissions
from councils.clock import local_day
from councils.domain import audit, body
from councils.enums import TerritoryKind
from councils.errors import Refused
from councils.models import Body, Member, Placement, Territory
from councils.names import name_key, sort_key
from councils.signals import territory_moved

#: From the widest (0) to the shop floor.
_WIDTH = {kind: width for width, kind in enumerate(TerritoryKind.values)}


def found_territory(
    *, kind: str, name: str, parent: Territory | None, by: Member, at: dt.datetime, level_name: str = ""
) -> Territory:
    """A new place with the bodies of its level, hung from ``parent`` (None: from nothing).

    Raises ``Denied``; ``Refused`` when the name is taken or the parent is not wider.
    """
    if kind == TerritoryKind.SECTION:
        permissions.require("found_section", by=by, on=parent, at=at)
    else:
        permissions.require("found_territory", by=by, on=parent, at=at)
    with transaction.atomic():
        place = make_territory(kind=kind, name=name, parent=parent, at=at, level_name=level_name)
        audit.record(
            verb="found_territory",
            by=by,
            at=at,
            body=_body_that_answers(parent or place),
            subject=place,
            name=place.name,
        )
    return place


def make_territory(
    *, kind: str, name: str, parent: Territory | None, at: dt.datetime, level_name: str = ""
) -> Territory:
    """Write a place, its placement and its bodies; who may is the caller's question. Raises ``Refused``."""
    name = " ".join(name.split())
    if not name_key(name):
        raise Refused(_("A place needs a name."))
    _refuse_misplaced(kind, parent)
    if kind == TerritoryKind.SECTION:
        assert parent is not None
        taken = Territory.objects.placed_in(parent, local_day(at)).filter(kind=kind, name_key=name_key(name))
    else:
        taken = Territory.objects.filter(kind=kind, name_key=name_key(name))
    if taken.exists():
        raise _name_taken(kind, name)
    try:
        with transaction.atomic():
            place = Territory.objects.create(kind=kind, name=name, level_name=level_name)
    except IntegrityError as e:  # somebody else took the name between the question and the row
        raise _name_taken(kind, name) from e
    if parent is not None:
        Placement.objects.create(territory=place, parent=parent, from_on=local_day(at))
    body.make_bodies(territory=place, at=at)
    return place


def rename_territory(*, territory: Territory, name: str, level_name: str, by: Member, at: dt.datetime) -> Territory:
    """Another name for the place, or for its level. Raises ``Denied``; ``Refused`` when the name is taken."""
    permissions.require("rename_territory", by=by, on=territory, at=at)
    name = " ".join(name.split())
    if not name_key(name):
        raise Refused(_("A place needs a name."))
    with transaction.atomic():
        place = Territory.objects.select_for_update().get(pk=territory.pk)
        if (place.name, place.level_name) == (name, level_name):
            return place
        others = Territory.objects.filter(kind=place.kind, name_key=name_key(name)).exclude(pk=place.pk)
        if place.kind != TerritoryKind.SECTION and others.exists():
            raise _name_taken(place.kind, name)
        audit.record(
            verb="rename_territory",
            by=by,
            at=at,
            body=_body_that_answers(place),
            subject=place,
            before=place.name,
            name=name,
        )
        place.name, place.level_name = name, level_name
        place.save()
    return place


def place_territory(
    *, territory: Territory, parent: Territory, on_day: dt.date, by: Member, at: dt.datetime
) -> Placement:
    """From ``on_day`` on, ``territory`` hangs from ``parent``; what was before stays true for its own time.

    Summaries of earlier periods therefore keep the old parent. Raises ``Denied`` or ``Refused``.
    """
    permissions.require("place_territory", by=by, on=territory, at=at)
    _refuse_misplaced(territory.kind, parent)
    with transaction.atomic():
        Territory.objects.select_for_update().get(pk=territory.pk)
        rows = Placement.objects.filter(territory=territory)
        if rows.filter(from_on__gt=on_day).exists():
            raise Refused(_("A later move of %(name)s is already entered. Undo that one first.") % {"name": territory})
        if any(p.pk == territory.pk for p in [parent, *ancestors(parent, on_day)]):
            raise Refused(_("%(parent)s hangs from %(name)s itself.") % {"parent": parent, "name": territory})
        now: Placement | None = rows.valid_on(on_day).first()
        if now is not None and now.parent_id == parent.pk:
            raise Refused(_("%(name)s is already in %(parent)s on that day.") % {"name": territory, "parent": parent})
        if now is not None and now.from_on == on_day:
            now.parent = parent
            now.save()
            placement: Placement = now
        else:
            if now is not None:
                now.until_on = on_day
                now.save()
            placement = Placement.objects.create(territory=territory, parent=parent, from_on=on_day)
        audit.record(
            verb="place_territory",
            by=by,
            at=at,
            body=_body_that_answers(territory),
            subject=territory,
            parent=parent.name,
            on_day=on_day.isoformat(),
        )
        territory_moved.send(Territory, territory=territory, first=on_day, at=at)
    return placement


def ancestors(territory: Territory, day: dt.date) -> list[Territory]:
    """What ``territory`` hangs from on ``day``, nearest first. One query."""
    return Placement.objects.above(territory, day)


def descendants(territory: Territory, day: dt.date) -> list[Territory]:
    """Everything that hangs from ``territory`` on ``day``, nearest level first. One query a level."""
    found: list[Territory] = []
    level = [territory.pk]
    while level:
        rows = Placement.objects.valid_on(day).filter(parent__in=level).select_related("territory")
        below = sorted((row.territory for row in rows), key=_by_name)
        found += below
        level = [place.pk for place in below]
    return found


def sections_of(workplace: Territory, day: dt.date) -> list[Territory]:
    """Its sections on ``day``, by name."""
    places = Territory.objects.placed_in(workplace, day).of_kind(TerritoryKind.SECTION)
    return sorted(places, key=_by_name)


def _by_name(place: Territory) -> tuple[tuple[str, str], int]:
    return sort_key(place.name), place.pk


def _refuse_misplaced(kind: str, parent: Territory | None) -> None:
    if kind not in _WIDTH:
        raise Refused(_("There is no such level."))
    if kind == TerritoryKind.SECTION and (parent is None or parent.kind != TerritoryKind.WORKPLACE):
        raise Refused(_("A section belongs to a workplace. Choose its workplace."))
    if parent is not None and _WIDTH[parent.kind] >= _WIDTH[kind]:
        raise Refused(
            _("A %(level)s cannot hang from a %(parent)s.")
            % {"level": TerritoryKind(kind).label, "parent": TerritoryKind(parent.kind).label}
        )


def _name_taken(kind: str, name: str) -> Refused:
    return Refused(
        _("There is already a %(level)s called “%(name)s”. Choose another name, for example with the town.")
        % {"level": TerritoryKind(kind).label, "name": name}
    )


def _body_that_answers(territory: Territory) -> Body | None:
    """The body whose log tells what happened to ``territory``."""
    return Body.objects.of_territory(territory).order_by("kind").last()
