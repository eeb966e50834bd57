"""Shares, quorums and majorities in words, in the active language, and those that stand where nothing is said. Pure."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.counting.majority import Majority
from councils.counting.quorum import Quorum
from councils.enums import PollKind, VacancyRule

HALF_OF_THE_ROLL = Quorum("roll", Fraction(1, 2))
THIRD_OF_THE_ROLL = Quorum("roll", Fraction(1, 3))
MORE_YES_THAN_NO = Majority(Fraction(1, 2), strict=True, abstentions=False)


def share_in_words(share: Fraction) -> str:
    """“half”, “a third”, “two thirds”, “a fifth”; else “3 of every 7”."""
    named = {
        Fraction(1): _("all"),
        Fraction(1, 2): _("half"),
        Fraction(1, 3): _("a third"),
        Fraction(2, 3): _("two thirds"),
        Fraction(1, 4): _("a quarter"),
        Fraction(3, 4): _("three quarters"),
        Fraction(1, 5): _("a fifth"),
    }
    if share in named:
        return named[share]
    return _("%(part)s of every %(whole)s") % {"part": share.numerator, "whole": share.denominator}


def quorum_in_words(quorum: Quorum) -> str:
    """One sentence in the active language."""
    if quorum.share == 0:
        return _("There is no quorum: those who vote decide.")
    sentence = {
        "roll": _("Quorum: at least %(share)s of the roll must vote."),
        "present": _("Quorum: at least %(share)s of the ballots must be valid and marked."),
        "cast": _("Quorum: at least %(share)s of the valid ballots must say yes or no."),
    }[quorum.base]
    return sentence % {"share": share_in_words(quorum.share)}


def majority_in_words(majority: Majority) -> str:
    """One sentence in the active language."""
    if majority == MORE_YES_THAN_NO:
        return _("It is adopted with more yes than no; abstentions do not count.")
    if majority.strict and majority.abstentions:
        sentence = _("It is adopted if yes is more than %(share)s of yes, no and abstentions together.")
    elif majority.strict:
        sentence = _("It is adopted if yes is more than %(share)s of yes and no together.")
    elif majority.abstentions:
        sentence = _("It is adopted if yes is at least %(share)s of yes, no and abstentions together.")
    else:
        sentence = _("It is adopted if yes is at least %(share)s of yes and no together.")
    return sentence % {"share": share_in_words(majority.share)}


def vacancy_in_words(rule: str, *, substitutes: bool = False) -> str:
    """How a seat that ended early is filled, in one sentence. ``substitutes``: whether the seats have some."""
    if rule == VacancyRule.NEXT and substitutes:
        return _(
            "A seat that ends early goes to the first of its substitutes who may sit there; where there is none, it is"
            " filled by a by-election."
        )
    return {
        VacancyRule.BY_ELECTION: _("A seat that ends early is filled by a by-election for the rest of its term."),
        VacancyRule.COUNTBACK: _(
            "A seat that ends early is filled by counting the ballots of its election again without that person; where"
            " that cannot be done, by a by-election."
        ),
        VacancyRule.NEXT: _(
            "A seat that ends early goes to whoever had most votes after those elected; where that cannot be said, it"
            " is filled by a by-election."
        ),
    }[VacancyRule(rule)]


def campaign_in_words(days: int) -> str:
    """What happens between nominations and the vote, in one sentence."""
    return ngettext(
        "When nominations close the roll is closed and shown; it may be objected to for %(n)s day, and then the vote"
        " opens.",
        "When nominations close the roll is closed and shown; it may be objected to for %(n)s days, and then the vote"
        " opens.",
        days,
    ) % {"n": days}


def objections_in_words(days: int) -> str:
    """What happens between the declaration and the seats, in one sentence."""
    return ngettext(
        "The result may be objected to for %(n)s day after it is declared; then the elected take their seats.",
        "The result may be objected to for %(n)s days after it is declared; then the elected take their seats.",
        days,
    ) % {"n": days}


def list_vacancy_in_words(rule: str) -> str:
    """The same for a seat that a list won."""
    if rule == VacancyRule.BY_ELECTION:
        return vacancy_in_words(rule)
    return _(
        "A seat of a list that ends early goes to the next person of the same list; where nobody is left on it, it is"
        " filled by a by-election."
    )


def method_in_words(method: str) -> str:
    """How an election is counted, in one sentence."""
    return {
        PollKind.APPROVAL: _(
            "By approval: each person marks as many candidates as she wants; those with most marks are elected."
        ),
        PollKind.PLURALITY: _(
            "By most votes: each person marks as many candidates as there are seats; those with most marks are elected."
        ),
        PollKind.STV: _(
            "By single transferable vote, with the Scottish rules: each person puts the candidates in order; whoever"
            " reaches the quota is elected, and votes that are not needed pass to the next preference."
        ),
        PollKind.DHONDT: _(
            "By lists, with the divisors of D'Hondt (1, 2, 3…): each person marks one list; each seat goes to the list"
            " with the highest quotient, and its people take their seats in the order of the list."
        ),
        PollKind.SAINTE_LAGUE: _(
            "By lists, with the divisors of Sainte-Laguë (1, 3, 5…): each person marks one list; each seat goes to the"
            " list with the highest quotient, and its people take their seats in the order of the list."
        ),
    }[PollKind(method)]
