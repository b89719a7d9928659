"""Spells of stations: where they stand, whether they meet the standard, who lives near them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from coverage.models import NearStation
from coverage.spells.areas import Source, residents
from coverage.spells.scope import Scope
from coverage.spells.stretches import Stretches, both, common, lasting, merged
from grids.models import Division, RuleValue
from grids.rules import rules
from jiaozuo_grid.area import Level
from stations.models import OpeningHours, StationPlace, StationPost, StationRole
from stations.rules import GUIDED_HOURS, INSTRUCTORS, PEOPLE


def stations(scope: Scope) -> Stretches:
    return lasting(scope.at(StationPlace.objects.all()))


def station_area(scope: Scope) -> Stretches:
    rows = StationPlace.objects.exclude(station__square_metres=None)
    return lasting(scope.at(rows), "station__square_metres")


Values = Callable[[str, date], float]


def _rule_values() -> tuple[Values, set[date]]:
    """What the rules of the standard say on a day, and the days on which they change."""
    keys = (INSTRUCTORS, GUIDED_HOURS, PEOPLE)
    defaults = {rule.key: rule.default for rule in rules()}
    rows = list(RuleValue.objects.filter(key__in=keys))

    def value(key: str, day: date) -> float:
        said = [row.value for row in rows if row.key == key and row.in_force(day)]
        return said[-1] if said else defaults[key]

    edges = {day for row in rows for day in (row.started_on, row.ended_on) if day is not None}
    return value, edges


def standard_stations(scope: Scope) -> Stretches:
    """The days on which a station is known to meet every number of the standard."""
    rows = scope.at(StationPlace.objects.order_by().exclude(station__usual_people=None))
    keys = rows.values("station")
    posts: dict[int, list[Any]] = defaultdict(list)
    instructors = StationPost.objects.filter(station__in=keys, station_role=StationRole.INSTRUCTOR)
    for post in instructors.order_by():
        posts[post.station_id].append(post)
    hours: dict[int, list[Any]] = defaultdict(list)
    for row in OpeningHours.objects.filter(station__in=keys).order_by():
        hours[row.station_id].append(row)
    value, edges = _rule_values()
    met: dict[int, list[Any]] = {}
    found: Stretches = defaultdict(list)
    for code, station, people, start, end in rows.values_list(
        "area_code", "station", "station__usual_people", "started_on", "ended_on"
    ):
        if station in posts and station in hours:
            if station not in met:
                met[station] = _met(posts[station], hours[station], people, value, edges)
            found[code] += common([(start, end, 1)], met[station])
    return found


def _met(
    posts: list[Any], hours: list[Any], people: int, value: Values, edges: set[date]
) -> list[Any]:
    """The days on which one station meets the standard, between the days when anything changes."""
    changes = {row.started_on for row in (*posts, *hours)} | edges
    changes |= {row.ended_on for row in (*posts, *hours) if row.ended_on is not None}
    days = sorted(changes)
    stretches = []
    for first, last in zip(days, [*days[1:], None], strict=True):
        open_ = [row for row in hours if row.in_force(first)]
        guided = sum(row.minutes_a_week for row in open_ if row.guided)
        posted = {row.person_id for row in posts if row.in_force(first)}
        if (
            open_
            and guided >= round(value(GUIDED_HOURS, first) * 60)
            and len(posted) >= value(INSTRUCTORS, first)
            and people >= value(PEOPLE, first)
        ):
            stretches.append((first, last, 1))
    return merged(stretches)


def placed_villages(scope: Scope) -> Stretches:
    """Villages whose own point is known."""
    rows = Division.objects.exclude(longitude=None).exclude(latitude=None)
    return lasting(scope.at(rows, Level.VILLAGE))


def near(scope: Scope, metres: int) -> Stretches:
    """By village the days on which a station stood so near, or nearer."""
    pairs = NearStation.objects.filter(metres__lte=metres)
    if scope.area:
        pairs = pairs.filter(village_code__startswith=scope.area)
    else:
        pairs = pairs.filter(village_code__in=scope.codes)
    of_station: dict[int, list[str]] = defaultdict(list)
    for village, station in pairs.values_list("village_code", "station_key"):
        of_station[station].append(village)
    found: Stretches = defaultdict(list)
    rows = StationPlace.objects.filter(station__in=pairs.values("station_key"))
    for station, start, end in rows.values_list("station", "started_on", "ended_on"):
        for village in of_station[station]:
            found[village].append((start, end, 1))
    return found


def near_villages(scope: Scope) -> Stretches:
    return both(placed_villages(scope), near(scope, 1000))


def placed_households(scope: Scope) -> Stretches:
    return both(residents("households")(scope), placed_villages(scope))


def near_households(metres: int) -> Source:
    return lambda scope: both(placed_households(scope), near(scope, metres))
