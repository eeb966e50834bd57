"""``manage.py tally_vote ID``: how many ballots and how many marks on the roll; they must agree.

After the close the marks are erased, and what the result says of them stands in their place.
"""

from __future__ import annotations

import json
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.domain.outcome import settle_poll
from councils.domain.poll import count_poll
from councils.enums import PollState
from councils.management.command import ProjectCommand
from councils.models import Poll
from councils.urn.key_store import StoreAway


class Command(ProjectCommand):
    help = "Print {ballots, roll} of a vote as JSON: envelopes while it is open, ballots once it has closed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=uuid.UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found = Poll.objects.filter(uuid=options["id"]).first()
        if found is None:
            raise CommandError(_("There is no vote %(id)s.") % {"id": options["id"]})
        try:
            poll = settle_poll(poll=count_poll(poll=found, at=now), at=now)
        except StoreAway as e:
            raise CommandError(_("The key store cannot be read now. The vote waits for it.")) from e
        still_open = poll.state == PollState.OPEN
        if still_open:
            ballots = poll.roll.filter(envelope__isnull=False).count()
        elif poll.result.get("shown") == "nothing":  # too few to be opened: how many there were is all that is kept
            ballots = poll.result["present"]
        else:
            ballots = poll.ballots.count()
        marks = poll.roll.voted().count() if still_open else poll.result.get("present", 0)
        self.stdout.write(json.dumps({"ballots": ballots, "roll": marks}))
