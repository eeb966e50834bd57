"""Build the whole demonstration in an empty database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.core.management import call_command

from councils.clock import local_day
from councils.domain import audit, job
from councils.models import AuditEvent, Territory
from production.demo.deliberate import deliberate
from production.demo.establish import establish
from production.demo.report import simulate_days
from production.domain import summary

BUILT = "build_demo"
YEAR = dt.timedelta(days=365)


def is_built() -> bool:
    """Whether a build reached its end here."""
    return AuditEvent.objects.filter(verb=BUILT).exists()


def build(*, at: dt.datetime, say: Callable[[str], None]) -> None:
    """Places, a year of reports, proposals and elections. A build that was cut short is begun again.

    Raises ``RuntimeError`` when the database holds something else.
    """
    if AuditEvent.objects.filter(verb=f"{BUILT}_begun").exists():
        say("An earlier build was cut short: it begins again.")
        call_command("flush", interactive=False, verbosity=0)
    elif Territory.objects.exists():
        raise RuntimeError("The database already holds a country of its own: the demonstration needs an empty one.")
    audit.record(verb=f"{BUILT}_begun", by=None, at=at, body=None, subject=None)
    since = at - YEAR - dt.timedelta(days=10)
    say("Places and people")
    country = establish(since=since, at=at)
    say("A year of reports")
    simulate_days(first=local_day(at - YEAR), last=local_day(at), at=at)
    say("Sums of every level")
    summary.rebuild_summaries()
    say("Proposals and elections")
    deliberate(country=country, at=at)
    job.run_due(at=at)
    audit.record(verb=BUILT, by=None, at=at, body=None, subject=None)
