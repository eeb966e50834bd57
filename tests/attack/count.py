"""``count.py DATABASE_URL``: how many figures there are, without Django, so that it is quick."""

from __future__ import annotations

import json
import sqlite3
import sys

import psycopg

QUERY = "SELECT count(*) FROM production_figure"


def figures(url: str) -> int:
    if url.startswith("sqlite:///"):
        with sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True) as database:
            return int(database.execute(QUERY).fetchone()[0])
    with psycopg.connect(url) as server:
        found = server.execute(QUERY).fetchone()
        return int(found[0]) if found else 0


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"count": figures(sys.argv[1])}) + "\n")
