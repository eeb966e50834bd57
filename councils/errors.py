"""The two ways a verb says no. Anything else that is raised is a bug."""


class Denied(Exception):
    """Not you: the actor may not do this. Pages answer 403 with the sentence."""


class Refused(Exception):
    """Not now, and why: a state rule forbids it. Pages answer on the form, or 409."""


class SecondFactorNeeded(Denied):
    """You may, once a second factor protects your account."""
