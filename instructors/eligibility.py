"""The judgement by the rules: who is due, who is eligible and why not yet, who is inactive.

The same questions twice: ``judge`` explains some instructors in a fixed number of queries, and
``due``, ``inactive`` and ``eligible`` narrow any number of them in the database. A year counts only
while the instructor was registered (工作注册).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grids.rules import values_on
from instructors.models import (
    Attendance,
    Certificate,
    Instructor,
    InstructorLevel,
    Promotion,
    Registration,
)
from instructors.rules import COURSES, INACTIVE, RENEWAL, SERVICES, YEARS, years_before
from instructors.service import Record, Span, records, served_q, services_in
from jiaozuo_grid.lasting import today

THIRD = InstructorLevel.THIRD.value


@dataclass(frozen=True)
class Condition:
    """One condition of a promotion, with how much of it there is."""

    key: str
    have: int
    need: int
    words: str

    @property
    def met(self) -> bool:
        return self.have >= self.need


@dataclass(frozen=True)
class Judgement:
    """What the rules say about one instructor on a day."""

    due: bool = False
    inactive: bool = False
    registered: bool = False
    last_service: date | None = None
    services: int = 0
    next_level: int | None = None
    conditions: Sequence[Condition] = ()
    promotion: Promotion | None = None
    standing: bool = True

    @property
    def missing(self) -> list[Condition]:
        """Why not yet."""
        return [condition for condition in self.conditions if not condition.met]

    @property
    def eligible(self) -> bool:
        """May be nominated now."""
        ready = self.next_level is not None and not self.missing
        return ready and self.standing and self.promotion is None

    @property
    def next_level_name(self) -> str:
        return "" if self.next_level is None else str(InstructorLevel(self.next_level).label)


def _missing_service(rules: dict[str, float], day: date) -> Span:
    return Span(years_before(day, rules[INACTIVE]), day)


def last_year(day: date) -> Span:
    return Span(years_before(day, 1), day)


def _renewed_since(rules: dict[str, float], day: date) -> int:
    """A registration for this year or a later one is not due for renewal."""
    return day.year - int(rules[RENEWAL]) + 1


# --- in the database


def due(rows: Any, day: date | None = None) -> Any:
    """Instructors whose registration has to be renewed: none since the year that the rule names."""
    day = day or today()
    since = _renewed_since(values_on(day), day)
    registered = Registration.objects.filter(
        instructor=OuterRef("pk"), year__gte=since, year__lte=day.year
    )
    held = rows.standing(day).filter(instructor_level__isnull=False, started_on__year__lt=since)
    return held.filter(~Exists(registered))


def inactive(rows: Any, day: date | None = None) -> Any:
    """Instructors who have not served for as long as the rule says."""
    day = day or today()
    span = _missing_service(values_on(day), day)
    held = rows.standing(day).filter(instructor_level__isnull=False, started_on__lte=span.after)
    return held.filter(~served_q(span))


def eligible(rows: Any, day: date | None = None) -> Any:
    """Instructors who meet every condition of the next level, and are not nominated yet."""
    day = day or today()
    rules = values_on(day)
    under_way = Promotion.objects.open().filter(instructor=OuterRef("pk"))
    rows = _with_figures(rows.standing(day), day).filter(~Exists(under_way))
    to_third = Q(instructor_level__isnull=True, figure_services__gte=rules[SERVICES])
    ready = to_third
    for level, key in YEARS.items():
        years = int(rules[key])
        ready |= Q(
            instructor_level=level + 1,
            figure_since__lte=years_before(day, years),
            figure_years__gte=years,
        )
    return rows.filter(ready, figure_courses__gte=int(rules[COURSES]))


def _with_figures(rows: Any, day: date) -> Any:
    own = OuterRef("pk")
    certificates = Certificate.objects.in_force(day).filter(
        instructor=own, instructor_level=OuterRef("instructor_level")
    )
    rows = rows.annotate(
        figure_since=Subquery(certificates.order_by("granted_on").values("granted_on")[:1]),
        figure_next=Coalesce(F("instructor_level") - 1, Value(THIRD)),
        figure_services=services_in(last_year(day)),
    ).annotate(figure_from=ExtractYear("figure_since"))
    registered = Registration.objects.filter(
        instructor=own, year__gte=OuterRef("figure_from"), year__lte=day.year
    )
    passed = Attendance.objects.filter(
        instructor=own,
        passed=True,
        course__instructor_level=OuterRef("figure_next"),
        course__ended_on__lte=day,
    )
    return rows.annotate(figure_years=_count(registered), figure_courses=_count(passed))


def _count(rows: Any) -> Any:
    counted = rows.order_by().values("instructor").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


# --- explained


@dataclass
class _Books:
    """What stands in the books about some instructors."""

    since: dict[int, date] = field(default_factory=dict)
    years: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    courses: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    promotions: dict[int, Promotion] = field(default_factory=dict)
    services: dict[int, Record] = field(default_factory=dict)


def judge(instructors: Iterable[Instructor], day: date | None = None) -> dict[int, Judgement]:
    """The judgement of each instructor, by key, in a fixed number of queries.

    Read their people with them (``select_related("person")``).
    """
    day = day or today()
    rows = list(instructors)
    rules = values_on(day)
    books = _read(rows, rules, day)
    return {row.pk: _judgement(row, books, rules, day) for row in rows}


def _read(rows: list[Instructor], rules: dict[str, float], day: date) -> _Books:
    books, keys = _Books(), [row.pk for row in rows]
    levels = {row.pk: row.instructor_level for row in rows}
    held = Certificate.objects.in_force(day).filter(instructor__in=keys).order_by("-granted_on")
    for pk, level, granted_on in held.values_list("instructor", "instructor_level", "granted_on"):
        if levels[pk] == level:
            books.since[pk] = granted_on
    registered = Registration.objects.filter(instructor__in=keys, year__lte=day.year)
    for pk, year in registered.values_list("instructor", "year"):
        books.years[pk].add(year)
    passed = Attendance.objects.filter(
        instructor__in=keys, passed=True, course__ended_on__lte=day
    ).values_list("instructor", "course__instructor_level")
    nexts = {row.pk: row.next_level for row in rows}
    for pk, level in passed:
        books.courses[pk] += level is not None and nexts[pk] == level
    for promotion in Promotion.objects.open().filter(instructor__in=keys):
        books.promotions[promotion.instructor_id] = promotion
    books.services = records(rows, _wider(rules, day), last_year(day))
    return books


def _wider(rules: dict[str, float], day: date) -> Span:
    return Span(years_before(day, max(1, rules[INACTIVE])), day)


def _judgement(row: Instructor, books: _Books, rules: dict[str, float], day: date) -> Judgement:
    person = row.person
    standing = row.in_force(day) and not (
        person.merged_into_id
        or (person.died_on and person.died_on <= day)
        or (person.moved_away_on and person.moved_away_on <= day)
    )
    record = books.services.get(row.pk, Record())
    held = standing and row.instructor_level is not None
    since = _renewed_since(rules, day)
    silent = _missing_service(rules, day).after
    renewed = any(year >= since for year in books.years[row.pk])
    return Judgement(
        due=held and row.started_on.year < since and not renewed,
        inactive=held and row.started_on <= silent and record.last is None,
        registered=day.year in books.years[row.pk],
        last_service=record.last,
        services=record.count,
        next_level=row.next_level,
        conditions=_conditions(row, books, rules, day),
        promotion=books.promotions.get(row.pk),
        standing=standing,
    )


def _conditions(
    row: Instructor, books: _Books, rules: dict[str, float], day: date
) -> list[Condition]:
    level = row.next_level
    if level is None:
        return []
    found: list[Condition] = []
    if level == THIRD:
        record = books.services.get(row.pk, Record())
        found.append(_services(record.count, int(rules[SERVICES])))
    else:
        need, since = int(rules[YEARS[level]]), books.since.get(row.pk)
        found.append(_held(row, since, need, day))
        registered = [y for y in books.years[row.pk] if since and y >= since.year]
        found.append(_registered(len(registered), need))
    found.append(_trained(books.courses[row.pk], int(rules[COURSES]), level))
    return found


def _services(have: int, need: int) -> Condition:
    text = ngettext(
        "%(have)d of %(need)d service in the last year",
        "%(have)d of %(need)d services in the last year",
        need,
    )
    return Condition("services", have, need, text % {"have": have, "need": need})


def _held(row: Instructor, since: date | None, need: int, day: date) -> Condition:
    if since is None:
        return Condition("held", 0, max(need, 1), _("no certificate of the present grade"))
    have = day.year - since.year - (years_before(day, day.year - since.year) < since)
    text = _("holds the %(level)s since %(day)s: %(have)d of %(need)d years") % {
        "level": row.level_name,
        "day": date_format(since, "Y-m-d"),
        "have": have,
        "need": need,
    }
    return Condition("held", have, need, text)


def _registered(have: int, need: int) -> Condition:
    text = ngettext(
        "registered %(have)d of %(need)d year", "registered %(have)d of %(need)d years", need
    )
    return Condition("registered", have, need, text % {"have": have, "need": need})


def _trained(have: int, need: int, level: int) -> Condition:
    text = _("passed %(have)d of %(need)d courses for the %(level)s") % {
        "have": have,
        "need": need,
        "level": InstructorLevel(level).label,
    }
    return Condition("trained", have, need, text)
