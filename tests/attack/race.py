"""One voter casting two hundred times at once; sixty voters around the second of the close."""

from __future__ import annotations

from tests.attack import harness
from tests.attack.site import site

VOTERS = 60
#: Casts of one voter in one moment, and rounds: one process serves SQLite, several PostgreSQL.
AT_ONCE = {"sqlite": (40, 3), "postgresql": (200, 20)}
#: Of the members that ``manage.py open_trial_vote`` makes.
PASSWORD = "voto de prueba"


def attack(engine: str, *, rounds: int = 0, voters: int = VOTERS) -> bool:
    """Whether each voter has one ballot, none acknowledged is lost and none comes late."""
    at_once, most = AT_ONCE[engine]
    with site(engine) as place:
        place.serve()
        opened = ("open_trial_vote", "{secs}", "--voters", str(voters))
        place.operate(*(word.format(secs=1) for word in opened))  # the voters, to sign in
        config = {
            "voters": [[f"trial{number}", PASSWORD] for number in range(1, voters + 1)],
            "race": {
                "setup_cmd": place.shell("manage.py", *opened),
                "tally_cmd": place.shell("manage.py", "tally_vote", "{id}"),
                "vote_path": "/votes/{id}/cast/",
                "field": "choice",
                "choices": ["yes", "no", "abstain"],
                "accept": [201],
                "reject": [409],
                "same_n": at_once,
                "rounds": rounds or most,
            },
        }
        return harness.run(place, "race_vote.py", config)
