"""What the engine assumes before it has seen a single figure. Pure: no Django.

Sizes are in standard deviations of the series' own noise, times in periods (days, weeks or months).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Frequency = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Profile:
    """What depends on how often a figure comes.

    ``season``: length of the season in periods (weekdays of a day, months of a month, none of a week).
    ``enough``: how many values must be known before anything is judged.
    ``gap``: after so many periods without a value the level is no longer understood.
    """

    season: int
    enough: int
    gap: int


PROFILES: dict[Frequency, Profile] = {
    "day": Profile(season=7, enough=24, gap=28),
    "week": Profile(season=1, enough=12, gap=16),
    "month": Profile(season=12, enough=24, gap=12),
}


@dataclass(frozen=True)
class Settings:
    """Every constant of the engine, with its reason."""

    # --- the window ------------------------------------------------------------------------------------------
    #: Hypotheses are kept apart for so many periods; a slope of .1 needs about a month to show.
    window: int = 48
    #: Last day before the change began is so many days back: each further one is harder to tell from its neighbour.
    step_lags: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28)
    slope_lags: tuple[int, ...] = (3, 5, 7, 9, 11, 13, 16, 19, 22, 25, 28, 32, 36, 40)
    transient_lags: int = 4

    # --- what changes are expected to be -----------------------------------------------------------------------
    #: Chance per period that a change of each kind begins (transient, step, slope). Weights found on invented series
    #: rather than rates: a transient has its own day to be told on, a step some days, a slope a month.
    hazard: tuple[float, float, float] = (0.04, 0.0065, 0.002)
    #: Spread of the size of each kind in noise standard deviations; of a slope, per period. Wide: the factor that
    #: this costs a small change is a logarithm, what a narrow one costs a large change is its size.
    spread: tuple[float, float, float] = (6.0, 4.0, 0.22)
    #: Share of slope changes that end a slope which is there: nothing grows for ever.
    returning: float = 0.4
    #: A change to exactly zero is a standstill this often; chosen on power stations, whose outages it finds.
    standstill: float = 0.6

    # --- what is expected to go on ------------------------------------------------------------------------------
    #: Variance that a quiet period adds to level and slope (of the noise variance). A slope does not drift, it
    #: changes: a drift that is allowed for costs a third of the information on a step of two weeks.
    level_drift: float = 4e-4
    slope_drift: float = 3e-9
    #: Variance of the slope of a series that began without one.
    steady: float = 1e-5
    #: Variance that a quiet season adds to a seasonal effect each time it comes round.
    season_drift: float = 4e-4

    # --- learning ----------------------------------------------------------------------------------------------
    #: The noise variance remembers about 1/(1 - this) quiet periods: fewer, and its own error raises alarms.
    noise_memory: float = 0.995
    #: Evidence on tail, autocorrelation and noise exponent fades, so that a series may change its manner.
    manner_memory: float = 0.9995

    # --- when a change becomes the past ---------------------------------------------------------------------
    #: A change this probable as one kind, so that a slope is not taken for a step half-way, and this many periods
    #: old (transient, step, slope), becomes the new normal.
    absorbed_at: float = 0.98
    absorbed_lags: tuple[int, int, int] = (2, 12, 20)

    #: What is then not known, as variances: of the slope after a step; of a new slope; of the level where it began.
    doubt: tuple[float, float, float] = (1e-6, 5e-4, 0.3)

    #: So many changes of late (each fades by 3 % a period) and a series is not understood any more.
    restless: float = 3.5

    # --- the alarm ---------------------------------------------------------------------------------------------
    #: Log odds as found, times the second, plus the first: what they proved to be worth (the benchmark's reliability
    #: curve).
    calibration: tuple[float, float] = (-0.45, 0.78)
    #: Probability from which an alarm is raised: about one false alarm per series and year.
    threshold: float = 0.67
    #: An open alarm is told again when its log odds have grown by so much, or its kind has changed.
    surer: float = 0.7
    #: An alarm is over when nothing was above the threshold for so many periods.
    calm_after: int = 4


DEFAULT = Settings()
