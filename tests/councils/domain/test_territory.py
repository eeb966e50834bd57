"""Places: founded with their bodies, moved with dates."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.clock import local_day
from councils.domain.territory import ancestors, descendants, found_territory, place_territory, sections_of
from councils.enums import BodyKind, TerritoryKind
from councils.errors import Denied, Refused
from councils.models import AuditEvent, Body, RuleSet, Territory
from councils.signals import territory_moved

TODAY = dt.date(2026, 11, 16)


@pytest.mark.parametrize(
    ("kind", "bodies"),
    [
        (TerritoryKind.WORKPLACE, [BodyKind.ASSEMBLY, BodyKind.COMMITTEE]),
        (TerritoryKind.CORDON, [BodyKind.CORDON_COUNCIL]),
        (TerritoryKind.PROVINCE, [BodyKind.PROVINCIAL_COORDINATION]),
    ],
)
def test_found_territory_gives_the_bodies_of_its_level(cast, now, kind, bodies):
    place = found_territory(kind=kind, name="Los Cerrillos", parent=cast.nation, by=cast.ana, at=now)
    assert list(Body.objects.of_territory(place).order_by("kind").values_list("kind", flat=True)) == bodies
    assert RuleSet.objects.filter(body__territory=place).count() == len(bodies)
    assert ancestors(place, TODAY) == [cast.nation]


def test_found_territory_alone_hangs_from_nothing(cast, now):
    place = found_territory(kind=TerritoryKind.WORKPLACE, name="  Pan   San José ", parent=None, by=cast.ana, at=now)
    assert (place.name, ancestors(place, TODAY)) == ("Pan San José", [])
    assert AuditEvent.objects.get(verb="found_territory").body == Body.objects.committee_of(place)


def test_found_territory_of_a_section_is_for_its_committee(cast, now):
    place = found_territory(kind=TerritoryKind.SECTION, name="Bodega", parent=cast.cristalerias, by=cast.elena, at=now)
    assert sections_of(cast.cristalerias, TODAY) == [place, cast.hornos]
    with pytest.raises(Denied):
        found_territory(kind=TerritoryKind.SECTION, name="Patio", parent=cast.perlak, by=cast.elena, at=now)


@pytest.mark.parametrize(
    ("kind", "name", "parent"),
    [
        (TerritoryKind.CORDON, "cerrillos-maipu", "nation"),
        (TerritoryKind.CORDON, "  ", "nation"),
        (TerritoryKind.CORDON, "Otro", "cristalerias"),
        (TerritoryKind.SECTION, "Hornos", "cristalerias"),
        (TerritoryKind.SECTION, "Patio", "vicuna"),
        (TerritoryKind.SECTION, "Patio", None),
        ("planet", "Tierra", None),
    ],
)
def test_found_territory_refuses(cast, now, kind, name, parent):
    before = Territory.objects.count()
    with pytest.raises(Refused):
        found_territory(kind=kind, name=name, parent=getattr(cast, parent) if parent else None, by=cast.ana, at=now)
    assert Territory.objects.count() == before


def test_sections_of_two_workplaces_may_share_a_name(cast, now):
    found_territory(kind=TerritoryKind.SECTION, name="Hornos", parent=cast.perlak, by=cast.ana, at=now)
    assert Territory.objects.filter(name="Hornos").count() == 2


def test_place_territory_keeps_the_past(cast, now, django_capture_on_commit_callbacks):
    heard = []
    territory_moved.connect(listen := lambda **kwargs: heard.append(kwargs["first"]))
    with django_capture_on_commit_callbacks(execute=True):
        place_territory(territory=cast.perlak, parent=cast.vicuna, on_day=TODAY, by=cast.ana, at=now)
    territory_moved.disconnect(listen)
    assert ancestors(cast.perlak, TODAY) == [cast.vicuna, cast.nation]
    assert ancestors(cast.perlak, TODAY - dt.timedelta(days=1)) == [cast.cerrillos, cast.nation]
    assert heard == [TODAY]


def test_place_territory_twice_on_a_day_corrects(cast, now):
    place_territory(territory=cast.perlak, parent=cast.vicuna, on_day=TODAY, by=cast.ana, at=now)
    place_territory(territory=cast.perlak, parent=cast.nation, on_day=TODAY, by=cast.ana, at=now)
    assert ancestors(cast.perlak, TODAY) == [cast.nation]
    assert cast.perlak.placements.count() == 2


@pytest.mark.parametrize(
    ("territory", "parent", "days"),
    [("perlak", "cerrillos", 0), ("vicuna", "perlak", 0), ("hornos", "vicuna", 0), ("perlak", "vicuna", -5)],
)
def test_place_territory_refuses(cast, now, territory, parent, days):
    if days:
        place_territory(territory=cast.perlak, parent=cast.vicuna, on_day=TODAY, by=cast.ana, at=now)
    day = TODAY + dt.timedelta(days=days)
    with pytest.raises(Refused):
        place_territory(
            territory=getattr(cast, territory), parent=getattr(cast, parent), on_day=day, by=cast.ana, at=now
        )


def test_descendants_go_down_level_by_level(cast):
    assert descendants(cast.nation, TODAY) == [cast.cerrillos, cast.vicuna, cast.cristalerias, cast.perlak, cast.hornos]


def test_ancestors_is_one_query(cast, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert ancestors(cast.hornos, local_day(now)) == [cast.cristalerias, cast.vicuna, cast.nation]
