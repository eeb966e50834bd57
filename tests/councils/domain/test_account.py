"""What a member says of herself."""

from __future__ import annotations

import pytest

from councils.domain.account import change_contact, choose_language
from councils.errors import Refused
from councils.models import AuditEvent, Member


def test_change_contact_keeps_the_address_in_small_letters(cast, now) -> None:
    change_contact(by=cast.carmen, email=" Carmen@Example.ORG ", language="en", at=now)
    carmen = Member.objects.get(pk=cast.carmen.pk)
    assert (carmen.email, carmen.language) == ("carmen@example.org", "en")


def test_change_contact_twice_leaves_the_same(cast, now) -> None:
    for _ in range(2):
        change_contact(by=cast.carmen, email="c@example.org", language="es", at=now)
    assert Member.objects.filter(email="c@example.org").count() == 1


def test_change_contact_may_take_the_address_away(cast, now) -> None:
    change_contact(by=cast.carmen, email="c@example.org", language="es", at=now)
    change_contact(by=cast.carmen, email="", language="es", at=now)
    assert Member.objects.get(pk=cast.carmen.pk).email == ""


def test_change_contact_refuses_the_address_of_another_and_writes_nothing(cast, now) -> None:
    change_contact(by=cast.pedro, email="p@example.org", language="es", at=now)
    with pytest.raises(Refused):
        change_contact(by=cast.carmen, email="P@example.org", language="en", at=now)
    carmen = Member.objects.get(pk=cast.carmen.pk)
    assert (carmen.email, carmen.language, AuditEvent.objects.filter(actor=carmen).count()) == ("", "", 0)


def test_change_contact_refuses_a_language_that_is_not_here(cast, now) -> None:
    with pytest.raises(Refused):
        change_contact(by=cast.carmen, email="", language="xx", at=now)


def test_choose_language_touches_nothing_else(cast) -> None:
    choose_language(by=cast.carmen, language="en")
    assert list(Member.objects.filter(language="en")) == [cast.carmen]
