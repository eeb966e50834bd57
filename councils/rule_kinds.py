"""Kinds of rules: how one is asked in a form, written as JSON, and said in words, in the active language. Pure.

A form asks with *parts*, each a choice or something written. What was answered becomes the JSON that
``Rules.read`` reads; whether it may stand is said there alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from councils.counting.majority import Majority
from councils.counting.quorum import BASES, Quorum
from councils.enums import COUNCIL_OF, BodyKind
from councils.rule_words import majority_in_words, quorum_in_words, share_in_words
from councils.seat_rules import incompatible_in_words, read_incompatible

Words = str | Promise
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One field: with ``options`` it is chosen, else written. ``name`` is empty where the rule has no other."""

    name: str = ""
    label: Words = ""
    options: tuple[tuple[str, Words], ...] = ()
    number: bool = False
    hint: Words = ""


class Kind:
    """How rules of one sort are asked, written and said. ``raw`` is JSON, ``answers`` the text of each part."""

    @property
    def parts(self) -> tuple[Part, ...]:
        raise NotImplementedError

    def raw(self, answers: Answers) -> Any:
        """The JSON of what was answered; what makes no sense is left for ``Rules.read`` to refuse."""
        raise NotImplementedError

    def answers(self, raw: Any) -> dict[str, str]:
        """``raw`` as a form shows it."""
        raise NotImplementedError

    def said(self, raw: Any) -> str:
        """``raw`` in words."""
        raise NotImplementedError

    def written(self, value: Any) -> Any:
        """The JSON of a value that ``Rules`` holds."""
        return value


def _number(text: str) -> Any:
    """A whole number, or the text itself where it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _share(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number, of days or of anything else; ``empty`` are the words for null, where it may be left empty."""

    days: bool = False
    empty: Words = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        hint = _("Empty: %(words)s.") % {"words": self.empty} if self.empty else ""
        return (Part(number=True, hint=hint),)

    def raw(self, answers: Answers) -> Any:
        return None if self.empty and not answers[""].strip() else _number(answers[""])

    def answers(self, raw: Any) -> dict[str, str]:
        return {"": "" if raw is None else str(raw)}

    def said(self, raw: Any) -> str:
        if raw is None:
            return str(self.empty)
        return ngettext("%(n)s day", "%(n)s days", raw) % {"n": raw} if self.days else str(raw)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of some values, each with its words; ``""`` stands for null."""

    options: tuple[tuple[str, Words], ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(options=self.options),)

    def raw(self, answers: Answers) -> Any:
        return answers[""] or None

    def answers(self, raw: Any) -> dict[str, str]:
        return {"": raw or ""}

    def said(self, raw: Any) -> str:
        return str(dict(self.options).get(raw or "", raw))


class Truth(Kind):
    """Yes or no."""

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(options=(("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))),)

    def raw(self, answers: Answers) -> Any:
        return answers[""] == "yes"

    def answers(self, raw: Any) -> dict[str, str]:
        return {"": "yes" if raw else "no"}

    def said(self, raw: Any) -> str:
        return _("yes") if raw else _("no")


_SHARE_HINT = gettext_lazy("Written like 1/2 or 2/3.")


class Share(Kind):
    """An exact share."""

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(hint=_SHARE_HINT),)

    def raw(self, answers: Answers) -> Any:
        return answers[""].replace(" ", "")

    def answers(self, raw: Any) -> dict[str, str]:
        return {"": raw}

    def said(self, raw: Any) -> str:
        return share_in_words(Fraction(raw))

    def written(self, value: Any) -> Any:
        return _share(value)


#: Of what a quorum is a share.
_BASES: dict[str, Words] = {
    "roll": gettext_lazy("of the roll must vote"),
    "present": gettext_lazy("of the ballots must be valid and marked"),
    "cast": gettext_lazy("of the valid ballots must say yes or no"),
}


@dataclass(frozen=True)
class QuorumKind(Kind):
    """A share of a base; ``otherwise`` are the words for null, where a rule may have none of its own."""

    otherwise: Words = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        none = (("", self.otherwise),) if self.otherwise else ()
        return (
            Part("share", gettext_lazy("At least this share"), hint=_SHARE_HINT),
            Part("base", gettext_lazy("Of whom"), options=(*none, *((base, _BASES[base]) for base in BASES))),
        )

    def raw(self, answers: Answers) -> Any:
        if not answers["base"]:
            return None
        return {"base": answers["base"], "share": answers["share"].replace(" ", "")}

    def answers(self, raw: Any) -> dict[str, str]:
        return {"base": raw["base"], "share": raw["share"]} if raw else {"base": "", "share": ""}

    def said(self, raw: Any) -> str:
        return quorum_in_words(Quorum(raw["base"], Fraction(raw["share"]))) if raw else str(self.otherwise)

    def written(self, value: Any) -> Any:
        return {"base": value.base, "share": _share(value.share)} if value else None


@dataclass(frozen=True)
class MajorityKind(Kind):
    """A share, more than it or at least it, with or without abstentions; ``otherwise`` as in a quorum."""

    otherwise: Words = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        none = (("", self.otherwise),) if self.otherwise else ()
        strict = (("yes", gettext_lazy("more than the share")), ("no", gettext_lazy("at least the share")))
        counted = (("no", gettext_lazy("do not count")), ("yes", pgettext_lazy("abstentions", "count")))
        return (
            Part("strict", gettext_lazy("Yes must be"), options=(*none, *strict)),
            Part("share", gettext_lazy("Share"), hint=_SHARE_HINT),
            Part("abstentions", gettext_lazy("Abstentions"), options=counted),
        )

    def raw(self, answers: Answers) -> Any:
        if not answers["strict"]:
            return None
        return {
            "share": answers["share"].replace(" ", ""),
            "strict": answers["strict"] == "yes",
            "abstentions": answers["abstentions"] == "yes",
        }

    def answers(self, raw: Any) -> dict[str, str]:
        if raw is None:
            return {"share": "", "strict": "", "abstentions": "no"}
        told = {name: "yes" if raw[name] else "no" for name in ("strict", "abstentions")}
        return {"share": raw["share"], **told}

    def said(self, raw: Any) -> str:
        if raw is None:
            return str(self.otherwise)
        return majority_in_words(Majority(Fraction(raw["share"]), raw["strict"], raw["abstentions"]))

    def written(self, value: Any) -> Any:
        if value is None:
            return None
        return {"share": _share(value.share), "strict": value.strict, "abstentions": value.abstentions}


class Scrutineers(Kind):
    """So many of so many, or nobody."""

    @property
    def parts(self) -> tuple[Part, ...]:
        nobody = gettext_lazy("Empty: nobody.")
        return (
            Part("of", gettext_lazy("How many hold a share"), number=True, hint=nobody),
            Part("needed", gettext_lazy("How many of them open the urn"), number=True, hint=nobody),
        )

    def raw(self, answers: Answers) -> Any:
        if not answers["of"].strip() and not answers["needed"].strip():
            return None
        return {"needed": _number(answers["needed"]), "of": _number(answers["of"])}

    def answers(self, raw: Any) -> dict[str, str]:
        return {name: str(raw[name]) for name in ("needed", "of")} if raw else {"needed": "", "of": ""}

    def said(self, raw: Any) -> str:
        return _("%(of)s hold a share; any %(needed)s of them open the urn") % raw if raw else _("nobody")

    def written(self, value: Any) -> Any:
        return {"needed": value[0], "of": value[1]} if value else None


class Apart(Kind):
    """Pairs of bodies whose seats nobody holds together: asked of the committee and each council above it."""

    @property
    def parts(self) -> tuple[Part, ...]:
        options = (("", gettext_lazy("may be held together")), ("yes", gettext_lazy("nobody holds both")))
        said = _("Committee and %(council)s")
        return tuple(Part(str(c), said % {"council": c.label}, options=options) for c in COUNCIL_OF.values())

    def raw(self, answers: Answers) -> Any:
        return [[str(BodyKind.COMMITTEE), council] for council, said in answers.items() if said]

    def answers(self, raw: Any) -> dict[str, str]:
        pairs = [set(pair) for pair in raw]
        return {c: "yes" if {BodyKind.COMMITTEE, c} in pairs else "" for c in map(str, COUNCIL_OF.values())}

    def said(self, raw: Any) -> str:
        return " ".join(incompatible_in_words(read_incompatible(raw))) or _("any seats may be held together")

    def written(self, value: Any) -> Any:
        return [list(pair) for pair in value]


class Groups(Kind):
    """Seats by constituency, as people write them: “Production: 3; Administration: 1”. Empty: one for all."""

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(hint=_("Like “Production: 3; Administration: 1”. Empty: all elect together.")),)

    def raw(self, answers: Answers) -> Any:
        said = [part.rpartition(":") for part in answers[""].split(";") if part.strip()]
        return [{"group": group.strip(), "seats": _number(seats)} for group, _colon, seats in said]

    def answers(self, raw: Any) -> dict[str, str]:
        return {"": "; ".join(f"{part['group']}: {part['seats']}" for part in raw)}

    def said(self, raw: Any) -> str:
        return self.answers(raw)[""] or _("all elect together")

    def written(self, value: Any) -> Any:
        return [{"group": part.group, "seats": part.seats} for part in value]


class Days(Kind):
    """Days of named things, as people write them: “Soda ash: 3; Sand: 2”. Empty: none has days of its own."""

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(hint=_("Like “Soda ash: 3; Sand: 2”. Empty: all as above.")),)

    def raw(self, answers: Answers) -> Any:
        said = [part.rpartition(":") for part in answers[""].split(";") if part.strip()]
        return {name.strip(): _number(days) for name, _colon, days in said}

    def answers(self, raw: Any) -> dict[str, str]:
        return {"": "; ".join(f"{name}: {days}" for name, days in raw.items())}

    def said(self, raw: Any) -> str:
        return self.answers(raw)[""] or _("all as above")

    def written(self, value: Any) -> Any:
        return dict(value)


class Written(Kind):
    """What is too rich for a field or two: JSON as it stands in the rules."""

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(),)

    def raw(self, answers: Answers) -> Any:
        try:
            return json.loads(answers[""] or "null")
        except (ValueError, RecursionError):
            return answers[""]

    def answers(self, raw: Any) -> dict[str, str]:
        return {"": "" if raw is None else json.dumps(raw, ensure_ascii=False)}

    def said(self, raw: Any) -> str:
        return json.dumps(raw, ensure_ascii=False) if raw else _("nothing agreed")


def kind_of(value: Any) -> Kind:
    """The kind of a rule by the value that stands where nothing is said."""
    if isinstance(value, bool):
        return Truth()
    if isinstance(value, int):
        return Whole()
    if isinstance(value, Fraction):
        return Share()
    if isinstance(value, Quorum):
        return QuorumKind()
    return MajorityKind() if isinstance(value, Majority) else Written()
