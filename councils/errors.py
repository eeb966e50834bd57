"""The two ways a verb says no, and the throttle's "later". Anything else that is raised is a bug."""

import datetime as dt


class Denied(Exception):
    """Not you: the actor may not do this. Pages answer 403 with the sentence."""


class Refused(Exception):
    """Not now, and why: a state rule forbids it. Pages answer on the form, or 409."""


class SecondFactorNeeded(Denied):
    """You may, once a second factor protects your account."""


class TooMany(Exception):
    """Not so fast: too many failures from this source. Pages answer 429 and say how long to wait."""

    def __init__(self, sentence: str, wait: dt.timedelta) -> None:
        super().__init__(sentence)
        self.wait = wait
