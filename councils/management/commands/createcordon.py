"""``manage.py createcordon``: the first body and the account that keeps the installation."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from councils.domain.founding import found_installation
from councils.domain.member import USERNAME
from councils.enums import TerritoryKind
from councils.errors import Refused
from councils.management.command import ProjectCommand
from councils.models import Member

LEVELS = [kind for kind in TerritoryKind.values if kind != TerritoryKind.SECTION]


class Command(ProjectCommand):
    help = "Make the first body (a cordón unless --level says otherwise) and its admin. What is there already stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="name of the place, for example “Cordón Cerrillos”")
        parser.add_argument("--level", choices=LEVELS, default=TerritoryKind.CORDON.value)
        parser.add_argument(
            "--admin", help="user name of the admin; her password is asked for, or CORDON_ADMIN_PASSWORD"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"] or self._ask("--name", _("Name of the place: "))
        admin = (options["admin"] or self._ask("--admin", _("User name of the admin: "))).strip().lower()
        if not USERNAME.fullmatch(admin):
            raise CommandError(_("A user name has 3 to 40 letters without accents, digits, points or hyphens."))
        known = Member.objects.filter(username__iexact=admin).exists()
        password = None if known else self._password(admin)
        try:
            place, keeper = found_installation(
                level=options["level"], name=name, admin=admin, password=password, at=timezone.now()
            )
        except Refused as e:
            raise CommandError(str(e)) from e
        level = TerritoryKind(options["level"]).label
        if place is not None:
            self.stdout.write(_("Made: %(level)s “%(name)s”, with its body.") % {"level": level, "name": place.name})
        else:
            self.stdout.write(_("%(level)s “%(name)s” is there already; unchanged.") % {"level": level, "name": name})
        if keeper is not None:
            self.stdout.write(
                _("Made: admin “%(username)s”. The admin pages ask for a second factor: set it up after signing in.")
                % {"username": keeper.username}
            )
        else:
            self.stdout.write(_("The account “%(username)s” is there already; unchanged.") % {"username": admin})

    def _ask(self, option: str, prompt: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(_("Give %(option)s: there is nobody to ask.") % {"option": option})
        return input(prompt)

    def _password(self, admin: str) -> str:
        """One that may be used; where somebody types, she is told the rule and asked until it is."""
        given, asks = os.environ.get("CORDON_ADMIN_PASSWORD", ""), sys.stdin.isatty()
        if not given and not asks:
            raise CommandError(_("Put the admin's password into CORDON_ADMIN_PASSWORD: there is nobody to ask."))
        if not given:
            self.stdout.write(_("At least 10 characters. Three or four words in a row are easy to keep in mind."))
        while True:
            password = given or getpass.getpass(_("Password: "))
            try:
                validate_password(password, Member(username=admin))
            except ValidationError as e:
                if given:
                    raise CommandError(" ".join(e.messages)) from e
                self.stdout.write(" ".join(e.messages))
            else:
                return password
