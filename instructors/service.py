"""What an instructor did: sessions that they led, and services entered with evidence.

Sessions belong to a higher floor, which says here where they are (``provide_sessions``, called
when it is ready); this floor only asks for who, when and how many.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear

from instructors.models import Instructor, Service


@dataclass(frozen=True)
class Led:
    """Where led sessions stand: ``rows`` gives those that count, ``person`` and ``day`` name the
    fields that say who led and when. An index over both is expected."""

    rows: Callable[[], QuerySet[Any]]
    person: str
    day: str


_led: list[Led] = []


def provide_sessions(led: Led) -> None:
    """Called by the app that owns sessions when it is ready."""
    if led not in _led:
        _led.append(led)


@dataclass(frozen=True)
class Span:
    """The days after ``after`` up to and including ``last``."""

    after: date
    last: date

    def q(self, field: str) -> Q:
        return Q(**{f"{field}__gt": self.after, f"{field}__lte": self.last})


def led_in(span: Span) -> list[tuple[Led, QuerySet[Any]]]:
    """The led sessions of a span, of every source."""
    return [(led, led.rows().filter(span.q(led.day))) for led in _led]


def entered_in(span: Span) -> QuerySet[Service]:
    return Service.objects.standing().filter(span.q("held_on"))


def served_q(span: Span) -> Q:
    """A condition for instructors who served in the span."""
    served = Q(Exists(entered_in(span).filter(instructor=OuterRef("pk"))))
    for led, rows in led_in(span):
        served |= Q(Exists(rows.filter(**{led.person: OuterRef("person_id")})))
    return served


def services_in(span: Span) -> Any:
    """An expression for how often an instructor served in the span."""
    total = _count(entered_in(span).filter(instructor=OuterRef("pk")), "instructor")
    for led, rows in led_in(span):
        total += _count(rows.filter(**{led.person: OuterRef("person_id")}), led.person)
    return total


def _count(rows: QuerySet[Any], by: str) -> Any:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Record:
    """What one instructor did in a span."""

    count: int = 0
    last: date | None = None


def records(instructors: Iterable[Instructor], span: Span, recent: Span) -> dict[int, Record]:
    """By instructor: how often they served in ``recent``, and last in ``span`` (which holds it).

    One query for each source of services, however many instructors.
    """
    people = {row.person_id: row.pk for row in instructors}
    counts: Counter[int] = Counter()
    days: dict[int, list[date]] = defaultdict(list)
    sources = [(entered_in(span).filter(instructor__in=people.values()), "instructor", "held_on")]
    sources += [
        (rows.filter(**{f"{led.person}__in": people}), led.person, led.day)
        for led, rows in led_in(span)
    ]
    for rows, owner, day in sources:
        told = rows.order_by().values(owner).annotate(n=Count("pk", filter=recent.q(day)))
        for key, count, last in told.annotate(last=Max(day)).values_list(owner, "n", "last"):
            pk = key if owner == "instructor" else people[key]
            counts[pk] += count
            days[pk].append(last)
    return {pk: Record(counts[pk], max(days[pk])) for pk in days}


@dataclass
class Year:
    """The services of one calendar year: sessions led, services entered, minutes entered."""

    year: int
    led: int = 0
    entered: int = 0

    @property
    def total(self) -> int:
        return self.led + self.entered


def by_year(instructor: Instructor) -> list[Year]:
    """The service record, newest year first."""
    years: dict[int, Year] = {}
    entered = instructor.services.filter(withdrawn_on__isnull=True)
    for year, count in _yearly(entered, "held_on"):
        years.setdefault(year, Year(year)).entered += count
    for led in _led:
        for year, count in _yearly(
            led.rows().filter(**{led.person: instructor.person_id}), led.day
        ):
            years.setdefault(year, Year(year)).led += count
    return [years[year] for year in sorted(years, reverse=True)]


def _yearly(rows: QuerySet[Any], day: str) -> Iterable[tuple[int, int]]:
    dated = rows.order_by().annotate(of_year=ExtractYear(F(day))).values("of_year")
    return dated.annotate(n=Count("pk")).values_list("of_year", "n")


@dataclass(frozen=True)
class Done:
    """One thing that an instructor did on a day; ``entered`` is the service, if it was entered."""

    day: date
    area_code: str
    minutes: int
    entered: Service | None = None


def in_year(instructor: Instructor, year: int) -> list[Done]:
    """What an instructor did in a calendar year, the latest first; withdrawn services too."""
    entered = instructor.services.filter(held_on__year=year)
    done = [Done(one.held_on, one.area_code, one.minutes, one) for one in entered]
    for led in _led:
        rows = led.rows().filter(**{led.person: instructor.person_id, f"{led.day}__year": year})
        done += [Done(*values) for values in rows.values_list(led.day, "area_code", "minutes")]
    return sorted(done, key=lambda one: one.day, reverse=True)
