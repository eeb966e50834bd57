"""A thief of everything but the keys: five hundred vote; he copies the whole site while the vote is open, and after it.

Database with its files, free pages, write-ahead log and dump; Redis; logs; the directory of data. While the vote is
open he must find no paper in the clear, at no time a key, and afterwards no more than chance who cast which ballot.
Nothing may tell where a vote came from.
"""

from __future__ import annotations

import csv
import itertools
import math
import random
import re
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import redis

from tests.attack import harness, loot
from tests.attack.harness import say
from tests.attack.kill_casts import CODE
from tests.attack.site import Site, postgresql_bin, site
from tests.services.conftest import wait_until

ELECTORS, CANDIDATES = 500, 7
#: By chance one of them is linked, by many joins some more: so many are none, nor what luck gives once in a thousand.
LINKS, LUCK = 5, 0.001
CODE_LETTERS, SESSION_LETTERS, HEX = "2-9BCDFGHJKMNPQRSTVWXZ", "a-z0-9", "0-9a-f"
AGENT, NETWORK = "navegador-de-electora", "127.77."
#: What is written while people cast; of these only the roll knows a person.
WRITTEN = {"councils_rollentry", "councils_job", "councils_heartbeat"}
#: Where people and their sessions are kept, vote or no vote.
PEOPLE = {"councils_member", "councils_historicalmember", "councils_membership", "django_session"}
Orders = dict[str, list[str]]


@dataclass
class Electors:
    """What only they know: elector → ranking and code; and in which order they were answered."""

    rankings: dict[str, list[str]]
    codes: dict[str, str] = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)


def attack(engine: str, *, electors: int = ELECTORS) -> bool:
    """Whether the thief finds nothing while the vote is open, and links nobody after it."""
    with site(engine) as place:
        world = place.busy("electors", str(electors))
        vote = place.busy("ranked", str(CANDIDATES))
        place.serve()
        before = contents(place)
        people = _cast_all(place, vote, world["cookies"])
        thief = Thief(place, vote, people, world["cookies"])
        found = [thief.tables_written(before)]
        while_open, orders = thief.steal("open"), thief.voter_orders()
        found.append(thief.reads(while_open))
        place.busy("close", vote["poll"])
        if not wait_until(lambda: place.busy("counted", vote["poll"])["state"] == "declared", 120):
            say("FAULT the vote was not declared")
            return False
        after = thief.steal("after")
        found += [thief.finds_keys(while_open, after), thief.traces(while_open, after)]
        found += [thief.learn(after), thief.links(orders, while_open, after)]
        if engine == "postgresql":
            found += [thief.linker("councils_ballot", "id"), thief.linker("councils_checkcode", "code")]
        return all(found)


def _cast_all(place: Site, vote: dict[str, Any], cookies: Sequence[dict[str, str]]) -> Electors:
    """Each from an address and a browser of her own; every fifth changes her vote."""
    chance = random.Random(1972)
    papers = chance.sample(list(itertools.permutations(map(str, range(1, CANDIDATES + 1)))), len(cookies))
    people = Electors({f"elector{n}": list(paper) for n, paper in enumerate(papers)})
    numbers = list(range(len(cookies)))
    chance.shuffle(numbers)

    def cast(number: int) -> None:
        name, address = f"elector{number}", f"{NETWORK}{number // 250}.{number % 250 + 1}"
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(base_url=place.base, cookies=cookies[number], transport=transport, timeout=60) as browser:
            browser.headers["User-Agent"] = f"{AGENT}/{number}"
            rankings = [people.rankings[name]]
            if number % 5 == 0:
                rankings.insert(0, rankings[0][::-1])
            for version, ranking in enumerate(rankings):
                sent = {f"rank_{id}": str(n) for n, id in enumerate(ranking, 1)}
                sent |= {"replaces": str(version), "csrfmiddlewaretoken": cookies[number]["csrftoken"]}
                answer = browser.post(f"/votes/{vote['poll']}/cast/", data=sent)
                shown = CODE.search(answer.text)
                if answer.status_code != 201 or shown is None:
                    raise RuntimeError(f"a vote was answered with {answer.status_code}")
                if version:
                    people.replaced.append(people.codes[name])
                people.codes[name] = shown.group(1).replace("-", "")
            people.answered.append(name)

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(cast, numbers))
    return people


def contents(place: Site) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    if place.engine == "sqlite":
        with _sqlite(place) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: sorted(map(str, database.execute(f"SELECT * FROM {name}"))) for name in names}
    with psycopg.connect(place.database_url) as server:
        names = [name for (name,) in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {name: sorted(row for (row,) in server.execute(f"SELECT t::text FROM {name} t")) for name in names}


@contextmanager
def _sqlite(place: Site) -> Iterator[sqlite3.Connection]:
    """Closed afterwards: with one left open, copying the file would take away its locks."""
    with closing(sqlite3.connect(f"file:{place.directory / 'var' / 'cordon.sqlite3'}?mode=ro", uri=True)) as database:
        yield database


class Thief:
    """One who copies what lies in the site's directory, twice."""

    def __init__(
        self, place: Site, vote: dict[str, Any], people: Electors, cookies: Sequence[Mapping[str, str]]
    ) -> None:
        self._place, self._vote, self._people = place, vote, people
        self._sessions = [value for one in cookies for name, value in one.items() if name.startswith("session")]
        self._rows = {name: row for name, (_member, row) in vote["rows"].items()}
        self._members = {name: str(member) for name, (member, _row) in vote["rows"].items()}

    # --- what he takes -----------------------------------------------------------------------------

    def steal(self, when: str) -> Path:
        """The whole directory but the keys of votes, a dump beside the database's own files, and all of Redis."""
        place, copy = self._place, self._place.directory / f"stolen-{when}"
        copy.mkdir()
        if place.engine == "postgresql":
            with psycopg.connect(place.database_url, autocommit=True) as server:
                server.execute("CHECKPOINT")
            dump = [str(postgresql_bin() / "pg_dump"), "--inserts", "--dbname", place.database_url]
            (copy / "dump.sql").write_bytes(subprocess.run(dump, check=True, capture_output=True).stdout)
            (copy / "redis.txt").write_text("\n".join(self._redis()))
        else:
            with _sqlite(place) as database, closing(sqlite3.connect(copy / "backup.sqlite3")) as backup:
                database.backup(backup)
        for name in ("cluster", "var", *(path.name for path in place.directory.glob("*.log"))):
            source, target = place.directory / name, copy / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("urns", "static", ".s.*"))
            elif source.exists():
                shutil.copy(source, target)
        return copy

    def _redis(self) -> list[str]:
        store = redis.Redis(port=self._place.redis_port)
        readers: dict[Any, Callable[[Any], Any]] = {
            b"string": store.get,
            b"list": lambda key: store.lrange(key, 0, -1),
            b"set": store.smembers,
            b"zset": lambda key: store.zrange(key, 0, -1),
            b"hash": store.hgetall,
        }
        return [f"{key!r} {readers[store.type(key)](key)!r}" for key in store.scan_iter()]

    # --- what he reads while it is open --------------------------------------------------------------

    def reads(self, stolen: Path) -> bool:
        """No code, no ranking, no paper before its sealing."""
        poll, people = uuid.UUID(self._vote["poll"]).bytes, self._people
        codes = {*people.codes.values(), *people.replaced}
        spelled = {"-".join(re.findall("....", code)) for code in codes}
        read = len(loot.words_in(codes, CODE_LETTERS, [stolen])) + len(
            loot.words_in(spelled, f"{CODE_LETTERS}-", [stolen])
        )
        rankings = loot.rankings_in(people.rankings.values(), [stolen])
        papers = loot.papers_in(poll, [bytes.fromhex(row) for row in self._rows.values()], [stolen])
        size = sum(path.stat().st_size for path in loot.files(stolen))
        say(
            f"while open, in {size / 1e6:.0f} MB: {read} of {len(codes)} codes, "
            f"{rankings} of {len(self._rows)} rankings, {papers} papers in the clear"
        )
        return not (read or rankings or papers)

    def finds_keys(self, *stolen: Path) -> bool:
        """Neither half of the key, which are in none but the key store: the canary."""
        found = {file for key in self._vote["key"] for file in loot.holding(bytes.fromhex(key), stolen)}
        key = self._place.directory / "keys" / "urns" / uuid.UUID(self._vote["poll"]).hex / "half"
        left = "FAULT" if key.exists() else "none"
        say(f"keys of the vote in what was stolen: {sorted(found) or 'none'}; in their store after the count: {left}")
        return not found and left == "none"

    # --- what tells where a vote came from --------------------------------------------------------------

    def tables_written(self, before: Mapping[str, list[str]]) -> bool:
        """What casting wrote; the roll alone may say who."""
        now = contents(self._place)
        written = {name for name in now if now[name] != before.get(name)}
        say(f"written while {len(self._people.codes)} cast: {', '.join(sorted(written))}")
        names = {re.compile(rf"\b{name}\b") for name in ("elector[0-9]+",)}
        telling = [name for name in now.keys() - PEOPLE for row in now[name] if any(word.search(row) for word in names)]
        if telling:
            say(f"FAULT tables that name an elector: {sorted(set(telling))}")
        return not (written - WRITTEN or telling)

    def traces(self, *stolen: Path) -> bool:
        """No address and no browser anywhere; no elector, row or session in logs, Redis and files of data."""
        origins = loot.holding(AGENT.encode(), stolen) | loot.holding(NETWORK.encode(), stolen)
        beside = [path for copy in stolen for path in copy.iterdir() if path.suffix in (".log", ".txt")]
        rows = [str(uuid.UUID(row)) for row in self._rows.values()]
        told = {
            **loot.words_in(self._sessions, SESSION_LETTERS, beside),
            **loot.words_in(rows, f"{HEX}-", beside),
            **loot.words_in(self._rows.values(), HEX, beside),
        }
        named = loot.holding(b"elector", beside)
        tables = contents(self._place)
        joined = {
            name
            for name in tables.keys() - {"django_session"}
            for row in tables[name]
            for session in re.findall(r"[a-z0-9]{32}", row)
            if session in set(self._sessions)
        }
        say(
            f"address or browser of an elector in: {sorted(origins) or 'no file'}; elector, row or session in: "
            f"{sorted({*named, *(f for one in told.values() for f in one)}) or 'no log, nor Redis'}; "
            f"session beside something else: {sorted(joined) or 'in no table'}"
        )
        return not (origins or told or named or joined)

    # --- who voted what -----------------------------------------------------------------------------------

    def voter_orders(self) -> Orders:
        """In which orders he can put those who voted, while the envelopes are there."""
        people, rows = self._people, self._rows
        orders = {"order of the answers": people.answered, "uuid of the row": sorted(rows, key=lambda name: rows[name])}
        columns: tuple[str, ...] = ("id", "envelope")
        if self._place.engine == "sqlite":
            with _sqlite(self._place) as database:
                found = database.execute(f"SELECT uuid, {', '.join(columns)} FROM councils_rollentry").fetchall()
                of = {row[0]: row[1:] for row in found}
        else:
            columns += "xmin", "ctid"
            with psycopg.connect(self._place.database_url) as server:
                asked = "SELECT uuid, id, envelope, xmin::text::bigint, ctid::text FROM councils_rollentry"
                of = {row[0].hex: row[1:] for row in server.execute(asked).fetchall()}
            self._ctids = {name: of[row][3] for name, row in rows.items()}
        for n, column in enumerate(columns):
            key = _place_of if column == "ctid" else lambda value: value
            orders[f"{column} of the row"] = sorted(rows, key=lambda name: key(of[rows[name]][n]))
        return orders

    def links(self, voters: Orders, while_open: Path, after: Path) -> bool:
        """His best guess in any of these orders, put beside any order of the ballots, or of the codes."""
        told = {"councils_ballot": self._truth, "councils_checkcode": self._people.codes}
        voters |= self._file_orders(while_open, after)
        joins: dict[tuple[tuple[str, ...], ...], tuple[int, str]] = {}
        things = self._thing_orders(after)
        every = {**voters, **{f"{table} by {name}": one for table, of in things.items() for name, one in of.items()}}
        if short := [f"{name} ({len(one)})" for name, one in every.items() if len(one) < len(self._rows)]:
            say(f"orders of fewer than all: {', '.join(short)}")
        for table, orders in things.items():
            for (one, names), (other, given) in itertools.product(voters.items(), orders.items()):
                for turned in (given, given[::-1]):
                    right = sum(told[table][name] == thing for name, thing in zip(names, turned, strict=False))
                    joins[tuple(names), tuple(turned)] = right, f"{one} beside {table} by {other}"
        best, how = max(joins.values())
        say(f"{len(joins)} different joins of orders: the best links {best} of {len(self._rows)} (chance is 1): {how}")
        return best <= LINKS or len(joins) * _by_luck(best) > LUCK

    def learn(self, after: Path) -> bool:
        """Who cast which ballot, by its ranking, which is hers alone: not known to the thief.

        Now codes and rankings are published: a search that had not found them would have proved nothing.
        """
        found = self._place.busy("ballots", self._vote["poll"])
        ballots = {tuple(marks): id for id, marks in found["ballots"]}
        self._truth = {name: ballots.get(tuple(said), "") for name, said in self._people.rankings.items()}
        whole = len(ballots) == len(self._rows) and set(found["codes"]) == set(self._people.codes.values())
        codes = len(loot.words_in(self._people.codes.values(), CODE_LETTERS, [after]))
        rankings = loot.rankings_in(self._people.rankings.values(), [after])
        say(
            f"{len(ballots)} ballots, {len(found['codes'])} codes: {'as cast' if whole else 'FAULT not as cast'}; "
            f"the same search finds {codes} codes and {rankings} rankings now"
        )
        return whole and codes == rankings == len(self._rows)

    def _thing_orders(self, after: Path) -> dict[str, Orders]:
        """Of the ballots, and of the codes, every order in which they lie."""
        found: dict[str, Orders] = {}
        for table, column in (("councils_ballot", "id"), ("councils_checkcode", "code")):
            orders: Orders = {}
            if self._place.engine == "sqlite":
                with _sqlite(self._place) as database:
                    rows = [id for (id,) in database.execute(f"SELECT {column} FROM {table} ORDER BY rowid")]
                orders = {"rowid": rows} | self._offsets({id: id for id in rows}, after)
            else:
                with psycopg.connect(self._place.database_url) as server:
                    asked = f"SELECT {column}, ctid::text, xmin::text::bigint FROM {table}"
                    rows = server.execute(asked).fetchall()
                ctids = {id: ctid for id, ctid, _xmin in rows}
                orders = {
                    "ctid": sorted(ctids, key=lambda id: _place_of(ctids[id])),
                    "xmin": [id for id, _ctid, xmin in sorted(rows, key=lambda row: row[2])],
                    "write-ahead log": self._log_order(after, table, ctids),
                }
            found[table] = orders | {column: sorted(next(iter(orders.values())))}
        return found

    def _file_orders(self, while_open: Path, after: Path) -> Orders:
        """Of those who voted, by where their rows lie in files."""
        if self._place.engine == "sqlite":
            return self._offsets(self._rows, while_open) | self._offsets(self._rows, after)
        return {"write-ahead log": self._log_order(while_open, "councils_rollentry", self._ctids)}

    def _offsets(self, words: Mapping[str, str], stolen: Path) -> Orders:
        """By first and last place in the file, in its log of changes and in the copy that backs it up."""
        names = ("var/cordon.sqlite3", "var/cordon.sqlite3-wal", "backup.sqlite3")
        return {
            f"{'last' if last else 'first'} place in {stolen.name}/{name}": loot.offsets(
                words, stolen / name, last=last
            )
            for name in names
            for last in (False, True)
        }

    def _log_order(self, stolen: Path, table: str, ctids: Mapping[str, str]) -> list[str]:
        with psycopg.connect(self._place.database_url) as server:
            node = server.execute("SELECT pg_relation_filenode(%s)", (table,)).fetchone()
        return loot.written(stolen / "cluster" / "pg_wal").order_of(str(node[0] if node else 0), ctids)

    # --- the harness's own try ---------------------------------------------------------------------------

    def linker(self, table: str, column: str) -> bool:
        """``ballot_linker.py``, which is told who cast which only to count its hits."""
        truth = self._place.directory / f"truth-{table}.csv"
        told = self._truth if column == "id" else self._people.codes
        with truth.open("w") as file:
            rows = csv.writer(file)
            rows.writerow(["voter", "ballot"])
            rows.writerows((self._members[name], thing) for name, thing in told.items())
        words = {
            "--dsn": self._place.database_url,
            "--roll": "councils_rollentry",
            "--roll-voter": "member_id",
            "--where-roll": f"poll_id = (SELECT id FROM councils_poll WHERE uuid = '{self._vote['poll']}')",
            "--ballots": table,
            "--ballot-id": column,
            "--truth": str(truth),
        }
        return harness.script("ballot_linker.py", *(word for pair in words.items() for word in pair))


def _by_luck(right: int) -> float:
    """How likely a random matching gets at least so many right (Poisson with mean 1, the limit for many)."""
    return 1 - sum(math.exp(-1) / math.factorial(n) for n in range(right))


def _place_of(ctid: str) -> tuple[int, ...]:
    return tuple(map(int, ctid.strip("()").split(",")))
