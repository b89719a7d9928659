"""The vocabulary for asking about stations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import (
    Coalesce,
    ExtractDay,
    ExtractHour,
    ExtractMinute,
    ExtractMonth,
    ExtractYear,
    Length,
)

from grids.rules import values_on
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import in_force_q
from jiaozuo_grid.reach import Actor, ScopedLastingQuerySet, ScopedQuerySet, reach_of, right
from stations.rules import INSPECTION_DAYS, LIFE_YEARS, NEAR_YEARS, months_after

_OPEN_STATES = ("reported", "accepted")


def _seen(rows: Any, actor: Actor) -> Any:
    """Stations stand at villages: who answers for a part of one sees those of the whole."""
    reach = reach_of(actor)
    if reach.everywhere:
        return rows.all()
    codes = reach.areas_for(right("view", rows.model))
    return rows.within_any({code[: Level.VILLAGE] for code in codes})


class _Rows(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return _seen(self, actor)


class _LastingRows(ScopedLastingQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return _seen(self, actor)


class StationBookQuerySet(_LastingRows):
    """Lasting rows of a station's book: posts, equipment, opening hours."""

    def lasting_after(self, day: date) -> Self:
        """Rows in force on ``day`` or at any time later; one that never began is none."""
        later = Q(ended_on__gt=day) & Q(ended_on__gt=F("started_on"))
        return self.filter(Q(ended_on=None) | later)


class StationPostQuerySet(StationBookQuerySet):
    def responsible(self) -> Self:
        return self.filter(station_role="responsible")

    def instructors(self) -> Self:
        return self.filter(station_role="instructor")


class PhotoQuerySet(_Rows):
    def kept(self) -> Self:
        """Photos that were not removed."""
        return self.filter(removed_at=None)


class InspectionQuerySet(_Rows):
    """Looks at stations, newest first."""


class RepairQuerySet(_Rows):
    def open(self, day: date) -> Self:
        """Faults to be repaired, of stations that are in force."""
        return self.filter(in_force_q(day, "station__"), state__in=_OPEN_STATES)

    def overdue(self, day: date) -> Self:
        """Open ones whose deadline has passed."""
        return self.open(day).filter(due_on__lt=day)


class OpeningHoursQuerySet(StationBookQuerySet):
    def guided_minutes(self) -> QuerySet[Any]:
        """(station, guided minutes a week) of the stations whose hours are known."""
        length = (
            ExtractHour("closes_at") * 60
            + ExtractMinute("closes_at")
            - ExtractHour("opens_at") * 60
            - ExtractMinute("opens_at")
        )
        minutes = Sum(Length("weekdays") * length, filter=Q(guided=True))
        return self.order_by().values("station").annotate(minutes=Coalesce(minutes, 0))


def _number_of(day: Any, years: Any = 0) -> Any:
    """A day as the number 20260315, ``years`` later; comparable on every database."""
    return (ExtractYear(day) + years) * 10_000 + ExtractMonth(day) * 100 + ExtractDay(day)


def day_number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


class StationQuerySet(_LastingRows):
    """Stations, at the village to which they belong today."""

    def _related(self, name: str) -> Any:
        model: Any = self.model._meta.get_field(name).related_model
        return model._default_manager.filter(station=OuterRef("pk")).order_by()

    def with_responsible(self, day: date) -> Self:
        """Annotates ``responsible_name`` (None: nobody)."""
        posts = self._related("posts").responsible().on(day)
        return self.annotate(responsible_name=Subquery(posts.values("person__name")[:1]))

    def with_upkeep(self, day: date) -> Self:
        """Annotates ``last_inspected_on``, ``open_repairs`` and ``overdue_repairs``."""
        inspected = self._related("inspections").values("station")
        repairs = self._related("repairs").filter(state__in=_OPEN_STATES).values("station")
        count = repairs.annotate(n=Count("pk")).values("n")
        late = repairs.filter(due_on__lt=day).annotate(n=Count("pk")).values("n")
        return self.annotate(
            last_inspected_on=Subquery(inspected.annotate(last=Max("inspected_on")).values("last")),
            open_repairs=Coalesce(Subquery(count), 0),
            overdue_repairs=Coalesce(Subquery(late), 0),
        )

    def with_staffing(self, day: date) -> Self:
        """Annotates ``instructors_posted``, and ``guided_minutes`` (None: hours not known)."""
        posts = self._related("posts").instructors().on(day).values("station")
        hours = self._related("opening_hours").on(day).guided_minutes().values("minutes")
        return self.annotate(
            instructors_posted=Coalesce(
                Subquery(posts.annotate(n=Count("person", distinct=True)).values("n")), 0
            ),
            guided_minutes=Subquery(hours, output_field=IntegerField()),
        )

    def without_responsible(self, day: date) -> Self:
        return self.filter(~Exists(self._related("posts").responsible().on(day)))

    def led(self, day: date) -> Self:
        """Stations with a person responsible."""
        return self.filter(Exists(self._related("posts").responsible().on(day)))

    def inspection_overdue(self, day: date) -> Self:
        """Not inspected for longer than the rule allows (or not at all since they opened)."""
        limit = day - timedelta(days=int(values_on(day)[INSPECTION_DAYS]))
        lately = self._related("inspections").filter(inspected_on__gte=limit)
        return self.on(day).filter(~Exists(lately), started_on__lt=limit)

    def with_open_repairs(self, day: date, *, overdue: bool = False) -> Self:
        repairs = self._related("repairs").filter(state__in=_OPEN_STATES)
        if overdue:
            repairs = repairs.filter(due_on__lt=day)
        return self.on(day).filter(Exists(repairs))

    def with_old_equipment(self, day: date, *, past: bool) -> Self:
        """Stations with equipment past its service life, or (``past`` False) near its end."""
        values = values_on(day)
        life = Coalesce(F("life_years"), Value(round(values[LIFE_YEARS])))
        equipment = self._related("equipment").on(day).filter(installed_on__isnull=False)
        equipment = equipment.alias(ends=_number_of("installed_on", life))
        now = day_number(day)
        if past:
            return self.filter(Exists(equipment.filter(ends__lte=now)))
        near = day_number(months_after(day, round(values[NEAR_YEARS] * 12)))
        return self.filter(Exists(equipment.filter(ends__gt=now, ends__lte=near)))
