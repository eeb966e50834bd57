"""Roll import: a file is read and compared with the roll, looked at, and then stored whole or not at all."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from councils import permissions
from councils.clock import local_day
from councils.domain import audit
from councils.domain.member import taken_usernames, username_from
from councils.domain.membership import end_seats_without_standing, lock_roll
from councils.domain.roll_plan import Plan, plan_roll
from councils.domain.roll_row import RollRow, read_rows
from councils.domain.territory import make_territory, sections_of
from councils.enums import Category, TerritoryKind
from councils.errors import Refused
from councils.models import Body, Member, Membership, Territory
from councils.names import name_key
from councils.roll_file import UnreadableFile, read_roll

#: Names that one event of the log repeats; every change is in the history of its membership.
NAMES_IN_LOG = 200


def preview_roll(*, workplace: Territory, content: bytes, create_sections: bool, by: Member, at: dt.datetime) -> Plan:
    """What importing ``content`` would do; nothing is stored.

    Raises ``Denied``; ``Refused`` with a sentence when the file cannot be read at all.
    """
    permissions.require("import_roll", by=by, on=workplace, at=at)
    try:
        file = read_roll(content)
    except UnreadableFile as e:
        raise Refused(_said(e)) from e
    rows, faults = read_rows(file, today=local_day(at))
    plan = plan_roll(workplace=workplace, rows=rows, create_sections=create_sections, at=at, headers=file.headers)
    plan.faults = sorted(faults + plan.faults, key=lambda f: f.number)
    plan.ignored = file.ignored
    return plan


def store_roll(
    *,
    workplace: Territory,
    rows: list[RollRow],
    create_sections: bool,
    digest: str,
    confirmed: bool,
    by: Member,
    at: dt.datetime,
) -> Plan:
    """Store what ``preview_roll`` showed: all of it or nothing. A second time it changes nothing.

    ``confirmed``: the warnings were looked at. Raises ``Denied``; ``Refused`` when the roll has
    changed since the preview, or a warning was not confirmed.
    """
    permissions.require("import_roll", by=by, on=workplace, at=at)
    try:
        with transaction.atomic():
            lock_roll(workplace)
            plan = plan_roll(workplace=workplace, rows=rows, create_sections=create_sections, at=at, headers={})
            if plan.changes_nothing and not plan.faults:
                return plan
            if plan.faults or plan.digest != digest:
                raise Refused(_("The roll has changed since the preview. Nothing was stored. Upload the file again."))
            if plan.warnings and not confirmed:
                raise Refused(_("Look at the people with the same name and mark the box. Nothing was stored yet."))
            _write(plan, workplace, by, at)
    except IntegrityError as e:
        raise Refused(_("Somebody changed the accounts at this very moment. Nothing was stored. Try again.")) from e
    return plan


# --- storing ------------------------------------------------------------------------------------


def _write(plan: Plan, workplace: Territory, by: Member, at: dt.datetime) -> None:
    for name in plan.new_sections:
        make_territory(kind=TerritoryKind.SECTION, name=name, parent=workplace, at=at)
    sections = {name_key(s.name): s for s in sections_of(workplace, local_day(at))}
    people = _new_accounts(plan.added, at)
    memberships = [
        _new_membership(row, person, workplace, sections, at) for row, person in zip(plan.added, people, strict=True)
    ]
    bulk_create_with_history(memberships, Membership, batch_size=500, default_user=by, default_date=at)
    for change in plan.changed:
        for what, value in change.values.items():
            if what in ("name", "email"):
                setattr(change.membership.member, what, value)
            else:
                setattr(change.membership, what, sections[name_key(value)] if what == "section" else value)
    changed = [change.membership for change in plan.changed]
    Member.objects.bulk_update([m.member for m in changed], ["name", "email"], batch_size=500)
    fields = ["reference", "section", "group", "category", "can_vote", "can_stand", "counts_for_quorum", "from_on"]
    if changed:
        bulk_update_with_history(changed, Membership, fields, batch_size=500, default_user=by, default_date=at)
    for change in plan.changed:
        end_seats_without_standing(membership=change.membership, changed=change.values, by=by, at=at)
    audit.record(
        verb="import_roll",
        by=by,
        at=at,
        body=Body.objects.committee_of(workplace),
        subject=workplace,
        added=len(plan.added),
        changed=len(plan.changed),
        names=[row.name for row in plan.added[:NAMES_IN_LOG]],
        changes=[f"{c.membership.member.name}: {'; '.join(c.words)}" for c in plan.changed[:NAMES_IN_LOG]],
    )


def _new_accounts(rows: list[RollRow], at: dt.datetime) -> list[Member]:
    """Accounts that wait for their codes: nobody can sign in to them."""
    taken = taken_usernames() if rows else set()
    people = []
    for row in rows:
        username = username_from(row.name, taken)
        taken.add(username)
        people.append(
            Member(name=row.name, username=username, email=row.email, password=make_password(None), date_joined=at)
        )
    return Member.objects.bulk_create(people, batch_size=500)


def _new_membership(
    row: RollRow, person: Member, workplace: Territory, sections: dict[str, Territory], at: dt.datetime
) -> Membership:
    category = row.category or Category.DEFINITIVE
    counted = category != Category.EXCLUDED
    return Membership(
        member=person,
        territory=workplace,
        section=sections[name_key(row.section)] if row.section else None,
        reference=row.reference,
        from_on=row.since or local_day(at),
        group=row.group or "",
        category=category,
        can_vote=counted if row.can_vote is None else row.can_vote,
        can_stand=counted if row.can_stand is None else row.can_stand,
        counts_for_quorum=counted,
    )


# --- a file that cannot be read, in words ---------------------------------------------------------


def _said(e: UnreadableFile) -> str:
    sentence = {
        "too_big": _("The file is larger than %(limit)s MB. Split it, or save only the list."),
        "empty": _("The file is empty. Choose one with a header and a row for each person."),
        "no_rows": _("The file has a header and no people under it."),
        "no_name_column": _(
            "No column is called “name” in the first row (found: %(found)s). Write the headers in the first row."
        ),
        "column_twice": _("Two columns mean the same: “%(header)s” is there twice. Delete one."),
        "too_many_columns": _("The file has more than %(limit)s columns. Keep only those of the list."),
        "too_many_rows": _("The file has more than %(limit)s rows. Split it."),
        "cell_too_long": _("A cell is longer than %(limit)s characters. Check that the columns are separated well."),
        "not_text": _("This is neither a text file (CSV) nor a spreadsheet (XLSX). Save it as one of them."),
        "broken_csv": _("The file cannot be read from line %(line)s on: a quotation mark is missing there."),
        "broken_xlsx": _("The spreadsheet is damaged, or has a password. Open it, save it again and retry."),
        "not_xlsx": _("This is not an XLSX spreadsheet. Save it as XLSX or CSV."),
        "zip_bomb": _("The spreadsheet unpacks to far more than a list of people. It was not opened."),
    }[e.code]
    found = e.particulars.get("found")
    shown = ", ".join(h for h in found if h)[:200] if isinstance(found, list) else ""
    return sentence % {**e.particulars, "found": shown or "—"}
