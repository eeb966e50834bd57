"""Bodies: established with rules, and workplaces affiliated to several."""

from __future__ import annotations

import datetime as dt

import pytest

from councils.domain.body import affiliate_workplace, establish_body
from councils.enums import BodyKind
from councils.errors import Denied, Refused
from councils.models import Affiliation, Body, RuleSet

TODAY = dt.date(2026, 11, 16)


def test_establish_body_has_rules_from_its_first_day(cast, now):
    branch = establish_body(kind=BodyKind.BRANCH, territory=None, name="Rama del vidrio", by=cast.ana, at=now)
    rules = RuleSet.objects.in_force(branch, now)
    assert (str(branch), rules.version, rules.rules) == ("Rama del vidrio", 1, {})


@pytest.mark.parametrize(
    ("kind", "territory", "name"),
    [
        (BodyKind.COMMITTEE, "perlak", ""),
        (BodyKind.COMMITTEE, "vicuna", ""),
        (BodyKind.COMMITTEE, None, "Suelto"),
        (BodyKind.FEDERATION, None, " "),
        ("club", None, "Club"),
    ],
)
def test_establish_body_refuses(cast, now, kind, territory, name):
    before = Body.objects.count()
    with pytest.raises(Refused):
        place = getattr(cast, territory) if territory else None
        establish_body(kind=kind, territory=place, name=name, by=cast.ana, at=now)
    assert Body.objects.count() == before


def test_affiliate_workplace_to_several_bodies(cast, now):
    for name in ("Rama del vidrio", "Federación"):
        kind = BodyKind.BRANCH if name.startswith("Rama") else BodyKind.FEDERATION
        body = establish_body(kind=kind, territory=None, name=name, by=cast.ana, at=now)
        affiliate_workplace(workplace=cast.cristalerias, body=body, on_day=TODAY, by=cast.ana, at=now)
    assert Affiliation.objects.filter(workplace=cast.cristalerias).valid_on(TODAY).count() == 2


def test_affiliate_workplace_refuses(cast, now):
    affiliate_workplace(workplace=cast.perlak, body=cast.council, on_day=TODAY, by=cast.ana, at=now)
    for workplace, body in ((cast.perlak, cast.council), (cast.hornos, cast.council), (cast.perlak, cast.committee)):
        with pytest.raises(Refused):
            affiliate_workplace(workplace=workplace, body=body, on_day=TODAY, by=cast.ana, at=now)
    with pytest.raises(Denied):
        affiliate_workplace(workplace=cast.cristalerias, body=cast.council, on_day=TODAY, by=cast.elena, at=now)
