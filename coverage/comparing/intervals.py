"""How far chance may move a figure of a small area: an interval, and what it allows to say.

Areas are compared, but not on noise. A share is taken as successes out of trials (Wilson's
interval), a number per so many people as rare events (Byar's interval for a Poisson count); both
hold for small numbers. An area differs from the whole where its interval leaves the whole's value
out, and is before another where their intervals do not meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt

from coverage.reading import Ratio, days_gone
from coverage.registry import Indicator

# Nineteen of twenty intervals hold the value (the usual 95 %).
Z = 1.959964


@dataclass(frozen=True)
class Interval:
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


class Place(StrEnum):
    """Where an area stands beside the whole that it is part of."""

    ABOVE = "above"
    BELOW = "below"
    ALIKE = "alike"
    UNRANKED = "unranked"
    UNKNOWN = "unknown"


def wilson(successes: int, trials: int) -> Interval:
    """The interval of a share."""
    share = successes / trials
    centre = share + Z * Z / (2 * trials)
    spread = Z * sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials))
    whole = 1 + Z * Z / trials
    return Interval(max((centre - spread) / whole, 0.0), min((centre + spread) / whole, 1.0))


def byar(events: int) -> Interval:
    """The interval of the expected number of rare events of which ``events`` happened."""
    low = 0.0
    if events:
        low = events * (1 - 1 / (9 * events) - Z / (3 * sqrt(events))) ** 3
    above = events + 1
    high = above * (1 - 1 / (9 * above) + Z / (3 * sqrt(above))) ** 3
    return Interval(max(low, 0.0), high)


def interval_of(ratio: Ratio, indicator: Indicator, on: date) -> Interval | None:
    """The interval around an indicator's value; None where it has none or is too small to judge."""
    top, bottom, value = ratio.numerator, ratio.denominator, ratio.value
    if top is None or not bottom or value is None or not indicator.may_rank(bottom):
        return None
    if indicator.per == 1 and not indicator.daily and top <= bottom:
        raw = wilson(top, bottom)
    else:
        events = byar(top)
        raw = Interval(events.low / bottom, events.high / bottom)
    per = indicator.per / days_gone(on) if indicator.daily else indicator.per
    scale = value * bottom / top if top else per
    return Interval(raw.low * scale, raw.high * scale)


def places(
    values: dict[str, float | None], intervals: dict[str, Interval], whole: float | None
) -> dict[str, Place]:
    """Where each area stands beside the whole; without an interval it is not judged."""
    found = {}
    for code, value in values.items():
        if value is None:
            found[code] = Place.UNKNOWN
        elif code not in intervals or whole is None:
            found[code] = Place.UNRANKED
        elif intervals[code].holds(whole):
            found[code] = Place.ALIKE
        else:
            found[code] = Place.ABOVE if value > whole else Place.BELOW
    return found


def ranks(
    intervals: dict[str, Interval], *, more_is_better: bool = True
) -> dict[str, tuple[int, int]]:
    """The ranks that an area may have, from the best to the worst that the intervals allow."""
    found = {}
    for code, own in intervals.items():
        others = [other for key, other in intervals.items() if key != code]
        higher = sum(other.low > own.high for other in others)
        lower = sum(other.high < own.low for other in others)
        before, behind = (higher, lower) if more_is_better else (lower, higher)
        found[code] = (before + 1, len(intervals) - behind)
    return found
