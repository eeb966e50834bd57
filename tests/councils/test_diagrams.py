"""The diagrams in councils/README.md are those of the transition tables, and the tables are whole."""

from pathlib import Path

import pytest

from councils.diagrams import TABLES, begin, block, end, renewed
from councils.enums import ElectionState, NominationState, PollState, ProposalState, RecallState

README = Path(__file__).parents[2] / "councils" / "README.md"


@pytest.mark.parametrize("name", TABLES)
def test_readme_shows_the_states_as_they_are(name):
    assert block(name) in README.read_text("utf-8"), "stale: run python -m councils.diagrams councils/README.md"


def test_renewed_replaces_only_between_the_markers():
    stale = f"before\n{begin('poll')}\nold\n{end('poll')}\nafter"
    assert renewed(stale) == f"before\n{block('poll')}\nafter"


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("election", ElectionState),
        ("nomination", NominationState),
        ("proposal", ProposalState),
        ("poll", PollState),
        ("recall", RecallState),
    ],
)
def test_tables_name_every_state(name, states):
    assert list(TABLES[name]) == list(states)
