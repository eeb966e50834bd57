"""What every command of the project has in common: sentences instead of tracebacks."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from councils.models import Member


class ProjectCommand(BaseCommand):
    """A command that says what is missing when the database was never migrated, and stops when told to.

    Its sentences are in the language of the installation.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            done = super().execute(*args, **options)
            sys.stdout.flush()
            return done
        except DatabaseError as e:
            if not _has_tables():
                raise CommandError(_("The database has no tables yet: run manage.py migrate first.")) from e
            raise
        except KeyboardInterrupt:
            say_stopped()
            sys.exit(130)
        except BrokenPipeError:  # whoever read what it prints has seen enough: "… | head"
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)


def say_stopped() -> None:
    """One line, below the ^C of a terminal."""
    sys.stdout.write(("\n" if sys.stdout.isatty() else "") + _("Stopped.") + "\n")


def _has_tables() -> bool:
    """Whether the database was ever migrated; True where it cannot be asked."""
    try:
        return Member._meta.db_table in connection.introspection.table_names()
    except DatabaseError:
        return True
