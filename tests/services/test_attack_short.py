"""A short cut of ``make attack``: some cases of each kind. Skips where the harness is not beside the checkout."""

from __future__ import annotations

import pytest

from tests.attack import authz, harness, headers, importing, race
from tests.attack.site import Unavailable, postgresql_bin

pytestmark = pytest.mark.services


@pytest.fixture(autouse=True)
def harness_is_here() -> None:
    """What the attacks need."""
    try:
        harness.directory()
        postgresql_bin()
    except Unavailable as e:
        pytest.skip(str(e))


def test_headers_of_some_pages_are_all_there():
    assert headers.attack("sqlite", only=r"^/(workplaces/\{w\}/|votes/\{poll\}/|bodies/\{assembly\}/log/|import/)$")


def test_roles_reach_what_was_signed_and_nothing_else():
    assert authz.attack(
        "sqlite", only=r"^/(enrol/|figures/|proposals/\{draft|votes/\{poll|workplaces/\{w\}/people/\{|import/\{)"
    )


def test_a_vote_in_a_race_counts_once():
    assert race.attack("postgresql", rounds=1, voters=10)


def test_bad_files_get_a_sentence():
    assert importing.attack("sqlite", only="unknown unit", faces=("page",))
