"""Election export: a finished vote as one signed file that is checked without this installation.

What is in it is what may be known of so many ballots, and of the log what its members read anyway; but not who
came to the committee's table, because that tells who voted, and the file goes from hand to hand.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from councils import signed_file
from councils.domain.log import SENTENCES
from councils.domain.poll_title import title_of_poll
from councils.enums import PollKind, PollState, Secrecy
from councils.errors import Refused
from councils.models import AuditEvent, Member, Poll, Seat
from councils.names import sort_key
from councils.secrets_store import KeyUnreadable, key_named
from councils.urn.envelope import grouped
from councils.verification import FORMAT, VERSION

log = logging.getLogger(__name__)


def is_exported(poll: Poll) -> bool:
    """Whether there is a file of ``poll``: of every vote that was declared, by urn, by name or on paper."""
    return poll.state == PollState.DECLARED


def export_poll(*, poll: Poll) -> bytes:
    """The file, the same for everybody. Raises ``Refused`` unless ``is_exported``, or where the key cannot be read.

    Names and titles are in the language of the installation.
    """
    if not is_exported(poll):
        raise Refused(_("A vote is exported once its result is declared."))
    with translation.override(settings.LANGUAGE_CODE):
        parts = {
            "subject": _subject(poll),
            "rules": {"version": poll.rule_set.version, "rules": poll.rule_set.rules},
            "electorate": {"roll": poll.roll_size, "quorum_base": poll.quorum_base},
            "options": [_option(option) for option in poll.options],
            "lots": poll.lots,
            "result": poll.result,
            "ballots": _ballots(poll),
            "check_codes": [grouped(code) for code in poll.check_codes.order_by("code").values_list("code", flat=True)],
            "log": _log(poll),
        }
    try:
        return signed_file.sign(parts, seed=_seed(), form=FORMAT, version=VERSION)
    except (OSError, KeyUnreadable) as e:
        log.error("the key that signs exports cannot be read: %s", e)
        raise Refused(
            _("The key that signs exports cannot be read now. Whoever keeps the installation must look.")
        ) from e


def signing_fingerprint() -> str:
    """Of the key with which this installation signs; empty where it cannot be read now, which the log tells."""
    try:
        return signed_file.fingerprint(signed_file.public_key(_seed()))
    except (OSError, KeyUnreadable) as e:
        log.error("the key that signs exports cannot be read: %s", e)
        return ""


def _seed() -> bytes:
    return key_named(settings.KEY_STORE_DIR, "signing")


def _subject(poll: Poll) -> dict[str, Any]:
    election = getattr(poll, "election", None)
    proposal = getattr(poll, "proposal", None)
    recall = getattr(poll, "recall", None)
    question = getattr(poll, "council_question", None)
    about = election or proposal or recall or question
    kind = "election" if election else "proposal" if proposal else "recall" if recall else "vote"
    if poll.rule_changes is not None:
        kind = "rules"
    return {
        "kind": kind,
        "secrecy": str(poll.secrecy),
        "rule_changes": poll.rule_changes,
        "id": str(about.uuid if about else poll.uuid),
        "vote": str(poll.uuid),
        "title": title_of_poll(poll),
        "electorate": str(poll.body),
        "group": poll.group,
        "body": str(election.body if election else poll.body),
        "method": str(poll.kind),
        "seats": 0 if poll.kind == PollKind.YES_NO else poll.seats or 1,
        "opened": _moment(poll.opens_at),
        "closed": _moment(poll.closes_at),
        "counted": _moment(poll.counted_at),
        "declared": _moment(poll.declared_at),
    }


def _option(option: dict[str, Any]) -> dict[str, Any]:
    """A candidate, or a list with its people in their order."""
    people = {"people": [person["name"] for person in option["people"]]} if "people" in option else {}
    return {"id": option["id"], "name": option["label"], **people}


def _ballots(poll: Poll) -> list[dict[str, Any]] | None:
    """In order of their random ids; None where they are too few to be published. By name: each of the roll."""
    if poll.secrecy == Secrecy.NAMED:
        return _named_votes(poll)
    if poll.result["shown"] != "ballots":
        return None
    return [dict(ballot) for ballot in poll.ballots.order_by("id").values("id", "marks", "spoilt")]


def _named_votes(poll: Poll) -> list[dict[str, Any]]:
    """Each of the roll by name, for whom she sat, and what she voted (None: she did not), as the page shows it."""
    said = dict(poll.named_votes.values_list("member", "marks"))
    held = Seat.objects.held_at(poll.opens_at).in_body(poll.body).select_related("represents").order_by("-pk")
    places = {seat.holder_id: str(seat.represents or "") for seat in held}
    people = sorted(Member.objects.filter(pk__in=poll.roll.values("member")), key=lambda m: (sort_key(m.name), m.pk))
    return [{"name": m.name, "for": places.get(m.pk, ""), "marks": said.get(m.pk)} for m in people]


def _log(poll: Poll) -> list[dict[str, Any]]:
    """Acts on the vote and on what it decided that have a sentence in the log, in the order in which they were done."""
    subjects = [poll.uuid]
    for noun in ("election", "proposal", "recall", "council_question"):
        about = getattr(poll, noun, None)
        if about is not None:
            subjects.append(about.uuid)
    events = AuditEvent.objects.filter(subject__in=subjects, verb__in=SENTENCES).select_related("actor", "body")
    return [
        {"at": _moment(event.at), "act": event.verb, "by": _who(event), "particulars": event.detail}
        for event in events.order_by("at", "pk")
    ]


def _who(event: AuditEvent) -> str:
    """Empty: the clock. A protected body's people appear as its committee."""
    if event.actor is None:
        return ""
    return _("the committee") if event.body is not None and event.body.protected else event.actor.name


def _moment(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat() if at else None
