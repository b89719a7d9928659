"""Spells: the stretches of days on which something counts, recounted from the rows themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from activities.models import Session
from coverage.models import Spell
from grids.models import (
    Appointment,
    Division,
    Grid,
    HobbyGrid,
    Organisation,
    OrganisationKind,
    ResidentCount,
    Role,
    Succession,
)
from grids.organisations import FEDERATED_LEVELS, ORGANISED_LEVELS
from instructors.models import InstructorPlace
from jiaozuo_grid.area import Level, within_q
from stations.models import StationPlace

# From a day (included) to a day (excluded; None: still), with an amount.
Stretch = tuple[date, date | None, int]
Stretches = dict[str, list[Stretch]]


@dataclass(frozen=True)
class Scope:
    """What to recount: everything at or below an area, or exactly some codes."""

    area: str = ""
    codes: tuple[str, ...] = ()

    def at(self, rows: QuerySet[Any], digits: int | None = None) -> QuerySet[Any]:
        """The rows that stand at the scope's own codes, of one level where ``digits`` says so."""
        if self.area:
            rows = rows.filter(within_q([self.area]))
            return rows.filter(area_code__length=digits) if digits else rows
        return rows.filter(area_code__in=self._codes(digits))

    def below(self, rows: QuerySet[Any], digits: int) -> QuerySet[Any]:
        """The rows that stand at or below the scope's codes of one level."""
        if self.area:
            return rows.filter(within_q([self.area]))
        return rows.filter(within_q(self._codes(digits)))

    def heirs(self, digits: int) -> list[tuple[str, str]]:
        """(old, new) of hobby grids that moved, at once or in steps, to the scope's codes."""
        below = [self.area] if self.area else self._codes(digits)
        moved = Succession.objects.standing().of_hobby_grids()
        news = moved.filter(within_q(below, "new_code"))
        found: set[tuple[str, str]] = set()
        fresh = {(old, new) for old, new in news.values_list("old_code", "new_code")}
        while fresh:
            found |= fresh
            tops: dict[str, set[str]] = defaultdict(set)
            for old, new in fresh:
                tops[old].add(new)
            before = moved.filter(new_code__in=tops).values_list("old_code", "new_code")
            fresh = {(old, top) for old, mid in before for top in tops[mid]} - found
        return sorted(found)

    def _codes(self, digits: int | None) -> list[str]:
        return [code for code in self.codes if digits is None or len(code) == digits]


Source = Callable[[Scope], Stretches]


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The union of stretches of amount 1: overlapping and touching ones become one."""
    union: list[Stretch] = []
    for start, end, _amount in sorted(stretches, key=lambda s: s[0]):
        if end is not None and end <= start:
            continue
        if union and (union[-1][1] is None or start <= union[-1][1]):
            last = union[-1]
            if last[1] is not None and (end is None or end > last[1]):
                union[-1] = (last[0], end, 1)
        else:
            union.append((start, end, 1))
    return union


def common(these: Iterable[Stretch], those: list[Stretch]) -> list[Stretch]:
    """The parts of ``these`` (with their amounts) that lie inside one of ``those``."""
    parts: list[Stretch] = []
    for start, end, amount in these:
        for begin, stop, _one in those:
            first = max(start, begin)
            last = min((day for day in (end, stop) if day is not None), default=None)
            if last is None or first < last:
                parts.append((first, last, amount))
    return parts


def _lasting(rows: QuerySet[Any]) -> Stretches:
    found: Stretches = defaultdict(list)
    for code, start, end in rows.values_list("area_code", "started_on", "ended_on"):
        if end is None or start < end:
            found[code].append((start, end, 1))
    return found


def _both(these: Stretches, those: Stretches) -> Stretches:
    return {
        code: common(stretches, merged(those[code]))
        for code, stretches in these.items()
        if code in those
    }


def _villages(scope: Scope) -> Stretches:
    return _lasting(scope.at(Division.objects.all(), Level.VILLAGE))


def _residents(field: str) -> Callable[[Scope], Stretches]:
    def stretches(scope: Scope) -> Stretches:
        rows = scope.at(ResidentCount.objects.exclude(**{field: None}), Level.VILLAGE)
        found: Stretches = defaultdict(list)
        for code, start, end, amount in rows.values_list(
            "area_code", "started_on", "ended_on", field
        ):
            found[code].append((start, end, amount))
        return _both(found, _villages(scope))

    return stretches


def _counted_villages(scope: Scope) -> Stretches:
    known = _residents("population")(scope)
    return {
        code: [(start, end, 1) for start, end, _amount in stretches]
        for code, stretches in known.items()
    }


def required(code: str, households: int | None, villager_groups: int | None) -> int | None:
    """The grids that a village should have: a community by households, a village by groups."""
    if Division(area_code=code).is_community:
        return None if households is None else ceil(households / settings.HOUSEHOLDS_PER_GRID)
    return villager_groups


def _required_grids(scope: Scope) -> Stretches:
    rows = scope.at(ResidentCount.objects.all(), Level.VILLAGE)
    found: Stretches = defaultdict(list)
    for code, start, end, households, groups in rows.values_list(
        "area_code", "started_on", "ended_on", "households", "villager_groups"
    ):
        amount = required(code, households, groups)
        if amount is not None:
            found[code].append((start, end, amount))
    return _both(found, _villages(scope))


def _grids(scope: Scope) -> Stretches:
    return _lasting(scope.at(Grid.objects.all(), Level.GRID))


def _hobby_grids(scope: Scope) -> Stretches:
    return _lasting(scope.at(HobbyGrid.objects.all(), Level.HOBBY_GRID))


def _posts(scope: Scope, role: str, digits: int) -> Stretches:
    return _lasting(scope.at(Appointment.objects.filter(role=role), digits))


def _active(scope: Scope, digits: int) -> Stretches:
    """The days on which there was a standing session within the ``ACTIVE_DAYS`` days before."""
    window = timedelta(days=settings.ACTIVE_DAYS)
    sessions = Session.objects.standing().order_by("area_code", "held_on")
    found: Stretches = defaultdict(list)
    days = scope.below(sessions, digits).values_list("area_code", "held_on").distinct()
    for code, day in days.iterator(20_000):
        found[code[:digits]].append((day, day + window, 1))
    # A hobby grid that moved is as active at its new code as it was at the old one.
    heirs: dict[str, set[str]] = defaultdict(set)
    for old, new in scope.heirs(digits):
        heirs[old].add(new[:digits])
    days = sessions.filter(area_code__in=heirs).values_list("area_code", "held_on").distinct()
    for code, day in days.iterator(20_000):
        for heir in heirs[code]:
            found[heir].append((day, day + window, 1))
    return {code: merged(stretches) for code, stretches in found.items()}


def _with_grids(scope: Scope) -> Stretches:
    found: Stretches = defaultdict(list)
    for code, stretches in _lasting(scope.below(Grid.objects.all(), Level.VILLAGE)).items():
        found[code[: Level.VILLAGE]] += stretches
    return _both(_villages(scope), found)


def _divisions(scope: Scope, levels: Collection[int]) -> Stretches:
    return _lasting(scope.at(Division.objects.filter(digits__in=levels)))


def _with_organisation(levels: Collection[int], kinds: Collection[str]) -> Source:
    """The days on which a division of these levels has an organisation of one of these kinds."""

    def stretches(scope: Scope) -> Stretches:
        organisations = _lasting(scope.at(Organisation.objects.filter(kind__in=kinds)))
        return _both(_divisions(scope, levels), organisations)

    return stretches


SOURCES: dict[str, Source] = {
    "villages": _villages,
    "population": _residents("population"),
    "households": _residents("households"),
    "required_grids": _required_grids,
    "counted_villages": _counted_villages,
    "villages_with_grids": _with_grids,
    "grids": _grids,
    "led_grids": lambda scope: _both(_grids(scope), _posts(scope, Role.GRID_LEADER, Level.GRID)),
    "active_grids": lambda scope: _both(_grids(scope), _active(scope, Level.GRID)),
    "hobby_grids": _hobby_grids,
    "staffed_hobby_grids": lambda scope: _both(
        _hobby_grids(scope), _posts(scope, Role.GRID_MEMBER, Level.HOBBY_GRID)
    ),
    "active_hobby_grids": lambda scope: _both(
        _hobby_grids(scope), _active(scope, Level.HOBBY_GRID)
    ),
    "instructors": lambda scope: _lasting(scope.at(InstructorPlace.objects.all())),
    "to_be_federated": lambda scope: _divisions(scope, FEDERATED_LEVELS),
    "federated": _with_organisation(FEDERATED_LEVELS, [OrganisationKind.FEDERATION]),
    "to_be_organised": lambda scope: _divisions(scope, ORGANISED_LEVELS),
    "organised": _with_organisation(
        ORGANISED_LEVELS, [OrganisationKind.FEDERATION, OrganisationKind.VILLAGE]
    ),
    "stations": lambda scope: _lasting(scope.at(StationPlace.objects.all())),
}


def recounted(scope: Scope) -> Iterator[Spell]:
    """The spells that the rows of the scope give today, for every standing measure."""
    for measure, source in SOURCES.items():
        for code, stretches in source(scope).items():
            for start, end, amount in stretches:
                yield Spell(
                    measure=measure,
                    area_code=code,
                    started_on=start,
                    ended_on=end,
                    amount=amount,
                )
