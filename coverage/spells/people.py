"""Spells of instructors, at the places where they served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from activities.models import Session
from coverage.spells.islands import islands, islands_of_months, islands_since
from coverage.spells.scope import Scope
from coverage.spells.stretches import Stretches, common, lasting, merged, without
from instructors.models import Certificate, Instructor, InstructorPlace, Registration, Service

# An instructor serves who did so in as many days that end with the day.
SERVED_DAYS = 90
# Key of an instructor -> the stretches of days on which something is true of them.
True_ = dict[int, list[Any]]


def places(scope: Scope) -> Stretches:
    return lasting(scope.at(InstructorPlace.objects.all()))


def _at_their_places(scope: Scope, told: Callable[[Any], True_]) -> Stretches:
    """The days at each place on which ``told`` says something is true of the instructor."""
    rows = scope.at(InstructorPlace.objects.order_by())
    true = told(rows.values("instructor"))
    found: Stretches = defaultdict(list)
    for code, instructor, start, end in rows.values_list(
        "area_code", "instructor", "started_on", "ended_on"
    ):
        if instructor in true:
            found[code] += common([(start, end, 1)], true[instructor])
    return found


def certificates(instructors: Any) -> dict[int, dict[int, list[Any]]]:
    """By instructor and level the days on which a certificate was in force."""
    rows = Certificate.objects.filter(instructor__in=instructors)
    found: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for instructor, level, granted, revoked in rows.values_list(
        "instructor", "instructor_level", "granted_on", "revoked_on"
    ):
        found[instructor][level].append((granted, revoked, 1))
    return found


def of_level(level: int) -> Callable[[Scope], Stretches]:
    """Instructors whose highest certificate in force is of a level (the smaller, the higher)."""

    def told(instructors: Any) -> True_:
        return {
            key: without(
                merged(held[level]),
                [one for above, days in held.items() if above < level for one in days],
            )
            for key, held in certificates(instructors).items()
            if level in held
        }

    return lambda scope: _at_their_places(scope, told)


def _certified(instructors: Any) -> True_:
    return {
        key: merged(one for days in held.values() for one in days)
        for key, held in certificates(instructors).items()
    }


def certified(scope: Scope) -> Stretches:
    return _at_their_places(scope, _certified)


def _registered(instructors: Any) -> True_:
    found: True_ = defaultdict(list)
    rows = Registration.objects.filter(instructor__in=instructors)
    for instructor, year, day in rows.values_list("instructor", "year", "registered_on"):
        found[instructor].append((max(day, date(year, 1, 1)), date(year + 1, 1, 1), 1))
    return {key: merged(days) for key, days in found.items()}


def registered(scope: Scope) -> Stretches:
    """From the day of the registration to the end of the year for which it is."""
    return _at_their_places(scope, _registered)


def served(instructors: Any, since: date | None = None, *, summed: bool = False) -> True_:
    """By instructor the days on which they were serving; right from ``since`` on, if it is said.

    ``summed``: the sessions are (heldmonths.py).
    """
    asked = Instructor.objects.filter(pk__in=instructors)
    people = dict(asked.values_list("person", "pk"))
    found: True_ = defaultdict(list)
    services = Service.objects.standing().filter(instructor__in=list(people.values()))
    services = services.annotate(owner=F("instructor"))
    for key, stretches in _days(asked, "pk", services, since).items():
        found[key] += stretches
    keys = list(people)
    for start in range(0, len(keys), 5000):
        part = keys[start : start + 5000]
        if summed:
            places = ", ".join(["%s"] * len(part))
            led = islands_of_months("led_by_id", f"led_by_id IN ({places})", part, SERVED_DAYS)
        else:
            sessions = Session.objects.standing().filter(led_by__in=part)
            here = asked.filter(person__in=part)
            led = _days(here, "person", sessions.annotate(owner=F("led_by")), since)
        for person, stretches in led.items():
            found[people[person]] += stretches
    return {key: merged(stretches) for key, stretches in found.items()}


def _days(owners: QuerySet[Any], key: str, rows: Any, since: date | None) -> Stretches:
    if since is None:
        return islands(rows, SERVED_DAYS)
    return islands_since(owners, key, rows, SERVED_DAYS, since)


def serving_at(rows: Any, since: date | None = None, *, summed: bool = False) -> Stretches:
    """By (code, key of the place) the days on which the instructors of some places were serving.

    With ``since`` the days from then on.
    """
    days = served(rows.order_by().values("instructor"), since, summed=summed)
    within: Iterable[Any] = [(since or date.min, None, 1)]
    found: Stretches = {}
    for pk, code, instructor, start, end in rows.values_list(
        "pk", "area_code", "instructor", "started_on", "ended_on"
    ):
        if instructor in days and (end is None or start < end):
            stretches = common([(start, end, 1)], days[instructor])
            found[code, pk] = common(stretches, list(within))
    return found


def serving(scope: Scope) -> Stretches:
    return serving_at(scope.at(InstructorPlace.objects.all()), summed=bool(scope.area))
