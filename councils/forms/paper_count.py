"""Forms of votes on paper: where one is held, and what was counted. Shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.counting.blt import BltError, BltFile, read_blt
from councils.counting.paper import HandCount
from councils.domain.paper_count import PLACE_LIMIT
from councils.enums import Choice, PollKind
from councils.models import Poll
from councils.names import name_key

#: Larger is no election of one assembly.
MOST_PAPERS = 1_000_000
LARGEST_FILE = 5_000_000


class PlaceForm(forms.Form):
    """Where the vote is held."""

    place = forms.CharField(
        label=gettext_lazy("Where, and in which hours"),
        max_length=PLACE_LIMIT,
        help_text=gettext_lazy("For example: in the canteen, 7:00 to 19:00."),
    )


class CountForm(forms.Form):
    """What was in the box of ``poll``. Ranked papers come as a .blt text or file; else the votes of each option."""

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.poll, self.ranked = poll, poll.kind == PollKind.STV
        self.fields["papers"] = _number(_("Papers in the box"), _("How many people voted."))
        if poll.quorum_base != poll.roll_size:
            self.fields["counting"] = _number(
                _("Of them, from people who count for the quorum"), _("Mark them on the printed roll.")
            )
        if self.ranked:
            self.fields["text"] = forms.CharField(
                label=_("The papers, as .blt"),
                required=False,
                max_length=LARGEST_FILE,
                widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
                help_text=_(
                    "First line: candidates and seats. Then a line for each kind of paper: how many, the numbers of the"
                    " candidates in the order of the paper, 0. At the end a line with 0."
                ),
            )
            self.fields["file"] = forms.FileField(label=_("Or as a file"), required=False)
        else:
            self.fields["blank"] = _number(_("Blank papers"), "")
            for id, label in options_of(poll):
                self.fields[f"votes_{id}"] = _number(label, "")
        self.fields["spoilt"] = _number(_("Spoilt papers"), _("Those of which nobody could say what they mean."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.ranked and not self.errors:
            try:
                self._read(data)
            except BltError as e:
                self.add_error("text", _("Line %(line)s of the papers cannot be read: %(found)s") % {
                    "line": e.line, "found": e.found or "–"
                })  # fmt: skip
        return data

    def _read(self, data: dict[str, Any]) -> None:
        text, file = data["text"], data["file"]
        if file is not None:
            if file.size > LARGEST_FILE:
                self.add_error("file", _("This file is too large."))
                return
            text = file.read().decode("utf-8", "replace")
        if not text.strip():
            self.add_error("text", _("Write the papers, or choose a file."))
            return
        self.blt: BltFile = read_blt(text)
        labels = [label for _id, label in options_of(self.poll)]
        named = [str(c) for c in range(1, len(self.blt.names) + 1)] != list(self.blt.names)
        if len(self.blt.names) != len(labels) or self.blt.seats != self.poll.seats or self.blt.withdrawn:
            self.add_error(
                "text",
                _("This vote has %(n)s candidates and %(seats)s seats, and nobody has withdrawn.")
                % {"n": len(labels), "seats": self.poll.seats},
            )
        elif named and [name_key(n) for n in self.blt.names] != [name_key(label) for label in labels]:
            self.add_error("text", _("The names are not those of the paper, in its order: %(names)s.") % {
                "names": ", ".join(labels)
            })  # fmt: skip

    @property
    def count(self) -> HandCount:
        """What the verb takes, of a valid form."""
        data = self.cleaned_data
        papers, spoilt = data["papers"], data["spoilt"]
        counting = data.get("counting", papers)
        if self.ranked:
            return HandCount(papers, counting, self.blt.blank, spoilt, rankings=self.blt.papers)
        tally = {id: data[f"votes_{id}"] for id, _label in options_of(self.poll)}
        return HandCount(papers, counting, data["blank"], spoilt, tally)


def options_of(poll: Poll) -> list[tuple[str, str]]:
    """(id, words) of what the paper asks, in its order."""
    if poll.kind == PollKind.YES_NO:
        return [(str(choice.value), str(choice.label)) for choice in Choice]
    return [(option["id"], option["label"]) for option in poll.options]


def _number(label: str, hint: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=0,
        max_value=MOST_PAPERS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
