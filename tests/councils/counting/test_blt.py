"""BLT files: what is read, and what is refused with its line."""

import pytest

from councils.counting.blt import BltError, read_blt

FILE = """\
4 2  # four candidates, two seats
-3
13 1 2 0
2 3 1 0

4 2 0
3 1 2 0
1 0
0
"Rosa Soto"
"Juan \\"Chico\\" Díaz"
"Ana # 3"
"Luis"
"Council of the cordón"
"""


def test_reads_a_file():
    blt = read_blt(FILE)
    assert (blt.seats, blt.candidates, blt.withdrawn) == (2, (1, 2, 4), {3})
    assert blt.papers == {(1, 2): 16, (3, 1): 2, (2,): 4}
    assert blt.blank == 1
    assert blt.names == ("Rosa Soto", 'Juan "Chico" Díaz', "Ana # 3", "Luis")
    assert blt.title == "Council of the cordón"


def test_mark_that_cannot_be_told_ends_the_paper():
    papers = read_blt("3 1\n1 1 2=3 0\n1 2 - 3 0\n1 3 3 1 0\n0\n").papers
    assert papers == {(1,): 1, (2,): 1, (3,): 1}


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("", "header", 1),
        ("hello\n", "header", 1),
        ("0 1\n0\n", "header", 1),
        ("3 0\n0\n", "header", 1),
        ("2 1\n3 1 5 0\n0\n", "candidate", 2),
        ("2 1\n3 1 x 0\n0\n", "candidate", 2),
        ("2 1\n1.5 1 0\n0\n", "weight", 2),
        ("2 1\n-1 1 0\n0\n", "weight", 2),
        ("2 1\n3 1 2\n0\n", "unended", 2),
        ("2 1\n3 1 2 0\n", "cut_short", 2),
        ('2 1\n3 1 0\n0\n"only one"\n', "names", 4),
        ("2 1\n１ 1 0\n0\n", "weight", 2),
    ],
)
def test_refuses(text, problem, line):
    with pytest.raises(BltError) as e:
        read_blt(text)
    assert (e.value.problem, e.value.line) == (problem, line)
