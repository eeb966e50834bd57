"""``make bench``: the 129 published wards, the largest of them, and a poll of a million ballots.

    python -m tests.benchmarks.bench_counting

Each in a process of its own. The wards lie beside the checkout (``VOTING``, by default ../shared/voting) and are left
out where they do not.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import tarfile
import time
from pathlib import Path

from councils.counting.blt import BltFile, read_blt
from councils.counting.result import Opened, Question, result_of
from councils.counting.stv import count_stv
from councils.rule_words import MORE_YES_THAN_NO, THIRD_OF_THE_ROLL

VOTING = Path(os.environ.get("VOTING", Path(__file__).parents[3] / "shared" / "voting"))
#: Seconds for all wards, for the largest, for the million; and its megabytes.
ALL, LARGEST, MILLION, MEMORY = 2.0, 0.05, 60.0, 1500.0
BALLOTS = 1_000_000
REPEATED = 20


def wards() -> dict[str, BltFile]:
    """By the name of the file."""
    with tarfile.open(VOTING / "blt.tar.gz") as archive:
        files = [member for member in archive.getmembers() if member.name.endswith(".blt")]
        return {Path(m.name).name: read_blt(archive.extractfile(m).read().decode()) for m in files}  # type: ignore[union-attr]


def told(what: str, took: float, most: float, more: str = "") -> bool:
    """Print a line; whether it was quick enough."""
    print(f"{what:34} {took:8.3f} s (at most {most:g}){more} {'PASS' if took <= most else 'FAIL'}")
    return took <= most


def all_wards() -> bool:
    """Read and count every one; the winners are those published."""
    begun = time.process_time()
    counted = {
        name: sorted(count_stv(candidates=w.candidates, papers=w.papers, seats=w.seats).elected)
        for name, w in wards().items()
    }
    took = time.process_time() - begun
    with (VOTING / "winners.csv").open() as file:
        published = {row["file"]: sorted(map(int, row["winner_numbers"].split())) for row in csv.DictReader(file)}
    right = sum(counted[name] == winners for name, winners in published.items())
    good = right == len(published) == len(counted)
    return told(f"{len(counted)} wards read and counted", took, ALL, f", winners of {right} as published") and good


def largest() -> bool:
    """The ward of most ballots, from grouped ballots."""
    name, ward = max(wards().items(), key=lambda one: sum(one[1].papers.values()))
    ballots = sum(ward.papers.values())
    times = []
    for _time in range(REPEATED):
        begun = time.process_time()
        count_stv(candidates=ward.candidates, papers=ward.papers, seats=ward.seats)
        times.append(time.process_time() - begun)
    return told(f"{name}: {ballots:,} ballots", statistics.median(times), LARGEST)


def million() -> bool:
    """As many opened ballots, each of its own, ranked as a poll counts them."""
    chance, ids = random.Random(1973), [str(n) for n in range(1, 13)]
    papers = [Opened(tuple(chance.sample(ids, chance.randint(1, 12)))) for _paper in range(BALLOTS)]
    question = Question(
        method="stv",
        options=tuple(ids),
        seats=5,
        lots=tuple(ids),
        quorum=THIRD_OF_THE_ROLL,
        majority=MORE_YES_THAN_NO,
        roll=BALLOTS,
        quorum_base=BALLOTS,
    )
    begun = time.process_time()
    said = result_of(question, papers, BALLOTS)
    took = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    good = len(said["elected"]) == 5 and peak <= MEMORY
    return told(f"{BALLOTS:,} ballots", took, MILLION, f", peak {peak:.0f} MB (at most {MEMORY:.0f})") and good


def main() -> int:
    """All three; 1 where one is too slow."""
    acts = {act.__name__: act for act in (all_wards, largest, million)}
    if len(sys.argv) > 1:
        return 0 if acts[sys.argv[1]]() else 1
    here = [name for name in acts if name == "million" or (VOTING / "blt.tar.gz").exists()]
    return max(subprocess.run([sys.executable, "-m", __spec__.name, name], check=False).returncode for name in here)


if __name__ == "__main__":
    sys.exit(main())
