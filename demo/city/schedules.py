"""When hobby grids meet, and which meetings were called off lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from activities.expected import meets_on
from activities.models import CalledOff, Holidays, Reason, Schedule, Session
from demo.city.book import Book, moment
from demo.city.chance import dice
from demo.city.grids import Habit

# The part of the hobby grids for which somebody made a schedule; the others have their usual time.
SCHEDULED = 0.6
# Groups of the evening that begin earlier in winter.
SEASONAL = 0.4
EVENING = 18 * 60
SUMMER, WINTER = ("05-01", "09-30"), ("10-01", "04-30")
_HOLIDAYS = {Holidays.OFF: 55, Holidays.MEETS: 30, Holidays.WORKDAYS: 15}
_REASONS = {Reason.WEATHER: 6, Reason.FEW: 2, Reason.AWAY: 2, Reason.HOLIDAY: 1, Reason.OTHER: 1}
# Of those that have a schedule, how many called a meeting off in the last days.
CALLED_OFF, LATELY = 0.06, 10


class Schedules:
    """Makes the schedules of each hobby grid, and remembers a few of which to call meetings off."""

    def __init__(self, book: Book, seed: int, today: date) -> None:
        self.book, self.seed, self.today = book, seed, today
        self.unsteady: list[tuple[Habit, list[Schedule]]] = []

    def arrange(self, habits: list[Habit]) -> None:
        for habit in habits:
            rng = dice(self.seed, "schedules", habit.code)
            if not habit.busy and (rng.random() > SCHEDULED or habit.end < self.today.toordinal()):
                continue
            rows = [self.book.add(row) for row in _schedules(habit, rng)]
            if habit.busy or rng.random() < CALLED_OFF:
                self.unsteady.append((habit, rows))

    def called_off(self) -> Iterator[CalledOff]:
        """The last meeting that was not held, of those that are unsteady; needs the sessions."""
        codes = [habit.code for habit, _rows in self.unsteady]
        since = self.today - timedelta(days=LATELY)
        held: set[tuple[str, date]] = set()
        for start in range(0, len(codes), 500):
            rows = Session.objects.filter(
                area_code__in=codes[start : start + 500], held_on__gte=since
            )
            held.update(rows.values_list("area_code", "held_on"))
        for habit, schedules in self.unsteady:
            rng = dice(self.seed, "called off", habit.code)
            for back in range(1, LATELY):
                day = self.today - timedelta(days=back)
                met = [row for row in schedules if meets_on(row, day)]
                logger = next(
                    (one for one in habit.loggers if one.start <= day.toordinal() < one.end), None
                )
                if met and logger and (habit.code, day) not in held:
                    yield self._row(met[0], day, logger.user, rng)
                    break

    def _row(self, schedule: Schedule, day: date, user: int, rng: Random) -> CalledOff:
        start = schedule.start_time.hour * 60 + schedule.start_time.minute
        return CalledOff(
            id=UUID(int=rng.getrandbits(128), version=4),
            area_code=schedule.area_code,
            held_on=day,
            start_time=schedule.start_time,
            reason=rng.choices(list(_REASONS), list(_REASONS.values()))[0],
            logged_by_id=user,
            logged_at=moment(day, start + rng.randint(-60, 30)),
        )


def _schedules(habit: Habit, rng: Random) -> Iterator[Schedule]:
    """One for the whole year, or one for summer and one for winter."""
    holidays = rng.choices(list(_HOLIDAYS), list(_HOLIDAYS.values()))[0]
    if habit.busy:
        # Somebody looks at it on a holiday, too.
        holidays = Holidays.MEETS
    seasonal = habit.usual_start >= EVENING and rng.random() < SEASONAL
    hours = {("", ""): habit.usual_start}
    if seasonal:
        hours = {SUMMER: 19 * 60 + 30, WINTER: 18 * 60 + 30}
    for (first, last), start in hours.items():
        yield Schedule(
            area_code=habit.code,
            weekdays=habit.weekdays,
            start_time=time(start // 60, start % 60),
            minutes=habit.minutes,
            place=habit.place,
            season_from=first,
            season_until=last,
            holidays=holidays,
            started_on=date.fromordinal(habit.start),
        )
