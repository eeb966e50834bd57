"""The ballot paper as a form: shape only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils.enums import BY_LISTS, Choice, PollKind
from councils.models import Poll

#: ``rank_3`` says at which place the candidate of id 3 stands.
RANK = "rank_"


class BallotForm(forms.Form):
    """One paper of ``poll``; ``replaces`` is the version last seen (absent: 0).

    ``choice`` on a yes/no paper; on a ranked one a ``rank_<id>`` for each candidate, empty or a place from 1;
    ``marks`` on the others: by lists one at most.
    """

    replaces = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.poll = poll
        names = [(option["id"], option["label"]) for option in poll.options]
        if poll.kind == PollKind.YES_NO:
            self.fields["choice"] = forms.ChoiceField(label=gettext_lazy("Vote"), choices=Choice.choices)
        elif poll.kind == PollKind.STV:
            places = [("", "–"), *((str(n), str(n)) for n in range(1, len(names) + 1))]
            for id, label in names:
                self.fields[RANK + id] = forms.ChoiceField(label=label, choices=places, required=False)
        else:
            self.fields["marks"] = forms.MultipleChoiceField(
                label=gettext_lazy("Lists") if poll.kind in BY_LISTS else gettext_lazy("Candidates"),
                choices=names,
                required=False,
            )

    def clean_replaces(self) -> int:
        return self.cleaned_data["replaces"] or 0

    def clean(self) -> dict[str, Any]:
        """No two at one place, no more marks than the paper takes."""
        data = super().clean() or self.cleaned_data
        at_place: dict[str, list[str]] = defaultdict(list)
        for name, value in data.items():
            if name.startswith(RANK) and value:
                at_place[value].append(name)
        for place, fields in at_place.items():
            for field in fields[1:]:
                first = self.fields[fields[0]].label
                self.add_error(
                    field, _("Place %(place)s is given to %(name)s already.") % {"place": place, "name": first}
                )
        most = most_marks(self.poll)
        if most is not None and len(data.get("marks", [])) > most:
            self.add_error("marks", _("At most %(n)s: with more, the ballot would be spoilt.") % {"n": most})
        return data

    @property
    def marks(self) -> list[str]:
        """What the valid paper says: in order of preference on a ranked one, else of the paper; ``[]`` is blank."""
        if "choice" in self.fields:
            return [self.cleaned_data["choice"]]
        if "marks" in self.fields:
            said = set(self.cleaned_data["marks"])
            return [option["id"] for option in self.poll.options if option["id"] in said]
        placed = [(int(n), name) for name, n in self.cleaned_data.items() if name.startswith(RANK) and n]
        return [name.removeprefix(RANK) for _place, name in sorted(placed)]


def most_marks(poll: Poll) -> int | None:
    """How many names, or lists, a paper may mark; None: as many as there are."""
    if poll.kind in BY_LISTS:
        return 1
    return (poll.seats or 1) if poll.kind == PollKind.PLURALITY else None


def moved(marks: Sequence[str], *, up: str = "", down: str = "") -> list[str]:
    """``marks`` with one of them a place higher, or lower."""
    order = list(marks)
    for id, step in ((up, -1), (down, 1)):
        if id in order and 0 <= order.index(id) + step < len(order):
            here = order.index(id)
            order[here], order[here + step] = order[here + step], order[here]
    return order
