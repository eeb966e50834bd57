"""Secrecy: whether a vote of an assembly goes by urn or on paper, and how few are too few for it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.counting.publication import LEAST_RANKED_ELECTORS
from councils.errors import Refused
from councils.models import Body
from councils.models.electorate import is_assembly
from councils.rules import Rules


def may_choose_paper(*, rules: Rules, able: int, ranked: bool = False) -> bool:
    """Whether whoever calls a vote of an assembly of ``able`` electors may hold it on paper.

    Where the rules leave it open; and where so few may vote that the urn would tell who voted what.
    """
    few = able < rules.minimum_electorate or (ranked and able < LEAST_RANKED_ELECTORS)
    return rules.secrecy == "choice" or (rules.secrecy == "urn" and few)


def held_on_paper(*, electorate: Body, rules: Rules, able: int, chosen: bool, ranked: bool = False) -> bool:
    """Whether this vote is held on paper: by the rules, or ``chosen`` where they allow it.

    Raises ``Refused`` where it is chosen and may not be, and where too few may vote by urn, or by a ranked urn.
    """
    if not is_assembly(electorate):
        if chosen:
            raise Refused(_("A council votes by name, always."))
        return False
    if rules.secrecy == "paper":
        return True
    if chosen:
        if not may_choose_paper(rules=rules, able=able, ranked=ranked):
            raise Refused(
                _("By the rules this assembly votes by urn. On paper it votes where its rules say so, or few may vote.")
            )
        return True
    refuse_small(able, rules.minimum_electorate)
    if ranked:
        refuse_ranking_among_few(able)
    return False


def refuse_small(able: int, least: int) -> None:
    """Raise ``Refused`` where ``able`` people may vote and a secret vote needs ``least``."""
    if able < least:
        raise Refused(
            ngettext(
                "Only %(able)s person may vote here, and a secret vote needs %(least)s: with fewer, each knows what"
                " the others voted. Decide together, or enrol more people first.",
                "Only %(able)s people may vote here, and a secret vote needs %(least)s: with fewer, each knows what"
                " the others voted. Decide together, or enrol more people first.",
                able,
            )
            % {"able": able, "least": least}
        )


def refuse_ranking_among_few(able: int) -> None:
    """A ranking of all candidates is nearly a signature: among few people it tells whose it is."""
    if able < LEAST_RANKED_ELECTORS:
        raise Refused(
            _(
                "Here %(able)s people may vote, and an election by ranking needs %(least)s: among fewer, the order in"
                " which somebody puts the candidates tells who she is. Elect together with another unit, vote on paper,"
                " or agree on another method in the rules."
            )
            % {"able": able, "least": LEAST_RANKED_ELECTORS}
        )
