"""``manage.py demo``: the product with demonstration data, from nothing."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from production.demo.build import build, is_built
from production.demo.deliberate import keep_a_vote_open
from production.demo.establish import ACCOUNTS, PASSWORD
from production.demo.report import top_up


class Command(BaseCommand):
    """Builds the demonstration when it is not there, brings it up to today, prints its accounts, serves."""

    help = "Build the demonstration if needed, print its accounts, and serve it (Ctrl-C stops)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--build-only", action="store_true", help="do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration has known passwords: it does not run in production mode.")
        call_command("migrate", interactive=False, verbosity=0)
        began = time.monotonic()
        if not is_built():
            try:
                build(at=timezone.now(), say=lambda step: self.stdout.write(f"  {step} …"))
            except RuntimeError as e:
                raise CommandError(str(e)) from e
            self.stdout.write(f"  ready in {time.monotonic() - began:.0f} s")
        now = timezone.now()
        top_up(at=now)
        keep_a_vote_open(at=now)
        self.stdout.write("\nDemonstration accounts (password for all: " + PASSWORD + ")")
        for account in ACCOUNTS:
            self.stdout.write(
                f"  {account.username:8} {account.name}: {account.role}, {account.workplace or 'no workplace'}"
            )
        self.stdout.write("")
        if not options["build_only"]:
            call_command("serve", host=options["host"], port=options["port"])
