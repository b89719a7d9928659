"""What a village's sheet of a week holds: its hobby grids, what is asked, what is known already."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from activities.expected import Expected, State, expected
from activities.models import Session
from grids.models import Division, HobbyGrid
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today

# How many weeks the choice offers; earlier ones are had by going back from sheet to sheet.
WEEKS = 12


def number_of(hobby_grid_code: str) -> int:
    """The short number of a hobby grid within its village: 101 is the first of grid 1."""
    return int(hobby_grid_code[Level.VILLAGE :])


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def first_week() -> date:
    """The earliest week of which sessions are still taken."""
    begin = date.fromisoformat(settings.FIGURES_BEGIN)
    return week_of(max(begin, today() - timedelta(days=settings.LOGGED_WITHIN_DAYS)))


def weeks() -> list[tuple[date, date]]:
    """The first and last days of the weeks to choose from, this one first."""
    mondays = [week_of(today()) - timedelta(weeks=n) for n in range(WEEKS)]
    return [(day, day + timedelta(days=6)) for day in mondays if day >= first_week()]


@dataclass
class Sheet:
    """One village, one week, as it stands now. Five queries, however many groups and sessions."""

    village: Division
    monday: date
    days: list[date] = field(init=False)

    def __post_init__(self) -> None:
        self.days = [self.monday + timedelta(days=n) for n in range(7)]

    @property
    def sunday(self) -> date:
        return self.days[-1]

    @property
    def before(self) -> date:
        """The Monday before this one."""
        return self.monday - timedelta(weeks=1)

    @property
    def after(self) -> date:
        """The Monday after this one."""
        return self.monday + timedelta(weeks=1)

    @cached_property
    def groups(self) -> dict[str, HobbyGrid]:
        """The hobby grids that were there in that week, by code."""
        rows = HobbyGrid.objects.within(self.village.area_code).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=self.monday), started_on__lte=self.sunday
        )
        return {row.area_code: row for row in rows.select_related("sport").order_by("area_code")}

    @cached_property
    def by_number(self) -> dict[int, HobbyGrid]:
        return {number_of(code): row for code, row in self.groups.items()}

    @cached_property
    def logged(self) -> list[Session]:
        """What is logged already, in order of time."""
        rows = Session.objects.standing().within(self.village.area_code)
        of_week = rows.filter(held_on__gte=self.monday, held_on__lte=self.sunday)
        return list(of_week.order_by("held_on", "start_time", "pk"))

    @cached_property
    def _expected(self) -> list[Expected]:
        last = min(self.sunday, today())
        found = expected(list(self.groups.values()), self.monday, last)
        now = timezone.now()
        return [one for one in found if one.meeting.begins_at <= now]

    @property
    def called_off(self) -> list[Expected]:
        return [one for one in self._expected if one.state == State.CALLED_OFF]

    def asked(self) -> list[dict[str, Any]]:
        """The beginnings of the rows that ask for a number; each has an id of its own."""
        return [
            {
                "id": uuid.uuid4(),
                "group": one.meeting.code,
                "day": one.meeting.day.isoformat(),
                "start": f"{one.meeting.start:%H:%M}",
                "minutes": one.meeting.minutes,
                "place": one.meeting.place,
            }
            for one in self._expected
            if one.state not in (State.DONE, State.CALLED_OFF)
        ]
