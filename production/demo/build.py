"""Build the whole demonstration in an empty database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain import audit, job
from councils.domain.poll import established_store
from councils.models import AuditEvent, Member, Poll, Territory
from councils.models.constraints import rewritable
from councils.urn.key_store import StoreAway
from production.demo.between import between
from production.demo.capability import answer_questions
from production.demo.deliberate import DELIBERATED, deliberate
from production.demo.establish import establish
from production.demo.report import simulate_days
from production.demo.represent import represent
from production.demo.watch import watch
from production.domain import summary
from production.models import Figure

BUILT = "build_demo"
BEGUN = f"{BUILT}_begun"
YEAR = dt.timedelta(days=365)


def is_built() -> bool:
    """Whether a build reached its end here."""
    return AuditEvent.objects.filter(verb=BUILT).exists()


def build(
    *, at: dt.datetime, say: Callable[[str], None], past: dt.timedelta = YEAR, only: Collection[str] = ()
) -> None:
    """Places, ``past`` of reports, proposals and elections. A build that was cut short is begun again.

    ``only``: a country of these establishments. Raises ``RuntimeError`` when the database holds something else.
    """
    if AuditEvent.objects.filter(verb=BEGUN).exists():
        say(_("An earlier build was cut short: it begins again"))
        throw_away()
    elif Territory.objects.exists():
        raise RuntimeError(_("The database already holds a country of its own: the demonstration needs an empty one."))
    audit.record(verb=BEGUN, by=None, at=at, body=None, subject=None)
    since = at - max(past, DELIBERATED) - dt.timedelta(days=10)
    say(_("Places and people"))
    with transaction.atomic():
        country = establish(since=since, at=at, only=only)
    say(_("A year of reports"))
    simulate_days(first=local_day(at - past), last=local_day(at), at=at, disturbed=True)
    answer_questions(since=max(local_day(at - past), local_day(since)), at=at)
    say(_("Sums of every level"))
    summary.rebuild_summaries()
    say(_("Every figure against its own past"))
    watch(country=country, at=at)
    say(_("Proposals and elections"))
    deliberate(country=country, at=at)
    between(country=country, at=at)
    represent(country=country, at=at)
    job.run_due(at=at)
    audit.record(verb=BUILT, by=None, at=at, body=None, subject=None)


def throw_away() -> dict[str, int]:
    """Empty the database of a demonstration, and destroy the keys of its votes; tells how much of what there was.

    Raises ``RuntimeError`` when it is not a demonstration's, or its keys are out of reach.
    """
    if not AuditEvent.objects.filter(verb=BEGUN).exists():
        raise RuntimeError(_("There is no demonstration in this database: nothing was thrown away."))
    store = established_store()
    gone = {
        "workplaces": Territory.objects.workplaces().count(),
        "people": Member.objects.count(),
        "figures": Figure.objects.count(),
        "votes": Poll.objects.count(),
    }
    for poll in Poll.objects.values_list("uuid", flat=True):
        try:
            store.destroy(poll)
        except StoreAway as e:
            raise RuntimeError(_("The keys of the votes cannot be reached: nothing was thrown away.")) from e
    with rewritable(connection):
        call_command("flush", interactive=False, verbosity=0)
    return gone
