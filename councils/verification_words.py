"""A verdict on an export in words, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from councils.signed_file import fingerprint
from councils.verification import Fault, Verdict


def fault_in_words(fault: Fault) -> str:
    """Why the file is refused, in one sentence."""
    sentence = {
        "unreadable": _("This is not an export: it cannot be read as JSON of whole numbers, with each name once."),
        "not_canonical": _("The file was changed: it is not written, byte for byte, as an export is."),
        "format": _("This is not an export of a vote, or of a version that this program does not know."),
        "shape": _("The file does not say what an export says%(place)s."),
        "hash": _("The part “%(what)s” was changed: it is not what its hash says."),
        "signature": _("The signature does not fit the file: it was changed after it was signed."),
        "other_key": _("The file is signed by another key than the one expected."),
        "turnout": _("The papers do not add up to the turnout, or the turnout to the roll."),
        "electorate": _("The electorate in the result is not the one of the vote."),
        "check_codes": _("The check codes do not fit the number of papers, or one stands twice."),
        "floor": _("Of so many papers another amount of the result would have been published."),
        "ballots": _("The ballots are not as they are published: each once, in order, with valid marks."),
        "recount": _("The ballots were counted anew, and the result is another one: %(what)s."),
        "quorum": _("The quorum in the result does not follow from its figures."),
        "stages": _("The rounds of the count do not add up%(place)s."),
        "result": _("The result does not follow from its figures%(place)s."),
    }[fault.code]
    return sentence % {"what": fault.what, "place": f" ({fault.what})" if fault.what else ""}


def verdict_in_words(verdict: Verdict) -> list[str]:
    """Sentences: what was found, and whose key signed it."""
    told = [fault_in_words(fault) for fault in verdict.faults]
    if verdict.holds:
        told.append(_("The file is whole: every part is as it was when it was signed."))
        if verdict.recounted:
            told.append(_("The ballots were counted anew: the result is the same."))
        elif verdict.document and verdict.document["subject"].get("secrecy") == "paper":
            told.append(_("The papers were counted by hand, and only their totals are in it: what is in it adds up."))
        else:
            told.append(_("The ballots are not in it, because they are few: what is in it adds up."))
    if verdict.key:
        told.append(
            _("Signed by the key %(fingerprint)s. Compare it with the minutes.")
            % {"fingerprint": fingerprint(verdict.key)}
        )
    return told
