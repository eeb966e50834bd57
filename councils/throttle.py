"""Slowing down whoever guesses, without ever locking an account.

Threats, and what answers each:

- *Guessing one password* from one place: a pair (source address, account) that failed
  ``PAIR`` times within ``WINDOW`` waits for the rest of it.
- *Locking a colleague out of a vote* by failing in her name: nothing is counted against
  the account alone, so failures elsewhere do not touch her; and a device on which she
  signed in before (a signed cookie) has a budget of its own, so not even failures from
  her own factory's address do.
- *Flooding the sign-in page* from the address that 300 colleagues share: an address alone
  is never refused. When it fails very often (``BUSY``), each of its pairs gets fewer
  attempts (``PAIR_WHEN_BUSY``); a sign-in that succeeds gives back what it took.
- *Many guesses at once*: an attempt is taken before the password is looked at and given
  back if it was right, so parallel requests cannot slip through between check and count.
- *Guessing second factors* once a password is known: besides the pair, the account may
  fail ``CODES_AN_HOUR`` times from devices it never used; its own devices are not counted.
- *Guessing the codes of an enrolment sheet* (50 bits each): wrong ones are counted by address and
  refused from ``GUESSES`` on, see ``count_wrong_guess``. A right one always passes, so what protects the
  codes is their length: 300 outstanding ones and 100 guesses a second for their whole 30 days, which nobody
  would overlook, give a chance of one in fourteen thousand to hit any of them.
- *Forged addresses*: a proxy's header is believed only as far as ``CORDON_PROXIES`` says.
- *A dead cache*: counts nothing, refuses nobody (config/cache.py).

What it does not answer: somebody without a known device, at an address from which her very
account is being attacked, waits up to five minutes at a time; another network, or two people
of her committee, let her in. Casting a vote has no budget by address at all.

Addresses and accounts are kept as keyed hashes, for minutes, in the cache only.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from councils.errors import TooMany
from councils.models import Member

WINDOW = dt.timedelta(minutes=5)
PAIR = 5
PAIR_WHEN_BUSY = 3
#: Failures of one address within a window from which it counts as flooding.
BUSY = 200
DEVICE = 10
CODES_AN_HOUR = 30
#: Wrong printed codes of one address within a window; fewer once so many came from everywhere within an hour.
GUESSES = 60
GUESSES_WHEN_BUSY = 6
GUESSES_EVERYWHERE = 3000
#: Workplaces founded through the open page within an hour.
STARTS = 5
STARTS_EVERYWHERE = 200

COOKIE = "device"
COOKIE_AGE = dt.timedelta(days=400)
#: Accounts that one shared device remembers.
COOKIE_ACCOUNTS = 40
_SALT = "councils.throttle"


@dataclass(frozen=True)
class Counter:
    """Attempts under one name since its window began."""

    name: str
    window: dt.timedelta = WINDOW

    def value(self) -> int:
        return int(cache.get(self.name, 0))

    def take(self, at: dt.datetime) -> int:
        """Count one more; the window begins with the first."""
        seconds = int(self.window.total_seconds())
        if cache.add(self.name, 1, timeout=seconds):
            cache.set(f"{self.name}:until", (at + self.window).timestamp(), timeout=seconds)
            return 1
        try:
            return int(cache.incr(self.name))
        except ValueError:  # the window ended between the two
            return 1

    def give_back(self) -> None:
        try:
            cache.incr(self.name, -1)
        except ValueError:  # the window has ended: nothing is owed
            return

    def wait(self, at: dt.datetime) -> dt.timedelta:
        """Until the window ends."""
        until = float(cache.get(f"{self.name}:until", 0))
        return max(dt.timedelta(seconds=1), dt.datetime.fromtimestamp(until, dt.UTC) - at) if until else self.window


@dataclass(frozen=True)
class Attempt:
    """What one attempt took. ``give_back`` when it succeeds."""

    counters: tuple[Counter, ...]

    def give_back(self) -> None:
        for counter in self.counters:
            counter.give_back()


def begin_attempt(request: HttpRequest, *, kind: str, account: str, at: dt.datetime) -> Attempt:
    """Take one attempt of ``kind`` ("password", "code") on ``account`` for whoever sends ``request``.

    Raises ``TooMany`` with the time to wait, before anything costly or telling is done.
    """
    device = known_device(request, account)
    if device is not None:
        return _take([(Counter(_key(kind, "device", device, account)), DEVICE)], at)
    address = source_address(request)
    flood = Counter(_key(kind, "address", address))
    allowed = PAIR_WHEN_BUSY if flood.value() >= BUSY else PAIR
    limits: list[tuple[Counter, int | None]] = [(Counter(_key(kind, "pair", address, account)), allowed), (flood, None)]
    if kind == "code":
        limits.append((Counter(_key(kind, "account", account), dt.timedelta(hours=1)), CODES_AN_HOUR))
    return _take(limits, at)


def count_wrong_guess(request: HttpRequest, *, at: dt.datetime) -> None:
    """Count one printed code that does not exist. Raises ``TooMany`` once the budget is used up.

    Called only after the look-up, and not for a right code: that one passes at any moment, so a
    guesser behind the address that 300 colleagues share locks nobody out. When wrong ones come from
    everywhere at once, each address keeps a smaller budget of its own.
    """
    everywhere = Counter(_key("guess", "everywhere"), dt.timedelta(hours=1))
    allowed = GUESSES_WHEN_BUSY if everywhere.value() >= GUESSES_EVERYWHERE else GUESSES
    _take([(Counter(_key("guess", "address", source_address(request))), allowed), (everywhere, None)], at)


def begin_start(request: HttpRequest, *, at: dt.datetime) -> Attempt:
    """Take one founding of a workplace by whoever sends ``request``. ``give_back`` when nothing was founded.

    Raises ``TooMany``.
    """
    hour = dt.timedelta(hours=1)
    address = Counter(_key("start", "address", source_address(request)), hour)
    return _take([(address, STARTS), (Counter(_key("start", "everywhere"), hour), STARTS_EVERYWHERE)], at)


def _take(limits: list[tuple[Counter, int | None]], at: dt.datetime) -> Attempt:
    taken: list[Counter] = []
    for counter, limit in limits:
        if limit is not None and counter.value() >= limit:
            _refuse(taken, counter, at)
        count = counter.take(at)
        taken.append(counter)
        if limit is not None and count > limit:
            _refuse(taken, counter, at)
    return Attempt(tuple(taken))


def _refuse(taken: list[Counter], counter: Counter, at: dt.datetime) -> None:
    for other in taken:
        other.give_back()
    wait = counter.wait(at)
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    raise TooMany(
        ngettext(
            "Too many attempts that failed. Wait %(minutes)s minute and try again.",
            "Too many attempts that failed. Wait %(minutes)s minutes and try again.",
            minutes,
        )
        % {"minutes": minutes},
        wait,
    )


def account_named(login: str) -> str:
    """What failures count under: the account that ``login`` (user name or e-mail) leads to, or the text itself."""
    found = Member.objects.filter(username__iexact=login) | Member.objects.exclude(email="").filter(email__iexact=login)
    pk = found.order_by("pk").values_list("pk", flat=True).first()
    return account_of(pk) if pk is not None else f"unknown:{login.casefold()}"


def account_of(pk: int) -> str:
    """The account of the member with this key."""
    return f"member:{pk}"


def source_address(request: HttpRequest) -> str:
    """Where the request comes from. IPv6 by its /64, which one household or phone holds whole.

    Behind ``settings.PROXIES`` proxies of our own, the address that the outermost of them saw.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES:
            address = hops[-settings.PROXIES]
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def known_device(request: HttpRequest, account: str) -> str | None:
    """The device's random id, if ``account`` was signed in to on it before."""
    device, accounts = _read_cookie(request)
    return device if _mark(device, account) in accounts else None


def remember_device(request: HttpRequest, response: HttpResponseBase, member: Member) -> None:
    """After a sign-in: this device is known to ``member`` from now on. The cookie names nobody."""
    device, accounts = _read_cookie(request)
    device = device or secrets.token_urlsafe(16)
    mark = _mark(device, account_of(member.pk))
    accounts = [mark, *(other for other in accounts if other != mark)][:COOKIE_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps({"device": device, "accounts": accounts}, salt=_SALT),
        max_age=COOKIE_AGE,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _read_cookie(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        held = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_AGE)
    except signing.BadSignature:
        return "", []
    return str(held["device"]), [str(mark) for mark in held["accounts"]]


def _mark(device: str, account: str) -> str:
    return salted_hmac(f"{_SALT}.device", f"{device}|{account}").hexdigest()[:24]


def _key(*parts: str) -> str:
    return "throttle:" + salted_hmac(_SALT, "\0".join(parts), algorithm="sha256").hexdigest()
