"""Whether a station meets the standard, and what is missing; unknown is "not known", never 0.

The numbers are rules (stations/rules.py). One station, many, and a list's filter are judged alike.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.rules import values_on
from jiaozuo_grid.lasting import today
from stations.models import OpeningHours, Station, StationPost
from stations.rules import GUIDED_HOURS, INSTRUCTORS, PEOPLE


class Verdict(models.TextChoices):
    MET = "met", gettext_lazy("meets the standard")
    MISSING = "missing", gettext_lazy("below the standard")
    UNKNOWN = "unknown", gettext_lazy("not known")


LABELS: dict[str, Promise] = {
    INSTRUCTORS: gettext_lazy("Instructors posted"),
    GUIDED_HOURS: gettext_lazy("Hours with guidance a week"),
    PEOPLE: gettext_lazy("People at a usual activity"),
}


@dataclass(frozen=True)
class Requirement:
    """One number of the standard: what the station has (None: not known) and what it needs."""

    key: str
    has: float | None
    needs: float

    @property
    def label(self) -> str:
        return str(LABELS[self.key])

    @property
    def verdict(self) -> Verdict:
        if self.has is None:
            return Verdict.UNKNOWN
        return Verdict.MET if self.has >= self.needs else Verdict.MISSING

    def __str__(self) -> str:
        """ "1 of 2 instructors"."""
        if self.has is None:
            return {
                INSTRUCTORS: _("instructors not known"),
                GUIDED_HOURS: _("guided hours not known"),
                PEOPLE: _("number of people not known"),
            }[self.key]
        numbers = {"has": f"{self.has:.4g}", "needs": f"{self.needs:.4g}"}
        return {
            INSTRUCTORS: _("%(has)s of %(needs)s instructors"),
            GUIDED_HOURS: _("%(has)s of %(needs)s guided hours"),
            PEOPLE: _("%(has)s of %(needs)s people"),
        }[self.key] % numbers


@dataclass(frozen=True)
class Standard:
    """A station's requirements. What is known to be missing weighs more than what is not known."""

    requirements: tuple[Requirement, ...]

    @property
    def verdict(self) -> Verdict:
        verdicts = {one.verdict for one in self.requirements}
        for worst in (Verdict.MISSING, Verdict.UNKNOWN):
            if worst in verdicts:
                return worst
        return Verdict.MET

    @property
    def open(self) -> list[Requirement]:
        """What is missing or not known."""
        return [one for one in self.requirements if one.verdict != Verdict.MET]


def judge(
    values: dict[str, float], *, instructors: int, guided_minutes: int | None, people: int | None
) -> Standard:
    """The standard of one station, from what is known of it."""
    hours = None if guided_minutes is None else guided_minutes / 60
    has = {INSTRUCTORS: instructors, GUIDED_HOURS: hours, PEOPLE: people}
    return Standard(tuple(Requirement(key, has[key], values[key]) for key in LABELS))


def standards_of(stations: Collection[Station], day: date | None = None) -> dict[int, Standard]:
    """The standard of each station on a day, in three queries."""
    day = day or today()
    keys = [station.pk for station in stations]
    values = values_on(day)
    posts = StationPost.objects.filter(station__in=keys).instructors().on(day).order_by()
    counts = posts.values_list("station").annotate(n=Count("person", distinct=True))
    instructors: dict[int, int] = dict(counts)
    hours = OpeningHours.objects.filter(station__in=keys).on(day).guided_minutes()
    minutes: dict[int, int] = dict(hours.values_list("station", "minutes"))
    return {
        station.pk: judge(
            values,
            instructors=instructors.get(station.pk, 0),
            guided_minutes=minutes.get(station.pk),
            people=station.usual_people,
        )
        for station in stations
    }


def standard_of(station: Station, day: date | None = None) -> Standard:
    return standards_of([station], day)[station.pk]


def with_verdict(stations: Any, verdict: str, day: date | None = None) -> QuerySet[Any]:
    """The stations of which the standard's verdict on a day is this one; one query more."""
    day = day or today()
    values = values_on(day)
    stations = stations.with_staffing(day)
    minutes = round(values[GUIDED_HOURS] * 60)
    missing = (
        Q(instructors_posted__lt=values[INSTRUCTORS])
        | Q(guided_minutes__lt=minutes)
        | Q(usual_people__lt=values[PEOPLE])
    )
    unknown = Q(guided_minutes=None) | Q(usual_people=None)
    if verdict == Verdict.MET:
        known = Q(guided_minutes__gte=minutes, usual_people__gte=values[PEOPLE])
        return stations.filter(known, instructors_posted__gte=values[INSTRUCTORS])
    enough = Q(instructors_posted__gte=values[INSTRUCTORS])
    enough &= Q(guided_minutes=None) | Q(guided_minutes__gte=minutes)
    enough &= Q(usual_people=None) | Q(usual_people__gte=values[PEOPLE])
    return stations.filter(missing if verdict == Verdict.MISSING else unknown & enough)
