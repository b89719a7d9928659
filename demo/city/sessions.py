"""The sessions that were held, one after the other, and the few that were put right later."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from math import exp
from random import Random
from uuid import UUID

from accounts.audit import snapshot
from activities.models import Session, SessionRevision
from demo.city import words
from demo.city.book import moment
from demo.city.chance import dice
from demo.city.grids import Habit, Logger
from demo.city.seasons import Meetings, Seasons, start_on

CORRECTED, WITHDRAWN = 0.006, 0.003
# Of the groups that are shown: days, and the part of the meetings that were held and logged.
LATELY, KEPT = 9, 0.8
# The rate of a group that logs nearly every time.
MOST = 2.0
CLOCK = [time(minute // 60, minute % 60) for minute in range(24 * 60)]


class Sessions:
    """About ``target`` sessions of the hobby grids, up to the day before ``today``.

    Yesterday is the last day, so that what is seeded depends on the day and not on the hour.
    """

    def __init__(
        self, habits: list[Habit], target: int, seasons: Seasons, seed: int, today: date
    ) -> None:
        self.habits, self.seasons, self.seed = habits, seasons, seed
        self.midnight = moment(today)
        self.revisions: list[SessionRevision] = []
        self.count = 0
        self.factor = self._factor(target)

    def _factor(self, target: int) -> float:
        """What to multiply the rates with, so that about ``target`` sessions come out."""
        terms = [self._expected(habit) for habit in self.habits]
        low, high = 0.0, 10.0
        for _n in range(20):
            middle = (low + high) / 2
            total = sum(
                days * (1 - exp(-_rate(habit, middle) * weight)) for habit, days, weight in terms
            )
            low, high = (middle, high) if total < target else (low, middle)
        return low

    def _expected(self, habit: Habit) -> tuple[Habit, float, float]:
        """The habit, the number of its meetings that someone can log, and their mean weight."""
        meetings, amount = self._meetings(habit)
        count = meetings.count(habit.start, habit.end)
        share = _covered(habit) / max(1, habit.end - habit.start)
        return habit, count * share, amount / max(1, count)

    def __iter__(self) -> Iterator[Session]:
        for habit in self.habits:
            rng = dice(self.seed, "sessions", habit.code)
            held: set[int] = set()
            for day in chain(self._days(habit, rng), self._lately(habit, held)):
                held.add(day)
                logger = _logger(habit.loggers, day, rng)
                if logger is not None:
                    self.count += 1
                    yield self._session(habit, day, logger, rng)

    def _meetings(self, habit: Habit) -> tuple[Meetings, float]:
        meetings = self.seasons.meetings(habit.weekdays, habit.indoors)
        return meetings, meetings.amount(habit.start, habit.end)

    def _days(self, habit: Habit, rng: Random) -> Iterator[int]:
        """The days (ordinals) with a session: at random, more where more happens."""
        meetings, _amount = self._meetings(habit)
        rate = _rate(habit, self.factor)
        position = bisect_left(meetings.days, habit.start)
        reached = meetings.sums[position - 1] if position else 0.0
        while rate:
            reached += rng.expovariate(rate)
            position = bisect_left(meetings.sums, reached, position)
            if position >= len(meetings.days) or meetings.days[position] >= habit.end:
                return
            yield meetings.days[position]
            reached = max(reached, meetings.sums[position])
            position += 1

    def _lately(self, habit: Habit, held: set[int]) -> Iterator[int]:
        """Of the groups that are shown, nearly every meeting of the last days; not those held."""
        if not habit.busy:
            return
        meetings, _amount = self._meetings(habit)
        rng = dice(self.seed, "lately", habit.code)
        for day in meetings.days[bisect_left(meetings.days, habit.end - LATELY) :]:
            if day < habit.end and day not in held and rng.random() < KEPT:
                yield day

    def _session(self, habit: Habit, day: int, logger: Logger, rng: Random) -> Session:
        held_on = date.fromordinal(day)
        start = start_on(rng, habit.usual_start, held_on.month)
        minutes = habit.minutes + rng.choice((-10, 0, 0, 0, 0, 5, 10, 15))
        came = max(3, round(habit.members * rng.uniform(0.4, 1.05)))
        begun = moment(held_on, start)
        session = Session(
            id=UUID(int=rng.getrandbits(128), version=4),
            area_code=habit.code,
            held_on=held_on,
            start_time=CLOCK[start],
            minutes=minutes,
            participants=min(came, habit.most),
            place=habit.place,
            led_by_id=logger.person if rng.random() < 0.7 else None,
            note=rng.choice(words.NOTES) if rng.random() < 0.02 else "",
            logged_by_id=logger.user,
            logged_at=self._by_now(begun + timedelta(minutes=minutes + _delay(rng))),
        )
        if rng.random() < CORRECTED + WITHDRAWN:
            self._put_right(session, logger, rng)
        return session

    def _by_now(self, when: datetime) -> datetime:
        return min(when, self.midnight)

    def _put_right(self, session: Session, logger: Logger, rng: Random) -> None:
        """It is corrected or withdrawn within days; what it said before stays as a revision."""
        when = self._by_now(session.logged_at + timedelta(minutes=rng.randint(3, 4000)))
        withdrawn = rng.random() < WITHDRAWN / (CORRECTED + WITHDRAWN)
        right = session.participants
        if not withdrawn:
            session.participants = max(1, right + rng.choice((-5, -3, -2, -1)))
        before = snapshot(session)
        session.participants, session.version = right, 2
        session.withdrawn_at = when if withdrawn else None
        self.revisions.append(
            SessionRevision(
                pk=len(self.revisions) + 1,
                session=session,
                version=1,
                values=before,
                changed_by_id=logger.user,
                changed_at=when,
                reason=rng.choice(words.WITHDRAWN if withdrawn else words.CORRECTED),
            )
        )


def _delay(rng: Random) -> int:
    """Minutes from the end of a session until it is logged: mostly at once, some days later."""
    return rng.randint(1, 40) if rng.random() < 0.85 else rng.randint(60, 2600)


def _rate(habit: Habit, factor: float) -> float:
    return habit.rate if habit.busy else min(MOST, habit.rate * factor)


def _covered(habit: Habit) -> int:
    """The number of days of the habit on which somebody may log."""
    days, reached = 0, habit.start
    for logger in sorted(habit.loggers, key=lambda one: one.start):
        first, end = max(reached, logger.start), min(habit.end, logger.end)
        if first < end:
            days, reached = days + end - first, end
    return days


def _logger(loggers: list[Logger], day: int, rng: Random) -> Logger | None:
    """Who logs on that day: mostly the first of those in office, the member."""
    there = [logger for logger in loggers if logger.start <= day < logger.end]
    if len(there) > 1 and rng.random() < 0.12:
        return rng.choice(there)
    return there[0] if there else None
