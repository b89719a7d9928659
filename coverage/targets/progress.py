"""Where an area stands on the straight line from the year's beginning to its target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from coverage.registry import Indicator
from coverage.registry.kinds import Direction

# Within this part of the way from the start to the target one is on the line.
BAND = 0.02


class Pace(StrEnum):
    """Each has its own sign and word besides its colour."""

    REACHED = "reached"
    AHEAD = "ahead"
    ON_LINE = "on-line"
    BEHIND = "behind"
    UNKNOWN = "unknown"
    UNTARGETED = "untargeted"


PACE_NAMES = {
    Pace.REACHED: _("target reached"),
    Pace.AHEAD: _("ahead of the line"),
    Pace.ON_LINE: _("on the line"),
    Pace.BEHIND: _("behind the line"),
    Pace.UNKNOWN: _("no data"),
    Pace.UNTARGETED: _("no target"),
}


@dataclass(frozen=True)
class Progress:
    """The line of a year on a day: where one should stand, and how one stands to that."""

    pace: Pace
    start: float | None
    expected: float | None

    @property
    def name(self) -> str:
        return str(PACE_NAMES[self.pace])


def part_of_year(on: date) -> float:
    """How much of the year is gone at the end of a day; all of it on its last day."""
    first, last = date(on.year - 1, 12, 31), date(on.year, 12, 31)
    return (on - first).days / (last - first).days


def expected_on(start: float, target: float, on: date) -> float:
    return start + (target - start) * part_of_year(on)


def progress_of(
    indicator: Indicator, start: float | None, value: float | None, target: float | None, on: date
) -> Progress:
    """Who began where the target is, or beyond it, has only to stay there: the line is level."""
    if target is None:
        return Progress(Pace.UNTARGETED, start, None)
    if value is None:
        return Progress(Pace.UNKNOWN, start, None)
    sign = -1 if indicator.direction == Direction.LESS else 1
    if start is not None and sign * (target - start) <= 0:
        reached = sign * (value - target) >= 0
        return Progress(Pace.REACHED if reached else Pace.BEHIND, start, target)
    expected = None if start is None else expected_on(start, target, on)
    if sign * (value - target) >= 0:
        return Progress(Pace.REACHED, start, expected)
    if start is None or expected is None:
        return Progress(Pace.UNKNOWN, start, None)
    ahead, band = sign * (value - expected), BAND * abs(target - start)
    if abs(ahead) <= band + 1e-9:
        return Progress(Pace.ON_LINE, start, expected)
    return Progress(Pace.AHEAD if ahead > 0 else Pace.BEHIND, start, expected)
