"""Kinds of what is reported, with the words people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class SeriesStatus(TextChoices):
    """How well the engine understands a series; only of a watched one is anything said."""

    LEARNING = "learning", pgettext_lazy("series", "learning")
    WATCHING = "watching", pgettext_lazy("series", "watched")
    RECALIBRATING = "recalibrating", pgettext_lazy("series", "learning anew")


class ProblemKind(TextChoices):
    """One fault across many series of a source. The values are those of the engine's ``Problem``."""

    UNIT = "unit", _("unit switched")
    DOUBLED = "doubled", _("counted twice")
    REPEATED = "repeated", _("the day before once more")
    MISSING = "missing", _("nothing came")


class AlertOrigin(TextChoices):
    """Who opened an alert: the engine by a figure, or a worker by hand."""

    ENGINE = "engine", _("a figure")
    HAND = "hand", _("by hand")


class AlertKind(TextChoices):
    """What the engine found; empty for what was raised by hand."""

    TRANSIENT = "transient", _("an odd day")
    STEP = "step", _("changed level")
    SLOPE = "slope", _("rising or falling")


class AlertState(TextChoices):
    """Life of an alert. Who has it while it is open is told by its hold."""

    OPEN = "open", pgettext_lazy("alert", "open")
    SETTLED = "settled", pgettext_lazy("alert", "settled")
    #: The engine closed it: the figure is as expected again.
    RETURNED = "returned", pgettext_lazy("alert", "as expected again")
    FALSE_ALARM = "false_alarm", pgettext_lazy("alert", "false alarm")
    #: Raised by hand: closed by whoever raised it, or by the assembly.
    WITHDRAWN = "withdrawn", pgettext_lazy("alert", "closed by who raised it")
    DECIDED = "decided", pgettext_lazy("alert", "closed by the assembly")


ALERT_TRANSITIONS = {
    AlertState.OPEN: {
        AlertState.SETTLED,
        AlertState.RETURNED,
        AlertState.FALSE_ALARM,
        AlertState.WITHDRAWN,
        AlertState.DECIDED,
    },
    # what comes again is another alert, with a clock of its own
    AlertState.SETTLED: set(),
    AlertState.RETURNED: set(),
    AlertState.FALSE_ALARM: set(),
    AlertState.WITHDRAWN: set(),
    AlertState.DECIDED: set(),
}


class EntryKind(TextChoices):
    """One line of the log of an alert."""

    OPENED = "opened", pgettext_lazy("alert log", "Opened")
    REVISED = "revised", pgettext_lazy("alert log", "Judged anew")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("alert log", "Seen")
    EXPLAINED = "explained", pgettext_lazy("alert log", "Explained")
    PLANNED = "planned", pgettext_lazy("alert log", "What will be done")
    ASKED_HELP = "asked_help", pgettext_lazy("alert log", "Asked for help")
    HELPED = "helped", pgettext_lazy("alert log", "Help")
    ANSWERED = "answered", pgettext_lazy("alert log", "Answered")
    MARKED = "marked", pgettext_lazy("alert log", "Marked to go up")
    UNMARKED = "unmarked", pgettext_lazy("alert log", "Stays here after all")
    DANGER = "danger", pgettext_lazy("alert log", "Danger to people")
    WENT_UP = "went_up", pgettext_lazy("alert log", "Went up")
    #: It went up no further: nobody is above. The point is on the agenda.
    STAYS = "stays", pgettext_lazy("alert log", "Its time is over")
    HANDED_BACK = "handed_back", pgettext_lazy("alert log", "Came down")
    MOVED = "moved", pgettext_lazy("alert log", "Proposed")
    EXTENDED = "extended", pgettext_lazy("alert log", "More time")
    SETTLED = "settled", pgettext_lazy("alert log", "Settled")
    RETURNED = "returned", pgettext_lazy("alert log", "As expected again")
    FALSE_ALARM = "false_alarm", pgettext_lazy("alert log", "False alarm")
    WITHDRAWN = "withdrawn", pgettext_lazy("alert log", "Closed by who raised it")
    DECIDED = "decided", pgettext_lazy("alert log", "Closed by the assembly")


class MotionKind(TextChoices):
    """What two people do together to an alert: one asks, another confirms."""

    EXTEND = "extend", _("more time, once")
    CLOSE = "close", _("the assembly closed it")
