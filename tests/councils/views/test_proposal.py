"""Pages of proposals: who sees what, what is typed is kept, nothing a form can send breaks them."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from councils.domain.deliberation import convene_vote
from councils.domain.proposal import revise_proposal
from councils.domain.waiting import waiting_for
from councils.enums import ProposalState
from councils.models import Body, Member, Proposal, ProposalVersion
from tests import builders
from tests.builders import NOW
from tests.conftest import Cast
from tests.proposals import TEXT, draft, in_state, let_convene_early, moderated_always, submitted

S = ProposalState
ACTS = ["edit", "submit", "withdraw", "moderate", "complain", "convene"]


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def signed_in(member: Member, language: str = "en") -> Client:
    client = Client()
    client.force_login(member)
    client.cookies["django_language"] = language
    return client


def url(proposal: Proposal, act: str = "") -> str:
    return f"/proposals/{proposal.uuid}/{act}/".replace("//", "/")


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- who sees what -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [S.DRAFT, S.MODERATION, S.RETURNED, S.DELIBERATION, S.VOTING, S.WITHDRAWN])
def test_show_proposal_by_role_and_state(cast: Cast, state):
    proposal = in_state(cast, state)
    inside = 404 if state in (S.DRAFT, S.WITHDRAWN) else 200  # withdrawn here before it was ever submitted
    expected = {"carmen": 200, **dict.fromkeys(["pedro", "elena", "hugo", "rosa"], inside)}
    expected |= dict.fromkeys(["nora", "olga", "ana"], 404)
    found = {name: signed_in(Member.objects.get(username=name)).get(url(proposal)).status_code for name in expected}
    assert found == expected


@pytest.mark.parametrize("act", ACTS)
def test_acts_on_a_proposal_of_another_workplace_are_not_found(cast: Cast, act):
    proposal = in_state(cast, S.MODERATION)
    for outsider in (cast.nora, cast.olga, cast.ana):
        assert signed_in(outsider).post(url(proposal, act), {"reason": "x", "verdict": "admitted"}).status_code == 404
    assert Client().post(url(proposal, act)).status_code == 302
    assert Proposal.objects.get().state == S.MODERATION


@pytest.mark.parametrize("act", ACTS)
def test_acts_of_others_are_forbidden(cast: Cast, act):
    proposal = in_state(cast, S.MODERATION)
    member = cast.carmen if act in ("moderate", "complain", "convene") else cast.pedro
    answer = signed_in(member).post(url(proposal, act), {"reason": "x", "verdict": "admitted", "hours": "24"})
    assert answer.status_code == 403
    assert Proposal.objects.get().state == S.MODERATION


@pytest.mark.parametrize("act", ["", *ACTS])
def test_proposal_that_does_not_exist_is_not_found(cast: Cast, act):
    assert signed_in(cast.carmen).post(f"/proposals/{uuid.uuid4()}/{act}/".replace("//", "/")).status_code in (404, 405)


def test_list_proposals_shows_drafts_only_to_their_author(cast: Cast):
    draft(cast, title="Secreto de Carmen")
    assert "Secreto de Carmen" in text_of(signed_in(cast.carmen), "/proposals/")
    assert "Secreto de Carmen" not in text_of(signed_in(cast.pedro), "/proposals/")


def test_a_draft_is_written_and_only_a_submitted_proposal_is_presented(cast: Cast):
    client = signed_in(cast.carmen)
    assert "written by Carmen Soto" in text_of(client, url(draft(cast)))
    assert "presented by Carmen Soto" in text_of(client, url(submitted(cast, title="Otra")))


def test_show_proposal_keeps_unsubmitted_changes_to_their_author(cast: Cast):
    proposal = in_state(cast, S.RETURNED)
    revise_proposal(proposal=proposal, title="Título nuevo", text="Paga Perlak.", version=1, by=cast.carmen, at=NOW)
    assert "Paga Perlak." in text_of(signed_in(cast.carmen), url(proposal))
    page = text_of(signed_in(cast.pedro), url(proposal) + "?since=1")
    assert ("Paga Perlak." in page, "Título nuevo" in page, "cuatro camiones" in page) == (False, False, True)


def test_show_proposal_of_a_protected_body_names_the_committee(cast: Cast):
    proposal = submitted(cast)
    Body.objects.update(protected=True)
    page = text_of(signed_in(cast.pedro), url(proposal))
    assert ("Carmen Soto" in page, "the committee" in page) == (False, True)
    assert "Carmen Soto" not in text_of(signed_in(cast.pedro), "/proposals/")


def test_list_proposals_asks_the_same_number_of_questions(cast: Cast):
    counts = []
    for n in (1, 30):
        for i in range(Proposal.objects.count(), n):
            person = builders.member(f"p{i}")
            builders.membership(person, cast.cristalerias)
            submitted(cast, by=person, title=f"Propuesta {i}")
        client = signed_in(cast.pedro)
        client.get("/proposals/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(client, "/proposals/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_list_moderation_asks_the_same_number_of_questions(cast: Cast):
    moderated_always(cast.assembly)
    counts = []
    for n in (1, 30):
        for i in range(Proposal.objects.count(), n):
            person = builders.member(f"p{i}")
            builders.membership(person, cast.cristalerias)
            submitted(cast, by=person, title=f"Propuesta {i}")
        client = signed_in(cast.elena)
        client.get("/proposals/moderation/")
        with CaptureQueriesContext(connection) as queries:
            text_of(client, "/proposals/moderation/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("key", "titles"),
    [
        ("", {"draft", "moderation", "voting"}),
        ("mine", {"draft", "moderation", "voting"}),
        ("moderation", {"moderation"}),
        ("voting", {"voting"}),
        ("deliberation", set()),
        ("decided", set()),
        ("no such state", {"draft", "moderation", "voting"}),
    ],
)
def test_list_proposals_filters_by_the_state_of_the_clock(cast: Cast, key, titles):
    moderated_always(cast.assembly)
    draft(cast, title="draft-row")
    submitted(cast, title="moderation-row")
    voted = submitted(cast, title="voting-row", at=NOW - dt.timedelta(days=11))  # unanswered, no job has run
    text_of(signed_in(cast.pedro), url(voted))  # the first reader's request writes what is due
    page = signed_in(cast.carmen).get("/proposals/", {"state": key}).content.decode()
    assert {name for name in ("draft", "moderation", "voting") if f"{name}-row" in page} == titles


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "\x00"])
def test_list_proposals_survives_any_page_number(cast: Cast, page):
    assert signed_in(cast.carmen).get("/proposals/", {"page": page, "state": "\x00"}).status_code == 200


# --- writing ---------------------------------------------------------------------------------------


def test_new_proposal_saves_a_draft_in_the_only_assembly(cast: Cast):
    client = signed_in(cast.carmen)
    assert 'type="hidden" name="body"' in text_of(client, "/proposals/new/")
    form = {"body": str(cast.assembly.uuid), "title": "Bono", "text": TEXT}
    answers = [client.post("/proposals/new/", form) for _ in range(2)]
    proposal = Proposal.objects.get()
    assert [a["Location"] for a in answers] == [url(proposal)] * 2


def test_new_proposal_preview_saves_nothing_and_keeps_what_was_written(cast: Cast):
    form = {"body": str(cast.assembly.uuid), "title": "Bono", "text": "**dos** camiones", "preview": "1"}
    page = signed_in(cast.carmen).post("/proposals/new/", form).content.decode()
    assert "<strong>dos</strong> camiones" in page
    assert "**dos** camiones</textarea>" in page
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"title": "a"},
        {"title": "a\x00", "text": "b"},
        {"title": "a" * 161, "text": "b"},
        {"title": "a", "text": "b" * 20_001},
        {"title": "\u202e\u200b", "text": "b"},
        {"title": "a", "text": "b", "body": "no-uuid"},
        {"title": "a", "text": "b", "body": str(uuid.uuid4())},
        {"title": "a", "text": "b", "body": "\x00"},
    ],
)
def test_new_proposal_returns_nonsense_with_a_sentence(cast: Cast, form):
    answer = signed_in(cast.carmen).post("/proposals/new/", {"body": str(cast.assembly.uuid), **form})
    assert answer.status_code == 200
    assert 'class="errsum' in answer.content.decode()
    assert not Proposal.objects.exists()


def test_new_proposal_of_five_megabytes_is_refused(cast: Cast):
    form = {"body": str(cast.assembly.uuid), "title": "a", "text": "b" * 5_000_000}
    assert signed_in(cast.carmen).post("/proposals/new/", form).status_code in (400, 413)


def test_new_proposal_to_another_workplace_is_refused(cast: Cast):
    form = {"body": str(Body.objects.assembly_of(cast.perlak).uuid), "title": "a", "text": "b"}
    assert signed_in(cast.carmen).post("/proposals/new/", form).status_code == 200
    assert not Proposal.objects.exists()


def test_new_proposal_of_who_belongs_nowhere_explains(cast: Cast):
    assert "You belong to no workplace" in text_of(signed_in(cast.olga), "/proposals/new/")
    assert signed_in(cast.olga).post("/proposals/new/", {"title": "a", "text": "b"}).status_code == 200


def test_edit_proposal_that_was_changed_elsewhere_shows_both_texts(cast: Cast):
    proposal, client = draft(cast), signed_in(cast.carmen)
    text_of(client, url(proposal, "edit"))
    revise_proposal(proposal=proposal, title="t", text=TEXT.replace("cuatro", "dos"), version=1, by=cast.carmen, at=NOW)
    mine = {"title": "t", "text": TEXT.replace("cuatro", "tres"), "version": "1"}
    page = client.post(url(proposal, "edit"), mine).content.decode()
    assert '<del><span class="vh">removed: </span>dos</del>' in page
    assert '<ins><span class="vh">added: </span>tres</ins>' in page
    assert 'name="version" value="2"' in page
    assert ProposalVersion.objects.count() == 2
    client.post(url(proposal, "edit"), {**mine, "version": "2"})
    assert ProposalVersion.objects.order_by("-number")[0].text == mine["text"]


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 40, "\x00"])
def test_edit_proposal_without_a_readable_version_writes_nothing(cast: Cast, version):
    proposal = draft(cast)
    answer = signed_in(cast.carmen).post(url(proposal, "edit"), {"title": "t", "text": "nuevo", "version": version})
    assert answer.status_code == 200
    assert ProposalVersion.objects.count() == 1


def test_show_proposal_marks_what_changed_between_versions(cast: Cast):
    proposal = draft(cast)
    revise_proposal(
        proposal=proposal, title=proposal.title, text=TEXT.replace("cuatro", "dos"), version=1, by=cast.carmen, at=NOW
    )
    client = signed_in(cast.carmen)
    assert '<del><span class="vh">removed: </span>cuatro</del>' in text_of(client, url(proposal) + "?since=1")
    for nonsense in ("0", "2", "99999999999999999999", "x", "%00"):
        assert "<del>" not in text_of(client, url(proposal) + f"?since={nonsense}")


def test_show_proposal_lets_no_script_through(cast: Cast):
    proposal = draft(cast, title="<script>alert(1)</script>")
    text = '<img src=x onerror=alert(1)> [a](javascript:alert(1)) <a href="javascript:x">b</a>'
    revise_proposal(proposal=proposal, title=proposal.title, text=text, version=1, by=cast.carmen, at=NOW)
    for address in (url(proposal), url(proposal) + "?since=1", url(proposal, "edit"), "/proposals/"):
        page = text_of(signed_in(cast.carmen), address)
        assert ("<script>alert" in page, "<img" in page, '<a href="javascript' in page) == (False, False, False)


# --- acting -------------------------------------------------------------------------------------------


def test_submit_twice_answers_409_and_submits_once(cast: Cast):
    proposal, client = draft(cast), signed_in(cast.carmen)
    codes = [client.post(url(proposal, "submit")).status_code for _ in range(2)]
    assert (codes, Proposal.objects.get().number) == ([302, 409], 1)


def test_submit_and_withdraw_ask_for_a_post(cast: Cast):
    proposal = draft(cast)
    assert [signed_in(cast.carmen).get(url(proposal, act)).status_code for act in ("submit", "withdraw")] == [405, 405]


def test_moderate_shows_the_reason_and_its_author_to_all(cast: Cast):
    proposal = in_state(cast, S.MODERATION)
    answer = signed_in(cast.hugo).post(
        url(proposal, "moderate"), {"verdict": "returned", "reason": "Falta <b>decir</b> quién paga."}
    )
    assert answer["Location"] == url(proposal)
    page = text_of(signed_in(cast.pedro), url(proposal))
    assert "Falta &lt;b&gt;decir&lt;/b&gt; quién paga." in page
    assert "Hugo Tapia" in page


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"reason": "a"},
        {"verdict": "admitted"},
        {"verdict": "x", "reason": "a"},
        {"verdict": "admitted", "reason": "a\x00"},
    ],
)
def test_moderate_returns_nonsense_with_a_sentence_and_keeps_the_reason(cast: Cast, form):
    proposal = in_state(cast, S.MODERATION)
    answer = signed_in(cast.elena).post(url(proposal, "moderate"), form)
    assert answer.status_code == 200
    assert 'class="errsum' in answer.content.decode()
    assert Proposal.objects.get().state == S.MODERATION


def test_moderate_her_own_says_that_another_decides(cast: Cast):
    moderated_always(cast.assembly)
    proposal, client = submitted(cast, by=cast.elena), signed_in(cast.elena)
    assert "nobody moderates her own proposal" in text_of(client, url(proposal))
    assert "Nobody moderates her own proposal" in text_of(client, "/proposals/moderation/")
    assert client.get(url(proposal, "moderate")).status_code == 403


def test_moderate_without_a_second_factor_leads_to_it(cast: Cast):
    proposal = in_state(cast, S.MODERATION)
    Member.objects.filter(pk=cast.elena.pk).update(is_demo=False)
    answer = signed_in(Member.objects.get(pk=cast.elena.pk)).get(url(proposal, "moderate"))
    assert answer["Location"] == "/account/second-factor/"


def test_complain_and_convene_from_their_pages(cast: Cast):
    proposal = submitted(cast)
    assert signed_in(cast.pedro).post(url(proposal, "complain"), {"reason": "No dice el costo."}).status_code == 302
    assert "No dice el costo." in text_of(signed_in(cast.rosa), url(proposal))
    other = let_convene_early(submitted(cast, title="Otra"))
    assert f'href="{url(other, "convene")}"' in text_of(signed_in(cast.hugo), url(other))
    assert signed_in(cast.hugo).post(url(other, "convene"), {"days": "4"}).status_code == 302
    assert Proposal.objects.get(pk=other.pk).state == S.VOTING
    assert "For 4 days." in text_of(signed_in(cast.rosa), url(other))


def test_convene_is_not_offered_where_the_deliberation_lasts_its_days(cast: Cast):
    proposal, hugo = submitted(cast), signed_in(cast.hugo)
    assert url(proposal, "convene") not in text_of(hugo, url(proposal))
    for answer in (hugo.get(url(proposal, "convene")), hugo.post(url(proposal, "convene"), {"days": "3"})):
        assert (answer.status_code, "nobody may shorten that" in answer.content.decode()) == (409, True)
    assert Proposal.objects.get().state == S.DELIBERATION


@pytest.mark.parametrize("days", ["", "0", "2", "91", "-3", "x", "1.5", "9" * 50, "\x00"])
def test_convene_for_nonsense_days_is_refused_on_the_form(cast: Cast, days):
    proposal = let_convene_early(submitted(cast))
    answer = signed_in(cast.hugo).post(url(proposal, "convene"), {"days": days})
    assert (answer.status_code, Proposal.objects.get().state) == (200, S.DELIBERATION)


def test_show_proposal_while_it_is_voted_has_the_booth(cast: Cast):
    proposal = let_convene_early(submitted(cast))
    convene_vote(proposal=proposal, days=3, by=cast.hugo, at=NOW)
    page = text_of(signed_in(cast.pedro), url(proposal))
    assert f"/votes/{Proposal.objects.get().poll.uuid}/cast/" in page


# --- what waits -------------------------------------------------------------------------------------------


def test_waiting_asks_moderators_but_not_the_author(cast: Cast):
    moderated_always(cast.assembly)
    proposal = submitted(cast, by=cast.elena)
    titles = {
        name: [t.title for t in waiting_for(member=Member.objects.get(username=name), at=NOW) if t.icon == "propuesta"]
        for name in ("elena", "hugo", "carmen", "rosa", "nora", "ana")
    }
    assert {name for name, waiting in titles.items() if waiting == [proposal.title]} == {"hugo"}
    assert sum(len(waiting) for waiting in titles.values()) == 1


def test_waiting_ends_with_the_clock_though_no_job_has_run(cast: Cast):
    moderated_always(cast.assembly)
    submitted(cast)
    due = NOW + dt.timedelta(days=3)
    pressing = [t.pressing for t in waiting_for(member=cast.hugo, at=due - dt.timedelta(hours=2))]
    assert (pressing, list(waiting_for(member=cast.hugo, at=due))) == ([True], [])


def test_waiting_tells_the_author_that_it_was_returned(cast: Cast):
    proposal = in_state(cast, S.RETURNED)
    assert [t.url for t in waiting_for(member=cast.carmen, at=NOW)] == [url(proposal)]
    assert waiting_for(member=cast.pedro, at=NOW) == []


def test_show_proposal_goes_on_where_too_few_electors_are_left(cast: Cast):
    moderated_always(cast.assembly)
    proposal = submitted(cast, at=NOW - dt.timedelta(days=4))
    for person in (cast.pedro, cast.hugo, cast.rosa):
        person.memberships.update(until_on=NOW.date())
    assert "In deliberation" in text_of(signed_in(cast.carmen), "/proposals/")
    assert proposal.title in text_of(signed_in(cast.carmen), url(proposal))
