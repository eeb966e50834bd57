"""``manage.py demo``: the product with demonstration data, from nothing."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from councils.domain import job
from councils.management.command import ProjectCommand
from councils.management.serving import nobody_serves, serving
from production.demo.accounts import ACCOUNTS, PASSWORD
from production.demo.build import build, is_built, throw_away
from production.demo.deliberate import keep_a_vote_open
from production.demo.report import top_up


class Command(ProjectCommand):
    """Builds the demonstration when it is not there, brings it up to today, prints its accounts, serves."""

    help = "Build the demonstration if needed, print its accounts, and serve it (Ctrl-C stops)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--build-only", action="store_true", help="do not serve")
        parser.add_argument(
            "--throw-away", action="store_true", help="empty the database of its demonstration, and end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("The demonstration has known passwords: it does not run in production mode."))
        if options["throw_away"]:
            with nobody_serves():
                self._throw_away()
            return
        with serving():
            call_command("migrate", interactive=False, verbosity=0)
            try:
                self._bring_up_to_date()
            except RuntimeError as e:
                raise CommandError(str(e)) from e
            self._print_accounts()
            if options["build_only"]:
                job.run_due(at=timezone.now())
            else:
                another = "PORT=9000 make demo"
                call_command("serve", host=options["host"], port=options["port"], another_port=another)

    def _throw_away(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        try:
            gone = throw_away()
        except RuntimeError as e:
            raise CommandError(str(e)) from e
        words = {name: number_format(count, force_grouping=True) for name, count in gone.items()}
        sentence = _(
            "Thrown away, out of %(database)s: %(workplaces)s workplaces, %(people)s people, %(figures)s figures, "
            "%(votes)s votes with their keys."
        )
        self.stdout.write(sentence % {"database": connection.settings_dict["NAME"], **words})

    def _bring_up_to_date(self) -> None:
        if not is_built():
            began = time.monotonic()
            build(at=timezone.now(), say=lambda step: self.stdout.write(f"  {step} …"))
            seconds = f"{time.monotonic() - began:.0f}"
            self.stdout.write("  " + _("ready in %(seconds)s seconds") % {"seconds": seconds})
        now = timezone.now()
        top_up(at=now)
        keep_a_vote_open(at=now)

    def _print_accounts(self) -> None:
        self.stdout.write(
            "\n" + _("Demonstration accounts; the password of all is %(password)s") % {"password": PASSWORD}
        )
        for account in ACCOUNTS:
            place = f", {account.workplace}" if account.workplace else ""
            self.stdout.write(f"  {account.username:8} {account.name}{place}: {account.role}")
        self.stdout.write("")
