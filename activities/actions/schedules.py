"""When a hobby grid meets: set, changed, ended. The past stays as it was."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.expected import in_season
from activities.models import Schedule
from grids.models import HobbyGrid
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor

CHANGEABLE = {
    "weekdays",
    "start_time",
    "minutes",
    "place",
    "season_from",
    "season_until",
    "holidays",
}
# Any leap year: a season may name the 29th of February.
_LEAP = 2000


def _locked(area_code: str) -> HobbyGrid:
    """Whatever is written about a hobby grid's schedules queues at its row."""
    found = HobbyGrid.objects.select_for_update().filter(area_code=area_code).first()
    if found is None:
        raise ValidationError(_("There is no hobby grid with this code."))
    return found


@transaction.atomic
def set_schedule(
    actor: Actor, area_code: str, *, started_on: date | None = None, **pattern: Any
) -> Schedule:
    """Say when a hobby grid meets, from a day on (default: today).

    ``pattern`` has the fields of a schedule (``CHANGEABLE``). Raises ``OutOfReach`` or
    ``ValidationError``.
    """
    _only_known(pattern)
    hobby_grid = _locked(area_code)
    schedule = Schedule(area_code=area_code, started_on=started_on or today(), **pattern)
    _require_not_past(schedule.started_on)
    _check(schedule, hobby_grid)
    return keep(actor, schedule, "set schedule")


@transaction.atomic
def change_schedule(
    actor: Actor, schedule: Schedule, *, on: date | None = None, **pattern: Any
) -> Schedule:
    """Meet otherwise from a day on (default: today): the old schedule ends, another begins.

    One that has not been in force before that day is changed itself. Raises ``OutOfReach`` or
    ``ValidationError``.
    """
    _only_known(pattern)
    day = on or today()
    _require_not_past(day)
    hobby_grid = _locked(schedule.area_code)
    stored = _still_going(schedule, day)
    values = {name: getattr(stored, name) for name in CHANGEABLE} | pattern
    if all(getattr(stored, name) == value for name, value in values.items()):
        raise ValidationError(_("Nothing was changed."))
    if stored.started_on >= day:
        for name, value in pattern.items():
            setattr(stored, name, value)
        _check(stored, hobby_grid)
        return keep(actor, stored, "change schedule")
    new = Schedule(area_code=stored.area_code, started_on=day, ended_on=stored.ended_on, **values)
    stored.ended_on = day
    keep(actor, stored, "change schedule")
    _check(new, hobby_grid)
    return keep(actor, new, "change schedule")


@transaction.atomic
def end_schedule(actor: Actor, schedule: Schedule, *, on: date | None = None) -> Schedule:
    """Meet no more by this schedule from a day on (default: today)."""
    day = on or today()
    _require_not_past(day)
    _locked(schedule.area_code)
    stored = _still_going(schedule, day)
    stored.ended_on = max(day, stored.started_on)
    return keep(actor, stored, "end schedule")


def _only_known(pattern: dict[str, Any]) -> None:
    if unknown := set(pattern) - CHANGEABLE:
        raise TypeError(f"not of a schedule: {sorted(unknown)}")


def _require_not_past(day: date) -> None:
    if day < today():
        raise ValidationError({"started_on": _("From today on; what was before stays.")})


def _still_going(schedule: Schedule, day: date) -> Schedule:
    stored: Schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if stored.ended_on is not None and stored.ended_on <= day:
        raise ValidationError(_("This schedule has ended. Look at the page anew."))
    return stored


def _check(schedule: Schedule, hobby_grid: HobbyGrid) -> None:
    schedule.start_time = schedule.start_time.replace(second=0, microsecond=0)
    schedule.place = schedule.place.strip()
    schedule.full_clean()
    if not hobby_grid.in_force(max(schedule.started_on, hobby_grid.started_on)):
        raise ValidationError(_("This hobby grid has ended."))
    others = Schedule.objects.filter(area_code=schedule.area_code).exclude(pk=schedule.pk)
    last = schedule.ended_on or date.max
    for other in others.in_force_between(schedule.started_on, last):
        if _clash(schedule, other):
            raise ValidationError(
                {
                    "start_time": _("It meets at %(time)s already on one of these days.")
                    % {"time": f"{other.start_time:%H:%M}"}
                }
            )


def _clash(one: Schedule, other: Schedule) -> bool:
    """Whether the same people would have to be at two meetings at once."""
    hours = (_minute(one.start_time), one.minutes), (_minute(other.start_time), other.minutes)
    (start, length), (other_start, other_length) = hours
    at_once = start < other_start + other_length and other_start < start + length
    return at_once and bool(set(one.weekdays) & set(other.weekdays)) and _same_season(one, other)


def _minute(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def _same_season(one: Schedule, other: Schedule) -> bool:
    first, days = date(_LEAP, 1, 1).toordinal(), 366
    year = map(date.fromordinal, range(first, first + days))
    return any(in_season(one, day) and in_season(other, day) for day in year)
