"""Rules are inserted, never changed."""

from __future__ import annotations

import html
import json
import re

import pytest

from councils.admin.rule_set import EXAMPLE
from councils.models import (
    AuditEvent,
    RuleSet,
)
from councils.rules import Rules, values_in_words
from tests.admin_forms import page, save
from tests.builders import NOW
from tests.votes import open_yes_no


def test_add_rules_makes_the_next_version_from_now_on(ana, cast):
    assert save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules='{"voting_days": 2}') == ""
    rules = RuleSet.objects.in_force(cast.assembly, NOW)
    assert (rules.version, rules.rules) == (2, {"voting_days": 2})
    shown = ana.get(page(RuleSet, "change", rules.pk)).content.decode()
    assert "2 días" in shown
    assert AuditEvent.objects.get(verb="set_rules").detail == {"version": 2}


@pytest.mark.parametrize("rules", ['{"voting_days": 0}', '{"no_such": 1}', "[]", "{", '"x"', "1e999"])
def test_add_rules_refuses_what_cannot_be_read(ana, cast, rules):
    assert save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules=rules) != ""
    assert RuleSet.objects.filter(body=cast.assembly).count() == 1


@pytest.mark.parametrize(
    "rules",
    [
        "[" * 20_000,
        "[" * 20_000 + "]" * 20_000,
        '{"voting_days": ' + "[" * 900 + "]" * 900 + "}",
        '{"voting_days": ' + "9" * 5_000 + "}",
        '{"\\ud800": 1}',
        '{"voting_days": NaN}',
    ],
    ids=["open", "deep", "deep enough", "digits", "half", "nan"],
)
def test_add_rules_answers_what_python_gives_up_on_with_the_form(ana, cast, rules):
    """And with what was typed in it."""
    errors = save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules=rules)
    assert errors != ""
    answer = ana.post(page(RuleSet, "add"), {"body": cast.assembly.pk, "rules": rules})
    assert rules in html.unescape(answer.content.decode())
    assert RuleSet.objects.filter(body=cast.assembly).count() == 1


def test_add_rules_never_reaches_back(ana, cast):
    past = {"in_force_from_0": "2024-01-01", "in_force_from_1": "10:00:00"}
    assert save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules="{}", **past) != ""


def test_rules_are_never_changed(ana, cast):
    rules = RuleSet.objects.get(body=cast.assembly)
    assert ana.post(page(RuleSet, "change", rules.pk), {"rules": "{}"}).status_code == 403


def test_rules_are_not_changed_while_a_vote_is_open(ana, cast):
    poll = open_yes_no(cast)
    rules = '{"proposal_quorum": {"base": "roll", "share": "0/1"}}'
    for body in (cast.assembly, cast.committee):
        assert "votación abierta" in save(ana, page(RuleSet, "add"), body=body.pk, rules=rules)
        assert RuleSet.objects.filter(body=body).count() == 1
    poll.state = "declared"
    poll.save()
    assert save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules=rules) == ""
    poll.refresh_from_db()
    assert poll.rule_set.version == 1


def test_default_rules_are_called_so(ana, cast):
    rules = RuleSet.objects.get(body=cast.assembly)
    for url in (page(RuleSet, "change", rules.pk), page(RuleSet, "changelist")):
        assert "reglas por defecto" in ana.get(url).content.decode()
    save(ana, page(RuleSet, "add"), body=cast.assembly.pk, rules='{"voting_days": 2}')
    assert "voting_days" in ana.get(page(RuleSet, "change", RuleSet.objects.latest("pk").pk)).content.decode()


def test_the_form_begins_with_no_rules_and_names_each_with_its_values(ana, settings):
    settings.LANGUAGE_CODE = "en"
    shown = html.unescape(ana.get(page(RuleSet, "add")).content.decode())
    assert re.search(r"<textarea[^>]*>\s*{}</textarea>", shown)
    assert [name for name, values in values_in_words() if f"<code>{name}</code>: " not in shown] == []
    assert "<code>voting_days</code>: days, a whole number from 1 to 90<" in shown
    assert Rules.read(EXAMPLE).voting_days == 2 and json.dumps(EXAMPLE) in shown
    assert "While a vote is open in that place its rules are not changed" in shown
