"""What the control room shows: the nation, its tree, its branches, what is being voted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from councils.clock import local_day
from councils.counting.publication import OPEN_TURNOUT_FROM
from councils.domain.franchise import Way
from councils.enums import BodyKind, TerritoryKind
from councils.models import Body, Member, Poll, RollEntry, Territory
from councils.names import sort_key
from councils.views.poll_parts import PollParts
from production.domain.alert_list import Row, came_up_to
from production.domain.escalation import take_due_steps
from production.domain.indices import Index
from production.domain.overview import (
    BranchLine,
    OwnLine,
    Period,
    Run,
    Snapshot,
    SumLine,
    Tile,
    chosen_period,
    default_indicator,
    is_simulated,
    tiles_of,
    withheld_of,
)
from production.domain.visibility import Gaze, Shown
from production.forms.period import PeriodForm
from production.models import Indicator

#: How many votes the board lists: those that close first.
VOTES = 6


@dataclass(frozen=True)
class Branch:
    """One territory of the tree. ``depth`` 0: the nation. ``kids``: its workplaces that share the figure."""

    place: Territory
    depth: int
    shown: Shown | None
    withheld: bool
    tiles: list[Tile]
    own: list[Tile]  # those of ``tiles`` that hang directly from it
    kids: list[OwnLine]
    index: Index | None = None

    @property
    def reported(self) -> int:
        return sum(tile.reported for tile in self.tiles)


class Board:
    """Everything of one look at the nation; no query happens in the template."""

    def __init__(self, *, nation: Territory, member: Member, look: PeriodForm, at: dt.datetime) -> None:
        self.nation, self.member, self.now = nation, member, at
        self.by_sector = look.is_by_sector
        self.gaze = Gaze(member, at)
        self.period: Period = chosen_period(place=nation, grain=look.grain, on=look.day, gaze=self.gaze, at=at)
        self.sums: list[SumLine] = Snapshot(self.gaze, self.period).sums(nation)
        indicator = look.chosen([line.indicator for line in self.sums]) or default_indicator(self.sums)
        self.run = Run(self.gaze, indicator, self.period) if indicator else None
        self.values = self.run.of(nation) if self.run else []
        self.latest = self.values[-1] if self.values else None
        self.branches: list[BranchLine] = self.run.branches(nation) if self.run else []
        self.tree = self._tree()
        self.votes = self._votes()
        self.alerts = self._alerts()

    @property
    def groups(self) -> list[Branch]:
        """Territories from which workplaces hang, by name: one strip of cells each."""
        return sorted((b for b in self.tree if b.own), key=lambda b: sort_key(b.place.name))

    @property
    def reported(self) -> int:
        return self.tree[0].reported

    @property
    def workplaces(self) -> int:
        return len(self.tree[0].tiles)

    @cached_property
    def cordones(self) -> int:
        return sum(b.place.kind == TerritoryKind.CORDON for b in self.tree)

    @property
    def simulated(self) -> bool:
        """Whether any figure on it is invented: a sum, a point of a line, or what a workplace shares."""
        return is_simulated(
            [line.shown for line in self.sums],
            self.values,
            *(line.run for line in self.branches),
            *([row.shown, *(kid.shown for kid in row.kids)] for row in self.tree),
        )

    @property
    def withheld(self) -> list[Indicator]:
        """Figures of which the nation has a sum that is not shown."""
        return withheld_of(self.sums)

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The figures one may look at: uuid, name, whether it is the one looked at."""
        here = self.run.indicator if self.run else None
        shown = (line.indicator for line in self.sums if line.shown or line.indicator == here)
        return [(str(indicator.uuid), str(indicator), indicator == here) for indicator in shown]

    @property
    def index(self) -> Index | None:
        """What the nation makes of the figure looked at, beside what it could."""
        return self.run.index(self.nation) if self.run else None

    @property
    def is_index_withheld(self) -> bool:
        return self.run is not None and self.run.is_index_withheld(self.nation)

    def _tree(self) -> list[Branch]:
        """Depth first, each level by name. Three queries for the workplaces, one for the territories."""
        children = self.gaze.lineage.children(local_day(self.now).toordinal())
        below: set[int] = set()
        level = {self.nation.pk}
        while level:
            level = {kid for place in level for kid in children.get(place, [])} - below
            below |= level
        places = Territory.objects.exclude(kind=TerritoryKind.SECTION).in_bulk(list(below))
        workplaces = [p for p in places.values() if p.kind == TerritoryKind.WORKPLACE]
        tiles = {tile.territory.pk: tile for tile in tiles_of(workplaces=workplaces, gaze=self.gaze, at=self.now)}
        found: list[Branch] = []

        def walk(place: Territory, depth: int) -> list[Tile]:
            at = len(found)
            kids = sorted(
                (places[k] for k in children.get(place.pk, []) if k in places), key=lambda p: sort_key(p.name)
            )
            own = [tiles[kid.pk] for kid in kids if kid.pk in tiles]
            mine = list(own)
            for kid in kids:
                if kid.pk not in tiles:
                    mine += walk(kid, depth + 1)
            found.insert(at, self._branch(place, depth, mine, own))
            return mine

        walk(self.nation, 0)
        return found

    def _branch(self, place: Territory, depth: int, tiles: list[Tile], own: list[Tile]) -> Branch:
        if self.run is None:
            return Branch(place, depth, None, False, tiles, own, [])
        view = self.run.view(self.period.start)
        shown = view.row(place.pk) if view else None
        kids = self.run.shared([tile.territory for tile in own])
        return Branch(place, depth, shown, self.run.is_withheld(place), tiles, own, kids, self.run.index(place))

    @cached_property
    def alarmed(self) -> set[int]:
        """Workplaces of which a council has an alert that came up to the nation."""
        return {row.alert.workplace_id for row in self.alerts if row.is_up}

    def _alerts(self) -> list[Row]:
        """Open ones that came up to the nation, and no others. The steps that are due are taken first."""
        council = Body.objects.filter(territory=self.nation, kind=BodyKind.NATIONAL_COUNCIL).first()
        if council is None:
            return []
        take_due_steps(at=self.now)
        return came_up_to(council=council, member=self.member, at=self.now)

    def _votes(self) -> list[PollParts]:
        """Votes open now that the member may see; turnout only where it is public while open."""
        polls = Poll.objects.visible_to(self.member, local_day(self.now)).open_at(self.now)
        polls = polls.select_related(
            "body__territory", "rule_set", "election__body", "proposal", "council_question", "consultation__question"
        )
        found = list(polls.order_by("closes_at", "pk")[:VOTES])
        public = [poll for poll in found if (poll.roll_size or 0) >= OPEN_TURNOUT_FROM]
        entries = RollEntry.objects.voted().filter(poll__in=public).values_list("poll")
        cast = {poll.pk: 0 for poll in public} | dict(entries.annotate(n=Count("pk")))
        return [
            PollParts(poll=poll, now=self.now, row=None, way=Way.NONE, voted_so_far=cast.get(poll.pk)) for poll in found
        ]
