"""A code becomes an account, a membership, or a new password: once."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from councils.codes import new_code
from councils.domain import code_batch
from councils.domain.enrolment import enrol, find_code, join_workplace, reset_password, suggested_username
from councils.domain.member import was_reset_after
from councils.domain.membership import admit_member, end_membership
from councils.enums import CodePurpose
from councils.errors import Refused
from councils.models import AuditEvent, CodeBatch, EnrolmentCode, Member, Membership
from tests import builders

PASSWORD = "sopa de piedra fria"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def key_store(settings, tmp_path):
    settings.KEY_STORE_DIR = tmp_path


def printed(cast, now, count: int | None = 1) -> list[str]:
    """Codes that two people of the committee made."""
    batch = code_batch.request_codes(workplace=cast.cristalerias, count=count, by=cast.elena, at=now)
    code_batch.approve_codes(batch=batch, by=cast.hugo, at=now)
    return [p.code for p in code_batch.print_codes(batch=batch, by=cast.elena, at=now)]


def reset_code(cast, member, now) -> str:
    batch = code_batch.request_reset(workplace=cast.cristalerias, member=member, by=cast.elena, at=now)
    code_batch.approve_codes(batch=batch, by=cast.hugo, at=now)
    return code_batch.print_codes(batch=batch, by=cast.elena, at=now)[0].code


def use(typed: str, now, name="Eva Paz", username="eva.paz") -> Member:
    return enrol(code=find_code(typed=typed, at=now), name=name, username=username, password=PASSWORD, at=now)


def test_enrol_with_a_code_for_anyone(cast, now):
    (typed,) = printed(cast, now)
    member = use(typed, now)
    row = Membership.objects.get(member=member)
    assert (member.name, member.username, member.check_password(PASSWORD)) == ("Eva Paz", "eva.paz", True)
    assert (row.territory, row.from_on, row.can_vote) == (cast.cristalerias, dt.date(2026, 11, 16), True)
    assert AuditEvent.objects.get(verb="enrol").detail == {"name": "Eva Paz"}


def test_enrol_leaves_no_trace_of_who_took_a_code_without_a_name(cast, now):
    first, second = printed(cast, now, 2)
    use(first, now)
    left = {c.code_hash for c in EnrolmentCode.objects.all()}
    assert left == {code_batch.code_hash(second.replace("-", ""))}


def test_enrol_with_a_code_that_bears_a_name_takes_that_account(cast, now):
    row = admit_member(workplace=cast.cristalerias, name="Eva Paz", reference="117", by=cast.elena, at=now)
    (typed,) = printed(cast, now, None)
    code = find_code(typed=typed, at=now)
    assert suggested_username(code=code, name="") == "eva.paz"
    member = use(typed, now, name="Somebody Else", username="eva117")
    assert (member.pk, member.name, member.username) == (row.member_id, "Eva Paz", "eva117")
    assert Membership.objects.filter(member=member).count() == 1


def test_enrol_once(cast, now):
    (typed,) = printed(cast, now)
    code = find_code(typed=typed, at=now)
    use(typed, now)
    with pytest.raises(Refused):
        enrol(code=code, name="Ana Gil", username="ana.gil", password=PASSWORD, at=now)
    with pytest.raises(Refused):
        find_code(typed=typed, at=now)
    assert Member.objects.filter(name="Ana Gil").count() == 0


@pytest.mark.parametrize(
    ("name", "username"), [("Eva Paz", "carmen"), ("Eva Paz", "CARMEN"), ("carmen  SOTO", "c.soto")]
)
def test_enrol_refuses_taken_names_and_the_code_still_serves(cast, now, name, username):
    (typed,) = printed(cast, now)
    with pytest.raises(Refused):
        use(typed, now, name=name, username=username)
    assert use(typed, now).name == "Eva Paz"


def test_find_code_says_the_same_of_every_code_that_does_not_serve(cast, now):
    used, expired = printed(cast, now, 2)
    use(used, now)
    sentences = set()
    for typed, at in ((used, now), (expired, now + 31 * DAY), (new_code(), now), ("not a code", now)):
        with pytest.raises(Refused) as caught:
            find_code(typed=typed, at=at)
        sentences.add(str(caught.value))
    assert len(sentences) == 1


def test_enrol_refuses_who_left_meanwhile(cast, now):
    row = admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=now - 9 * DAY)
    (typed,) = printed(cast, now, None)
    code = find_code(typed=typed, at=now)
    end_membership(membership=row, by=cast.elena, at=now)
    with pytest.raises(Refused):
        enrol(code=code, name="", username="eva", password=PASSWORD, at=now)
    assert not Member.objects.get(pk=row.member_id).has_usable_password()


def test_join_workplace_adds_to_the_same_account(cast, now):
    (typed,) = printed(cast, now)
    join_workplace(code=find_code(typed=typed, at=now), by=cast.nora, at=now)
    assert Membership.objects.filter(member=cast.nora).count() == 2


def test_join_workplace_refuses_twice_and_named_codes(cast, now):
    typed, other = printed(cast, now, 2)
    for member in (cast.nora, cast.nora, cast.carmen):
        try:
            join_workplace(code=find_code(typed=typed, at=now), by=member, at=now)
        except Refused:
            typed = other
    assert Membership.objects.filter(member=cast.nora).count() == 2
    admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=now)
    (named,) = printed(cast, now, None)
    with pytest.raises(Refused):
        join_workplace(code=find_code(typed=named, at=now), by=cast.olga, at=now)


def test_reset_password_ends_sessions_and_second_factor(cast, now, client):
    client.force_login(cast.carmen)
    Authenticator.objects.create(user=cast.carmen, type=Authenticator.Type.TOTP, data={"secret": "x"})
    builders.membership(cast.carmen, cast.perlak, since=dt.date(2026, 5, 1))
    typed = reset_code(cast, cast.carmen, now)
    member = reset_password(code=find_code(typed=typed, at=now), password=PASSWORD, at=now)
    assert (member.check_password(PASSWORD), member.reset_at) == (True, now)
    assert Authenticator.objects.filter(user=member).count() == 0
    assert client.get("/account/").status_code == 302
    bodies = {e.body.territory.name for e in AuditEvent.objects.filter(verb="reset_account")}
    assert bodies == {"Cristalerías de Chile", "Perlak"}
    with pytest.raises(Refused):
        find_code(typed=typed, at=now)


def test_codes_serve_their_own_purpose_only(cast, now):
    reset, (fresh,) = reset_code(cast, cast.carmen, now), printed(cast, now)
    with pytest.raises(Refused):
        use(reset, now)
    with pytest.raises(Refused):
        reset_password(code=find_code(typed=fresh, at=now), password=PASSWORD, at=now)
    with pytest.raises(Refused):
        join_workplace(code=find_code(typed=reset, at=now), by=cast.nora, at=now)


def test_reset_password_refuses_who_keeps_the_installation_by_then(cast, now):
    typed = reset_code(cast, cast.carmen, now)
    Member.objects.filter(pk=cast.carmen.pk).update(is_staff=True)
    with pytest.raises(Refused):
        reset_password(code=find_code(typed=typed, at=now), password=PASSWORD, at=now)


def test_was_reset_after_covers_resets_and_first_codes_with_a_name(cast, now):
    opened = now + DAY
    admit_member(workplace=cast.cristalerias, name="Eva Paz", by=cast.elena, at=now)
    early = use(printed(cast, now, None)[0], opened + DAY)
    admit_member(workplace=cast.cristalerias, name="Ana Gil", by=cast.elena, at=now)
    late = use(printed(cast, opened + DAY, None)[0], opened + DAY, username="ana.gil")
    reset = reset_password(
        code=find_code(typed=reset_code(cast, cast.carmen, opened), at=opened + DAY), password=PASSWORD, at=opened + DAY
    )
    found = [was_reset_after(m, opened) for m in (early, late, reset, cast.pedro)]
    assert found == [False, True, True, False]


@pytest.mark.race
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs real concurrency")
@pytest.mark.django_db(transaction=True)
def test_enrol_with_one_code_at_once_makes_one_account(now, settings):
    place, author, other = builders.workplace("Perlak", None), builders.member("elena"), builders.member("hugo")
    batch = CodeBatch.objects.create(
        territory=place, purpose=CodePurpose.ENROL, count=1, requested_by=author, requested_at=now,
        approved_by=other, approved_at=now, printed_at=now,
    )  # fmt: skip
    plain = new_code()
    EnrolmentCode.objects.create(batch=batch, code_hash=code_batch.code_hash(plain), expires_at=now + DAY)
    barrier, outcomes = threading.Barrier(6), []

    def act(number: int) -> None:
        try:
            code = find_code(typed=plain, at=now)
            barrier.wait(timeout=20)
            enrol(code=code, name=f"Eva {number}a", username=f"eva{number}a", password=PASSWORD, at=now)
            outcomes.append("enrolled")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["enrolled"] + ["refused"] * 5
    assert Membership.objects.count() == 1
