"""The booth of a yes or no shows what is voted."""

from __future__ import annotations

import pytest
import time_machine

from councils.enums import ProposalState
from councils.models import Proposal, Recall
from tests.builders import NOW
from tests.conftest import Cast
from tests.councils.views.test_proposal import signed_in, text_of, url
from tests.proposals import in_state
from tests.recalls import agree, voting


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(NOW, tick=False):
        yield


def test_vote_shows_its_title_once_and_the_text_that_is_voted(cast: Cast):
    proposal = in_state(cast, ProposalState.VOTING)
    client = signed_in(cast.pedro)
    page = text_of(client, f"/votes/{Proposal.objects.get(pk=proposal.pk).poll.uuid}/").partition("</head>")[2]
    assert page.count(proposal.title) == 1
    assert ("cuatro camiones" in page, "Read the whole text" in page) == (True, False)


def test_vote_shows_the_beginning_of_a_long_text_and_leads_to_the_rest(cast: Cast):
    proposal = in_state(cast, ProposalState.VOTING)
    proposal.versions.update(text="Primero.\n\n" + "palabra " * 300 + "final")
    page = text_of(signed_in(cast.pedro), f"/votes/{proposal.poll.uuid}/")
    assert ("Primero. …" in page, "palabra" in page) == (True, False)
    assert f'<a href="{url(proposal)}">Read the whole text</a>' in page


def test_vote_on_a_recall_shows_both_sides(cast: Cast):
    agree(cast)
    recall = voting(cast)
    Recall.objects.update(answer="Rendí cuenta en mayo.")
    page = text_of(signed_in(cast.pedro), f"/votes/{recall.poll.uuid}/")
    assert (page.count(recall.reason), page.count("Rendí cuenta en mayo.")) == (1, 1)
