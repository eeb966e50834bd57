"""Pages of elections: the list, one of them, its call, nominations and their answers."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from councils import permissions
from councils.clock import local_day
from councils.domain import outcome
from councils.domain.constituency import call_elections
from councils.domain.election import bring_up_to_date
from councils.domain.nomination import accept_nomination, decline_nomination, nominate, withdraw_nomination
from councils.domain.secrecy import may_choose_paper
from councils.enums import BY_LISTS, PollKind
from councils.errors import Refused
from councils.forms.election import CallForm, NominationForm, SearchForm, StatementForm
from councils.models import Body, Election, Member, Membership, Nomination, RuleSet, Seat
from councils.models.electorate import (
    bodies_elected_by,
    bodies_voting_with,
    electors,
    is_assembly,
    memberships_of,
    of_group,
)
from councils.names import name_key, sort_key
from councils.rules import Rules
from councils.views.acting import acting_member
from councils.views.constituency_list import constituency_rows
from councils.views.election_page import dates_of, first_windows, page_of, row_of
from councils.views.poll import exported
from councils.views.seat_list import VACANT_LOADED, vacant_rows

PER_PAGE = 20
FOUND = 20


def election_for(member: Member, uuid: UUID, at: dt.datetime) -> Election:
    """The election, up to date with its vote, if ``member`` may see it; else 404."""
    within = Election.objects.visible_to(member, local_day(at))
    found = get_object_or_404(within, uuid=uuid)
    election = bring_up_to_date(election=found, at=at)
    if election.poll is not None:
        outcome.bring_up_to_date(poll=election.poll, at=at)
    everything = Election.objects.select_related(
        "body__territory", "electorate__territory", "rule_set", "poll__rule_set"
    )
    return everything.get(pk=election.pk)


@require_GET
def list_elections(request: HttpRequest) -> HttpResponse:
    """Elections of my assemblies and of the councils above: those under way, and below them the past ones."""
    member, now = acting_member(request), timezone.now()
    visible = Election.objects.visible_to(member, local_day(now)).select_related("body", "electorate__territory")
    latest = visible.order_by("-called_at", "-pk")
    for election in latest.live().due_at(now):
        bring_up_to_date(election=election, at=now)
    live, past = latest.live(), latest.exclude(pk__in=Election.objects.live().values("pk"))
    page = Paginator(past.prefetch_related("seats_won__holder"), PER_PAGE).get_page(request.GET.get("page"))
    calls = [
        body
        for body in bodies_voting_with(member, now).select_related("territory")
        if permissions.may("call_election", by=member, on=body, at=now)
    ]
    mine = Body.objects.electing(member, local_day(now))
    vacant = Seat.objects.vacant_at(now).filter(elected_by__in=mine).select_related(*VACANT_LOADED)
    context = {
        "page": page,
        "live": [row_of(e, member, now) for e in live],
        "past": [row_of(e, member, now) for e in page],
        "calls": calls,
        "vacant": vacant_rows(vacant.order_by("ended_at", "pk"), member=member, at=now),
        "now": now,
    }
    return render(request, "councils/election/list.html", context)


@require_GET
def show_election(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One election: where it stands, who stands, the rules, the result."""
    member, now = acting_member(request), timezone.now()
    page = page_of(election_for(member, uuid, now), member=member, at=now)
    return render(request, "councils/election/show.html", {"page": page, "vote": page.vote, "now": now})


@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Call an election of the assembly or council ``uuid``."""
    member, now = acting_member(request), timezone.now()
    assembly = get_object_or_404(bodies_voting_with(member, now).select_related("territory"), uuid=uuid)
    permissions.require("call_election", by=member, on=assembly, at=now)
    rules = Rules.read(getattr(RuleSet.objects.in_force(assembly, now), "rules", {}))
    bodies, able = bodies_elected_by(assembly, local_day(now)).select_related("territory"), electors(assembly, now)
    ranked = any(rules.method_for(body.kind) == PollKind.STV for body in bodies)
    paper = is_assembly(assembly) and may_choose_paper(rules=rules, able=len(able), ranked=ranked)
    form = CallForm(
        request.POST if request.method == "POST" else None,
        bodies=bodies,
        first=first_windows(assembly, rules, now),
        vacant_in=request.GET.get("vacant", ""),
        any_vacant=Seat.objects.vacant_at(now).filter(elected_by=assembly).exists(),
        may_be_paper=paper,
        groups=rules.groups if is_assembly(assembly) else (),
        group=request.GET.get("group", ""),
    )
    if request.method == "POST" and form.is_valid():
        try:
            elections = call_elections(electorate=assembly, by=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Called. Nominations are open."))
            return redirect("election", elections[0].uuid) if len(elections) == 1 else redirect("elections")
    dates, parts = dates_of(form, rules), constituency_rows(assembly, rules, now)
    context = {"form": form, "assembly": assembly, "dates": dates, "constituencies": parts, "now": now}
    context["rules"] = rules.election_in_words()
    return render(request, "councils/election/call.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def nominate_someone(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Name a person found by name, or oneself."""
    member, now = acting_member(request), timezone.now()
    election = election_for(member, uuid, now)
    permissions.require("nominate", by=member, on=election, at=now)
    if election.method in BY_LISTS:
        return redirect("election", election.uuid)
    form = NominationForm(request.POST if request.method == "POST" else None, initial={"nominee": member.uuid})
    if request.method == "POST" and form.is_valid():
        nominee = get_object_or_404(people_of(election, now), uuid=form.cleaned_data["nominee"])
        try:
            nominate(election=election, nominee=nominee, by=member, at=now, statement=form.cleaned_data["statement"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("You stand.") if nominee == member else _("Named. It counts once that person accepts.")
            messages.success(request, said)
            return redirect("election", election.uuid)
    context = {"page": page_of(election, member=member, at=now), "form": form, "now": now}
    context |= found_people(request, election, now)
    return render(request, "councils/election/nominate.html", context, status=422 if form.errors else 200)


def people_of(election: Election, now: dt.datetime) -> QuerySet[Member]:
    """Among whom a name is put forward; whether that person may stand is the verb's to say."""
    if is_assembly(election.electorate):
        return Member.objects.filter(memberships__in=_of_its_group(election, now)).distinct()
    return Member.objects.filter(seats__in=Seat.objects.held_at(now).in_body(election.electorate)).distinct()


def _of_its_group(election: Election, now: dt.datetime) -> QuerySet[Membership]:
    return of_group(memberships_of(election.electorate, local_day(now)), election.group)


def found_people(request: HttpRequest, election: Election, now: dt.datetime) -> dict[str, object]:
    """People of the workplace that the search names, at most ``FOUND``; of a council all its delegates."""
    if not is_assembly(election.electorate):
        seats = Seat.objects.held_at(now).in_body(election.electorate).select_related("holder", "represents")
        lines = {seat.holder: str(seat.represents or "") for seat in seats}
        return {"found": sorted(lines.items(), key=lambda line: sort_key(line[0].name))}
    search = SearchForm({"q": request.GET.get("q", "")})
    wanted = search.cleaned_data["q"] if search.is_valid() else ""
    rows = _of_its_group(election, now).filter(can_stand=True).select_related("member", "section")
    key = name_key(wanted)
    found = [row for row in rows if key in name_key(row.member.name) or key == name_key(row.reference)] if key else []
    found.sort(key=lambda row: sort_key(row.member.name))
    people = [(row.member, row.section.name if row.section else "") for row in found[:FOUND]]
    return {"search": search, "wanted": wanted, "found": people}


@require_GET
def export(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The signed file of an election that is over, for its electorate."""
    member, now = acting_member(request), timezone.now()
    election = election_for(member, uuid, now)
    if election.poll is None:
        raise Http404
    return exported(election.poll)


_ANSWERS = {"decline": decline_nomination, "withdraw": withdraw_nomination}


@require_POST
def answer_nomination(request: HttpRequest, uuid: UUID, answer: str) -> HttpResponse:
    """Accept (with a sentence), decline or withdraw: only who is named."""
    member, now = acting_member(request), timezone.now()
    visible = Election.objects.visible_to(member, local_day(now))
    nomination = get_object_or_404(Nomination.objects.filter(election__in=visible), uuid=uuid)
    if answer == "accept":
        form = StatementForm(request.POST)
        statement = form.cleaned_data["statement"] if form.is_valid() else ""
        accept_nomination(nomination=nomination, by=member, at=now, statement=statement)
    else:
        _ANSWERS[answer](nomination=nomination, by=member, at=now)
    return redirect("election", nomination.election.uuid)
