"""Verification of the export of a finished vote: is the file whole, whose is it, and does it add up? No database.

In this order, and each only if the one before holds: the file is readable; it is canonical; no part was changed;
its key signed it, and is the one expected; what it says adds up. Where the ballots are in it they are counted
anew, and the result must be the same to the last unit. Where only totals are, the decision must follow from
them (of a ranked vote: its stages must add up; of lists: each seat). Under the floor of publication there is the
turnout alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from councils import signed_file
from councils.counting.lists import DIVISORS
from councils.counting.publication import LEAST_BALLOTS
from councils.counting.quorum import Turnout, quorum_reached
from councils.counting.record import read_stv_record
from councils.counting.result import (
    METHODS,
    Opened,
    Question,
    as_opened,
    decide,
    fits,
    quorum_told,
    record_of_lists,
    result_of,
)
from councils.counting.stv import SCALE
from councils.counting.yes_no import ANSWERS
from councils.rules import Rules
from councils.signed_file import Unreadable, canonical

FORMAT, VERSION = "cordon-election", 1
PARTS = ("subject", "rules", "electorate", "options", "lots", "result", "ballots", "check_codes", "log")
#: What a malformed content raises where it is used; all of it means: this is not what an export says.
_ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Fault:
    """Why a file is refused: ``code`` is one of those in ``verification_words``; ``what`` names the place."""

    code: str
    what: str = ""


@dataclass(frozen=True)
class Verdict:
    """``key``: the public key that signed, "" where no signature holds. ``recounted``: from the ballots themselves."""

    faults: tuple[Fault, ...]
    key: str = ""
    document: Mapping[str, Any] | None = None
    recounted: bool = False

    @property
    def holds(self) -> bool:
        return not self.faults


def verify(content: bytes, *, fingerprint: str = "") -> Verdict:
    """Whether ``content`` is an export as it was signed and adds up. ``fingerprint``: of the key expected, if any."""
    try:
        document = signed_file.read(content)
    except Unreadable:
        return _refused("unreadable")
    if not isinstance(document, dict):
        return _refused("unreadable")
    if not signed_file.is_canonical(content, document):
        return _refused("not_canonical")
    if (document.get("format"), document.get("version")) != (FORMAT, VERSION):
        return _refused("format")
    if set(document) != {*PARTS, "format", "version", "key", "hashes", "signature"}:
        return _refused("shape", "parts")
    changed = signed_file.changed_parts(document)
    if changed:
        return Verdict(tuple(Fault("hash", part) for part in changed))
    if not signed_file.is_signed(document):
        return _refused("signature")
    if fingerprint and not signed_file.same_fingerprint(fingerprint, document["key"]):
        return Verdict((Fault("other_key"),), document["key"], document)
    try:
        faults = tuple(_faults(document))
    except _ODD:
        faults = (Fault("shape"),)
    return Verdict(faults, document["key"], document, recounted=document["ballots"] is not None)


def _refused(code: str, what: str = "") -> Verdict:
    return Verdict((Fault(code, what),))


def _faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What does not add up. May raise anything of ``_ODD``."""
    question, result = question_of(document), document["result"]
    present, ballots, codes = result["present"], document["ballots"], document["check_codes"]
    if not _is_count(present) or not _is_count(question.roll) or present > (question.roll or 0):
        yield Fault("turnout")
        return
    if result["roll"] != question.roll or question.quorum_base > (question.roll or 0):
        yield Fault("electorate")
    if codes != sorted(set(codes)) or not all(isinstance(code, str) for code in codes) or len(codes) > present:
        yield Fault("check_codes")
    told, public = result["shown"], question.named or question.on_paper
    if public and codes:
        yield Fault("check_codes")
    if told == "nothing" and not public:
        few = {"shown", "roll", "present", "quorum", "outcome"}
        if present >= LEAST_BALLOTS or set(result) != few or result["outcome"] != "no_quorum" or codes:
            yield Fault("result", "shown")
        return
    if told != question.shown_of(present):
        yield Fault("floor")
        return
    if question.named:
        yield from _named(question, ballots, result)
    elif (ballots is not None) != (told == "ballots"):
        yield Fault("ballots")
    elif ballots is not None:
        yield from _recount(question, ballots, result, len(codes))
    elif told == "totals":
        yield from _totals(question, result, len(codes))
    else:
        yield from _outcome(question, result)


def question_of(document: Mapping[str, Any]) -> Question:
    """What was asked, as the file says. Raises ``ValueError`` or another of ``_ODD`` where it makes no question."""
    subject, electorate, rules = document["subject"], document["electorate"], Rules.read(document["rules"]["rules"])
    options, lots = tuple(option["id"] for option in document["options"]), tuple(document["lots"])
    method, seats = subject["method"], subject["seats"]
    if method not in METHODS or not _is_count(seats) or (method != "yes_no" and seats < 1):
        raise ValueError("method or seats")
    if len(set(options)) != len(options) or not all(str(int(id)) == id for id in options):
        raise ValueError("options")
    if len(set(lots)) != len(lots) or not set(lots) <= set(options):
        raise ValueError("lots")
    if not _is_count(electorate["quorum_base"]):
        raise ValueError("quorum base")
    secrecy = subject.get("secrecy", "urn")
    if secrecy not in ("urn", "named", "paper"):
        raise ValueError("secrecy")
    kind = subject["kind"]
    quorum, majority = rules.deciding(method=method, recall=kind == "recall", rules=kind == "rules")
    roll, base = electorate["roll"], electorate["quorum_base"]
    by_lists = method in DIVISORS
    follow = 0 if by_lists or method == "yes_no" else rules.substitutes
    people = _people(document["options"]) if by_lists else ()
    named, on_paper = secrecy == "named", secrecy == "paper"
    return Question(method, options, seats or 1, lots, quorum, majority, roll, base, named, on_paper, follow, people)


def _people(options: list[Any]) -> tuple[int, ...]:
    """How many people each list has. Raises ``ValueError`` where one has none, or what is there is no name."""
    lists = [option["people"] for option in options]
    if not all(isinstance(people, list) and people and all(isinstance(n, str) for n in people) for people in lists):
        raise ValueError("people")
    return tuple(map(len, lists))


def _named(question: Question, votes: Any, result: Mapping[str, Any]) -> Iterator[Fault]:
    """Each of the roll once, with her vote; counted anew, they give the whole result."""
    sound = isinstance(votes, list) and all(
        set(vote) == {"name", "for", "marks"} and isinstance(vote["name"], str) and isinstance(vote["for"], str)
        for vote in votes
    )
    papers = [as_opened(question, vote["marks"]) for vote in votes if vote["marks"] is not None] if sound else []
    if not sound or any(paper.spoilt for paper in papers):
        yield Fault("ballots")
        return
    if len(votes) != question.roll or len(papers) != result["present"]:
        yield Fault("turnout")
        return
    yield from _counted_anew(question, papers, result)


def _recount(question: Question, ballots: list[Any], result: Mapping[str, Any], codes: int) -> Iterator[Fault]:
    """Count the ballots anew by the method and compare the whole result."""
    ids = [ballot["id"] for ballot in ballots]
    papers = [as_opened(question, None if ballot["spoilt"] else ballot["marks"]) for ballot in ballots]
    sound = all(
        set(ballot) == {"id", "marks", "spoilt"}
        and list(paper.marks) == ballot["marks"]
        and paper.spoilt is ballot["spoilt"]
        for ballot, paper in zip(ballots, papers, strict=True)
    )
    if not sound or ids != sorted(set(ids)):
        yield Fault("ballots")
        return
    if len(ballots) != result["present"]:
        yield Fault("turnout")
        return
    yield from _codes(question, codes, result)
    yield from _counted_anew(question, papers, result)


def _counted_anew(question: Question, papers: list[Opened], result: Mapping[str, Any]) -> Iterator[Fault]:
    """The same result, to the last unit."""
    counting = _counting_for_quorum(question, result)
    again = result_of(question, papers, counting)
    if canonical(again) != canonical(result):
        differing = [name for name in sorted({*again, *result}) if again.get(name) != result.get(name)]
        yield Fault("recount", ", ".join(differing))


def _totals(question: Question, result: Mapping[str, Any], codes: int) -> Iterator[Fault]:
    """Totals within the turnout, and the decision that follows from them."""
    tally, blank, spoilt, present = result["tally"], result["blank"], result["spoilt"], result["present"]
    marked = present - blank - spoilt
    if set(tally) != {*(question.options if question.is_election else ANSWERS)}:
        yield Fault("result", "tally")
        return
    if not all(map(_is_count, [*tally.values(), blank, spoilt, marked])) or not fits(question, tally, marked):
        yield Fault("turnout")
        return
    yield from _codes(question, codes, result)
    decided = marked if question.is_election else tally["yes"] + tally["no"]
    counting = _counting_for_quorum(question, result)
    present_for = counting if question.quorum.base == "roll" else present
    reached = quorum_reached(question.quorum, Turnout(question.quorum_base, present_for, marked, decided))
    if result["quorum"] != quorum_told(reached, question.quorum.base, few=False):
        yield Fault("quorum")
    wanted = {"shown", "roll", "present", "quorum", "tally", "blank", "spoilt", "outcome"}
    decision = {"outcome": "no_quorum"} if not reached.met else decide(question, tally)
    if question.method == "stv":
        wanted |= {"count"}
        yield from _stages(question, result, marked)
        if reached.met:
            decision = {name: result[name] for name in ("outcome", "elected", "tied")}
            if question.substitutes and decision["outcome"] == "elected":
                decision["substitutes"] = result["substitutes"]
                yield from _followers(question, result)
    elif question.is_by_lists:
        wanted |= {"count"}
        if canonical(result["count"]) != canonical(record_of_lists(question, tally)):
            yield Fault("stages")
    if set(result) != wanted | set(decision) or any(result[name] != value for name, value in decision.items()):
        yield Fault("result", "outcome")


def _stages(question: Question, result: Mapping[str, Any], marked: int) -> Iterator[Fault]:
    """Of a ranked vote without its ballots: quota, conservation at every stage, who is elected when."""
    record = result["count"]
    elected, tied = result.get("elected", []), result.get("tied", [])
    count = read_stv_record(record, seats=question.seats, elected=elected, tied=tied)
    lots = [str(int(id)) for id in question.lots]
    quota = marked // (question.seats + 1) + 1
    if (record["scale"], record["lots"], count.valid, count.quota) != (SCALE, lots, marked, quota):
        yield Fault("stages", "quota")
    told = [str(c) for stage in count.stages for c in stage.elected]
    if result["outcome"] != "no_quorum":
        outcome = "tie" if tied else "elected" if elected else "no_votes"
        if elected != told or outcome != result["outcome"] or len(set(told)) > question.seats:
            yield Fault("stages", "elected")
    if bool(count.stages) != bool(marked):
        yield Fault("stages")
    for number, stage in enumerate(count.stages, 1):
        votes = [*stage.totals.values(), stage.exhausted, stage.cut_off]
        if set(stage.totals) != {int(id) for id in question.options} or min(votes) < 0 or sum(votes) != marked * SCALE:
            yield Fault("stages", str(number))
    first = {str(c): n for c, n in count.stages[0].totals.items()} if count.stages else None
    if first is not None and first != {id: n * SCALE for id, n in result["tally"].items()}:
        yield Fault("stages", "1")


def _followers(question: Question, result: Mapping[str, Any]) -> Iterator[Fault]:
    """Of a ranked vote without its ballots: who may follow whom, though not the order itself."""
    follow = result["substitutes"]
    free = set(question.options) - set(result["elected"])
    sound = set(follow) == set(result["elected"]) and all(
        isinstance(ids, list) and len(set(ids)) == len(ids) <= question.substitutes and set(ids) <= free
        for ids in follow.values()
    )
    if not sound:
        yield Fault("result", "substitutes")


def _outcome(question: Question, result: Mapping[str, Any]) -> Iterator[Fault]:
    """Under the floor: an outcome that there can be, and nothing that is kept back."""
    outcome, quorum = result["outcome"], result["quorum"]
    wanted = {"shown", "roll", "present", "quorum", "outcome"}
    if question.is_election and outcome != "no_quorum":
        wanted |= {"elected", "tied"}
        elected, tied = result["elected"], result["tied"]
        known = {*elected, *tied} <= set(question.options) and len(elected) <= question.seats
        possible = "tie" if tied else "elected" if elected else "no_votes"
        if not known or possible != outcome or not _may_be_seated(question, elected, tied):
            yield Fault("result", "elected")
    elif outcome not in ("no_quorum", *(() if question.is_election else ("adopted", "rejected"))):
        yield Fault("result", "outcome")
    if set(result) != wanted:
        yield Fault("result")
    if quorum["met"] is not (outcome != "no_quorum") or "reached" in quorum:
        yield Fault("quorum")


def _may_be_seated(question: Question, elected: list[str], tied: list[str]) -> bool:
    """Whether each is named once and nobody twice; of lists, none with more seats than people."""
    if question.is_by_lists:
        most = dict(zip(question.options, question.people, strict=True))
        return all(elected.count(name) <= most[name] for name in elected) and len(set(tied)) == len(tied)
    return len(set(elected)) == len(elected) and not {*elected} & {*tied}


def _codes(question: Question, codes: int, result: Mapping[str, Any]) -> Iterator[Fault]:
    """Every paper of an urn that was not spoilt has its check code."""
    if not question.on_paper and codes < result["present"] - result["spoilt"]:
        yield Fault("check_codes")


def _counting_for_quorum(question: Question, result: Mapping[str, Any]) -> int:
    """How many of those who voted count for a quorum of the roll, as the file says. Raises ``ValueError``."""
    if question.quorum.base != "roll":
        return 0
    reached = result["quorum"]["reached"]
    if not _is_count(reached) or reached > min(result["present"], question.quorum_base):
        raise ValueError("quorum reached")
    return int(reached)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
