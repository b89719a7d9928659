"""When people exercise: seasons, Spring Festival, rain, weekdays; and at which hour."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

from demo.city.chance import dice

# By month; outdoors the year swings more than indoors.
_OUTDOORS = (0.45, 0.55, 0.85, 1.05, 1.15, 1.2, 1.15, 1.25, 1.15, 1.05, 0.75, 0.5)
_INDOORS = (0.85, 0.8, 1.0, 1.0, 1.0, 0.95, 0.9, 0.95, 1.0, 1.05, 1.05, 0.95)
_WEEKDAYS = (1.0, 1.0, 1.0, 1.0, 1.1, 1.2, 1.05)
# New Year's Day of the lunar calendar.
_SPRING_FESTIVALS = [
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
    date(2031, 1, 23),
    date(2032, 2, 11),
]
# From the fifth day before it to the tenth after.
_LULL_DAYS = range(-5, 11)
_LULL, _RAIN = 0.2, 0.45

MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"


@dataclass(frozen=True)
class Meetings:
    """The days on which groups of one habit meet, and how much happens up to each."""

    days: list[int]  # ordinals
    sums: list[float]

    def count(self, first: int, end: int) -> int:
        """The number of meetings from ``first`` (included) to ``end`` (excluded)."""
        return bisect_left(self.days, end) - bisect_left(self.days, first)

    def amount(self, first: int, end: int) -> float:
        """How much happens from ``first`` (included) to ``end`` (excluded), in usual days."""
        low, high = bisect_left(self.days, first), bisect_left(self.days, end)
        return self._before(high) - self._before(low)

    def _before(self, position: int) -> float:
        return self.sums[position - 1] if position else 0.0


@dataclass
class Seasons:
    """The days from ``first`` to ``last``, both included, with their weather."""

    first: date
    last: date
    seed: int
    _known: dict[tuple[str, bool], Meetings] = field(default_factory=dict)

    @cached_property
    def _weights(self) -> dict[bool, list[float]]:
        rng = dice(self.seed, "weather")
        lull = {day + timedelta(days=n) for day in _SPRING_FESTIVALS for n in _LULL_DAYS}
        weights: dict[bool, list[float]] = {False: [], True: []}
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=number)
            wet = rng.random() < (0.24 if 6 <= day.month <= 9 else 0.13)
            common = _WEEKDAYS[day.weekday()] * (_LULL if day in lull else 1)
            weights[False].append(_OUTDOORS[day.month - 1] * common * (_RAIN if wet else 1))
            weights[True].append(_INDOORS[day.month - 1] * common)
        return weights

    def meetings(self, weekdays: str, indoors: bool) -> Meetings:
        """The days of a group that meets on ``weekdays`` ("135": Monday, Wednesday, Friday)."""
        key = (weekdays, indoors)
        if key not in self._known:
            wanted = {int(digit) for digit in weekdays}
            start = self.first.toordinal()
            # Day 1 of the calendar was a Monday.
            chosen = [
                (start + number, weight)
                for number, weight in enumerate(self._weights[indoors])
                if (start + number - 1) % 7 + 1 in wanted
            ]
            days = [day for day, _weight in chosen]
            self._known[key] = Meetings(days, list(accumulate(weight for _day, weight in chosen)))
        return self._known[key]


def usual_start(rng: Random, part: str) -> int:
    """The minute of the day at which a group usually begins."""
    if part == MORNING:
        return rng.choice((360, 360, 370, 375, 390, 390))  # 06:00 to 06:30
    if part == AFTERNOON:
        return rng.choice((870, 900, 930, 960))  # 14:30 to 16:00
    return rng.choice((1140, 1140, 1150, 1155, 1170, 1170, 1170, 1185))  # 19:00 to 19:45


def start_on(rng: Random, usual: int, month: int) -> int:
    """The minute at which it begins on a day: later in the light of summer evenings."""
    summer = 6 <= month <= 8
    shift = 15 if summer and usual >= 1140 else -10 if summer and usual < 480 else 0
    return usual + shift + rng.choice((-5, 0, 0, 0, 0, 5, 10))
