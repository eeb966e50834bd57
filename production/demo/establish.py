"""Places, bodies, people and indicators of the demonstration."""

from __future__ import annotations

import csv
import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.hashers import make_password

from councils.clock import local_day
from councils.domain.territory import make_territory
from councils.enums import BodyKind, TerritoryKind
from councils.models import Body, Member, Membership, Seat, Territory
from councils.names import name_key
from production.demo.accounts import ACCOUNTS, HOME, HOME_WORKERS, NEIGHBOUR, NEIGHBOUR_WORKERS, PASSWORD
from production.demo.names import people
from production.demo.simulate import HOLIDAYS, Plant, gauges
from production.enums import Frequency, Sharing, Status
from production.models import ClosedDay, Factory, Indicator, PropertyStatus, Sector, SectorPlacement, Series

ESTABLISHMENTS = Path(__file__).parent / "establishments.csv"
STATUSES = {
    "privada": Status.PRIVATE,
    "APS": Status.SOCIAL,
    "intervenida": Status.INTERVENED,
    "requisada": Status.REQUISITIONED,
}
#: Workplaces whose whole roll is here; of the others the committee, the delegates and a few more.
ROLLS = {HOME: HOME_WORKERS, NEIGHBOUR: NEIGHBOUR_WORKERS}
#: Numbers on the roll of HOME that have taken no code yet, and do nothing.
WITHOUT_ACCOUNT = range(6, 10)
#: Glass, steel and sugar never let the furnace go out.
CONTINUOUS = {"vidrio", "siderurgia"}


@dataclass
class Country:
    """What was made, for the steps that follow."""

    nation: Territory
    workplaces: dict[str, Territory] = field(default_factory=dict)
    plants: dict[str, Plant] = field(default_factory=dict)
    members: dict[str, list[Member]] = field(default_factory=dict)


def plant_of(name: str, sector: str) -> Plant:
    """Size and week of an establishment: invented, and always the same for one name."""
    workers = ROLLS.get(name) or 60 + sum(map(ord, name)) % 340
    return Plant(name, sector, workers, "1111111" if sector in CONTINUOUS else "1111110")


def establish(*, since: dt.datetime, at: dt.datetime, only: Collection[str] = ()) -> Country:
    """Make everything that does not move: from ``since`` on, for accounts that are used at ``at``.

    ``only``: these establishments (none: all of the file).
    """
    with ESTABLISHMENTS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not only or row["establishment"] in only]
    country = Country(_place(TerritoryKind.NATION, "Chile", None, since))
    parents: dict[str, Territory] = {}
    sectors: dict[str, Sector] = {}
    day = local_day(since)
    for row in rows:
        province = _province(row)
        cordon = row["cordon"].split("/")[0].replace("(provincia)", "").strip()
        if province not in parents:
            parents[province] = _place(TerritoryKind.PROVINCE, province, country.nation, since)
        if f"cordón {cordon}" not in parents:
            parents[f"cordón {cordon}"] = _place(TerritoryKind.CORDON, cordon, parents[province], since)
        workplace = _place(TerritoryKind.WORKPLACE, row["establishment"], parents[f"cordón {cordon}"], since)
        sector = "otros" if row["sector"] == "no dicho" else row["sector"]
        plant = plant_of(row["establishment"], sector)
        Factory.objects.create(
            territory=workplace,
            product=row["product"] if row["product"] != "no dicho" else "",
            workers=plant.workers,
            working_week=plant.week,
            simulated=True,
        )
        if row["status_1972_73"] in STATUSES:
            status = STATUSES[row["status_1972_73"]]
            PropertyStatus.objects.create(workplace=workplace, status=status, from_on=day, act="")
        if sector not in sectors:
            sectors[sector] = Sector.objects.create(name=sector.capitalize())
        SectorPlacement.objects.create(workplace=workplace, sector=sectors[sector], from_on=day)
        country.workplaces[workplace.name] = workplace
        country.plants[workplace.name] = plant
    ClosedDay.objects.bulk_create(
        ClosedDay(on=dt.date(year, month, date), reason=reason)
        for year in range(day.year, local_day(at).year + 2)
        for (month, date), reason in HOLIDAYS.items()
    )
    _measure(country, day)
    _people(country, since, at)
    return country


def _place(kind: str, name: str, parent: Territory | None, since: dt.datetime) -> Territory:
    return make_territory(kind=kind, name=name, parent=parent, at=since)


def _province(row: dict[str, str]) -> str:
    return "Concepción" if "Concepción" in row["cordon"] else row["place"]


def _measure(country: Country, day: dt.date) -> None:
    """The catalogue and who reports what. Some assemblies share, most do not."""
    catalogue: dict[tuple[str, str], Indicator] = {}
    series = []
    for index, (name, plant) in enumerate(country.plants.items()):
        for position, gauge in enumerate(gauges(plant.sector)):
            key = (name_key(gauge.name), gauge.unit)
            if key not in catalogue:
                catalogue[key] = Indicator.objects.create(
                    name=gauge.name,
                    unit=gauge.unit,
                    kind=gauge.kind,
                    aggregation=gauge.aggregation,
                    direction=gauge.direction,
                )
            shares = position == 1 and index % 4 == 0
            series.append(
                Series(
                    workplace=country.workplaces[name],
                    territory=country.workplaces[name],
                    indicator=catalogue[key],
                    frequency=Frequency.DAY,
                    position=position,
                    from_on=day,
                    sharing=Sharing.DAILY if shares else Sharing.NO,
                )
            )
    Series.objects.bulk_create(series)


def _people(country: Country, since: dt.datetime, at: dt.datetime) -> None:
    """A roll for every workplace, seats in committees and councils, and the accounts people try."""
    day = local_day(since)
    count = {name: ROLLS.get(name, 9 + len(name) % 5) for name in country.workplaces}
    taken = make_password(secrets.token_urlsafe(32))  # known to nobody: these accounts act, and nobody enters them
    names = iter(people(sum(count.values()), seed=1972))
    members, memberships = [], []
    for name, workplace in country.workplaces.items():
        fixed = [a for a in ACCOUNTS if a.workplace == name]
        roll = []
        for number in range(1, count[name] + 1):
            account = fixed[number - 1] if number <= len(fixed) else None
            person = Member(
                username=account.username if account else f"{name_key(name).replace(' ', '-')[:40]}.{number}",
                name=account.name if account else next(names),
                is_demo=True,
                date_joined=since,
            )
            if account is not None:
                person.set_password(PASSWORD)
            elif name == HOME and number in WITHOUT_ACCOUNT:
                person.set_unusable_password()
            else:
                person.password = taken
            roll.append(person)
            memberships.append(Membership(member=person, territory=workplace, from_on=day, reference=f"{number:03d}"))
        members += roll
        country.members[name] = roll
    keeper = Member(username="ana", name="Ana Ruiz", is_demo=True, is_staff=True, is_superuser=True, date_joined=since)
    keeper.set_password(PASSWORD)
    Member.objects.bulk_create([*members, keeper])
    Membership.objects.bulk_create(memberships)
    _seats(country, at)


def _seats(country: Country, at: dt.datetime) -> None:
    """Committees of three, two delegates a workplace, one of each council to the one above it."""
    term = {"term_begins_at": at - dt.timedelta(days=175), "term_ends_at": at + dt.timedelta(days=190)}
    bodies = {(b.territory_id, b.kind): b for b in Body.objects.select_related("territory")}
    seats = []
    delegates: dict[int, list[Member]] = {}
    for name, workplace in country.workplaces.items():
        assembly = bodies[workplace.pk, BodyKind.ASSEMBLY]
        roll = country.members[name]
        first = 1 if name in (HOME, NEIGHBOUR) else 0  # carmen and nora hold no seat
        for person in roll[first : first + 3]:
            seats.append(
                Seat(body=bodies[workplace.pk, BodyKind.COMMITTEE], holder=person, elected_by=assembly, **term)
            )
        cordon = workplace.placements.get().parent
        for person in (roll[first], roll[first + 3]):
            council = bodies[cordon.pk, BodyKind.CORDON_COUNCIL]
            seats.append(Seat(body=council, holder=person, elected_by=assembly, represents=workplace, **term))
            delegates.setdefault(cordon.pk, []).append(person)
    above = {
        BodyKind.CORDON_COUNCIL: BodyKind.PROVINCIAL_COORDINATION,
        BodyKind.PROVINCIAL_COORDINATION: BodyKind.NATIONAL_COUNCIL,
    }
    for kind, higher in above.items():
        for (territory, its_kind), council in bodies.items():
            if its_kind != kind or territory is None or council.territory is None:
                continue
            parent = council.territory.placements.get().parent
            person = delegates[territory][0]
            seats.append(
                Seat(
                    body=bodies[parent.pk, higher],
                    holder=person,
                    elected_by=council,
                    represents=council.territory,
                    **term,
                )
            )
            delegates.setdefault(parent.pk, []).append(person)
    Seat.objects.bulk_create(seats)
