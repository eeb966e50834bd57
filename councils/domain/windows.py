"""Windows: what the rules ask of the hours between which people stand, discuss and vote."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.errors import Refused
from councils.rules import Rules

#: A vote further off is a slip of the hand.
FURTHEST = dt.timedelta(days=365)


def refuse_short_vote(rules: Rules, *, opens_at: dt.datetime, closes_at: dt.datetime, at: dt.datetime) -> None:
    """Raise ``Refused`` where the vote closes more than a year from ``at``, or sooner than the rules allow."""
    if closes_at > at + FURTHEST:
        raise Refused(_("The vote must close within a year. Choose an earlier close."))
    if closes_at < opens_at + dt.timedelta(days=rules.voting_days):
        raise Refused(
            ngettext(
                "The vote lasts at least %(n)s day by the rules. Choose a later close.",
                "The vote lasts at least %(n)s days by the rules. Choose a later close.",
                rules.voting_days,
            )
            % {"n": rules.voting_days}
        )
