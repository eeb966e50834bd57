"""The diagrams in production/README.md are those of the transition tables, and the tables are whole."""

from pathlib import Path

import pytest

from councils.diagrams import block
from production.diagrams import MAKER, TABLES
from production.enums import AlertState

README = Path(__file__).parents[2] / "production" / "README.md"


@pytest.mark.parametrize("name", TABLES)
def test_readme_shows_the_states_as_they_are(name):
    stale = "stale: run python -m production.diagrams production/README.md"
    assert block(name, TABLES, MAKER) in README.read_text("utf-8"), stale


def test_the_table_names_every_state():
    assert list(TABLES["alert"]) == list(AlertState)
