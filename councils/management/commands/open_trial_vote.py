"""``manage.py open_trial_vote SECONDS``: a vote among invented members, for load and race tests."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.domain.membership import make_membership
from councils.domain.outcome import bring_up_to_date
from councils.domain.poll import schedule_poll
from councils.domain.territory import make_territory
from councils.enums import PollKind, TerritoryKind
from councils.management.command import ProjectCommand
from councils.models import Body, Member, RuleSet, Territory

WORKPLACE = "Taller de prueba"
PASSWORD = "voto de prueba"


class Command(ProjectCommand):
    help = "Open a yes/no vote for SECONDS among trial1…trialN (known password; never in production). Prints JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("seconds", type=float)
        parser.add_argument("--voters", type=int, default=40, help="how many members there should be")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("The trial members have a known password: this does not run in production mode."))
        now = timezone.now()
        with transaction.atomic():
            assembly = trial_assembly(options["voters"], now)
            rules = RuleSet.objects.in_force(assembly, now)
            assert rules is not None
            poll = schedule_poll(
                body=assembly,
                rule_set=rules,
                kind=PollKind.YES_NO,
                question="Votación de prueba",
                opens_at=now,
                closes_at=now + dt.timedelta(seconds=options["seconds"]),
                at=now,
            )
        poll = bring_up_to_date(poll=poll, at=now)
        self.stdout.write(json.dumps({"id": str(poll.uuid), "deadline": poll.closes_at.timestamp()}))


def trial_assembly(voters: int, at: dt.datetime) -> Body:
    """The assembly of the trial workplace, with at least ``voters`` members; made on first use."""
    workplace = Territory.objects.workplaces().filter(name=WORKPLACE).first()
    if workplace is None:
        workplace = make_territory(kind=TerritoryKind.WORKPLACE, name=WORKPLACE, parent=None, at=at)
    known, password = Member.objects.filter(memberships__territory=workplace).count(), make_password(PASSWORD)
    for number in range(known + 1, voters + 1):
        member = Member.objects.create(
            username=f"trial{number}", name=f"Prueba {number}", password=password, is_demo=True
        )
        make_membership(member=member, workplace=workplace, at=at)
    return Body.objects.assembly_of(workplace)
