"""Kinds of what is reported, with the words people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IndicatorKind(TextChoices):
    """What a figure measures; also the groups of the report form."""

    INPUT = "input", _("Inputs")
    OUTPUT = "output", _("Products")
    STOCK = "stock", _("Stocks")
    CAPACITY = "capacity", _("Capacity")
    ENERGY = "energy", _("Energy")
    LABOUR = "labour", _("Work")
    OTHER = "other", _("Other")


class Frequency(TextChoices):
    """How often a series is reported. A week begins on Monday."""

    DAY = "day", _("every day")
    WEEK = "week", _("every week")
    MONTH = "month", _("every month")


class Grain(TextChoices):
    """Periods in which summaries are kept."""

    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")


class Aggregation(TextChoices):
    """How figures of one workplace join over time. Over space see analysis.rollup."""

    SUM = "sum", _("sum")
    MEAN = "mean", _("mean")
    LAST = "last", _("last value")
    RATIO = "ratio", _("ratio of two")


class Direction(TextChoices):
    """Which way is better, for words and colours, never for ranking workplaces."""

    MORE = "more", _("more is better")
    LESS = "less", _("less is better")
    NONE = "none", _("neither")


class Sharing(TextChoices):
    """What the workplace's assembly agreed about a figure of its own, outside its walls."""

    NO = "no", _("does not leave on its own")
    WEEKLY = "weekly", _("once a week")
    DAILY = "daily", _("every day")


class Stoppage(TextChoices):
    """Why a workplace did not work on a day. An answer, not a zero."""

    POWER_CUT = "power_cut", _("Power cut")
    HOLIDAY = "holiday", _("Holiday")
    STRIKE = "strike", _("Strike")
    MAINTENANCE = "maintenance", _("Maintenance")
    NO_INPUTS = "no_inputs", _("No inputs")
    OTHER = "other", _("Other reason")


class Channel(TextChoices):
    """By which way a submission came in."""

    FORM = "form", _("form")
    FILE = "file", _("file")
    COMMAND = "command", _("command")
    SIMULATION = "simulation", _("simulation")


class ImportState(TextChoices):
    """Life of an uploaded file."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class Status(TextChoices):
    """Property status of a workplace; dated history with its act, never a flag."""

    PRIVATE = "private", _("private")
    MIXED = "mixed", _("mixed")
    IN_CONFLICT = "in_conflict", _("in conflict, or taken over")
    REQUISITIONED = "requisitioned", _("requisitioned")
    INTERVENED = "intervened", _("intervened")
    SOCIAL = "social", _("social property area")
    BEING_RETURNED = "being_returned", _("being returned")
    COOPERATIVE = "cooperative", _("co-operative")
    UNKNOWN = "unknown", _("not told")
