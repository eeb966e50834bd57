"""``manage.py serve``: the whole product in one process."""

from __future__ import annotations

import socket
from argparse import SUPPRESS
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from councils.management import embedded
from councils.management.command import ProjectCommand
from councils.management.serving import serving


class Command(ProjectCommand):
    """Migrates, then serves pages, runs jobs and keeps the timetable until stopped."""

    help = "Migrate, then serve pages, run jobs and keep the timetable in this one process (Ctrl-C stops it)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        # what the reader would have to type to get another port
        parser.add_argument("--another-port", default="--port 9000", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(_("serve is the embedded shape; in production run gunicorn, celery worker and beat."))
        host, port = options["host"], options["port"]
        try:
            listener = socket.create_server((host, port))
        except (OSError, OverflowError) as e:
            raise CommandError(
                _("Cannot listen on %(host)s:%(port)s (%(why)s). Choose another port: %(remedy)s.")
                % {"host": host, "port": port, "why": e, "remedy": options["another_port"]}
            ) from e
        with listener, serving():
            call_command("migrate", interactive=False, verbosity=0)
            self.stdout.write(_("Cordón: %(url)s  (Ctrl-C stops)") % {"url": f"http://{host}:{port}/"})
            self.stdout.flush()
            module, _dot, name = settings.ASGI_APPLICATION.rpartition(".")
            embedded.serve(application=f"{module}:{name}", listener=listener)
