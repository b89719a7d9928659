"""Gaps by who can act: a to-do list in the order of areas, never an order of persons.

An area's gaps belong to the officer of that area; within a township, those at grids that have a
leader belong to the leader. The sizes come from the same tallies and spells as the page's, so the
lines of an area add up to its gaps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from accounts.models import Person
from coverage.reading import AreaFigures, AsOf, Coverage, size_of
from coverage.registry import GAPS, Gap
from coverage.shown import Shown, address, not_here, number
from grids.models import Appointment, Role
from jiaozuo_grid.area import Level, within_q
from jiaozuo_grid.reach import Actor, reach_of, right

# Who answers for a whole area of the level.
OFFICERS = {
    Level.CITY: Role.BUREAU_STAFF,
    Level.COUNTY: Role.COUNTY_OFFICIAL,
    Level.TOWNSHIP: Role.TOWNSHIP_OFFICER,
    Level.GRID: Role.GRID_LEADER,
}


@dataclass(frozen=True)
class Who:
    """Somebody in office; ``url`` leads to their page those who may open it."""

    name: str
    role: str
    phone: str
    url: str


@dataclass(frozen=True)
class Line:
    """An area, who can act there, and how much of each gap there is."""

    code: str
    name: str
    url: str
    who: list[Who]
    cells: list[tuple[Gap, Shown]]


@dataclass(frozen=True)
class Todo:
    gaps: list[Gap]
    lines: list[Line]
    total: Line


def _cell(gap: Gap, area: AreaFigures, asked: AsOf) -> Shown:
    if gap.whole not in area.figures:
        return not_here(gap.key)
    size = size_of(gap, area)
    url = address("coverage-gap", asked, area.area_code, gap.key) if size else ""
    return Shown(key=gap.key, text=number(size), value=size, url=url)


def _posts(area: str, codes: list[str], day: date) -> list[Appointment]:
    """The offices that answer for the areas; in villages of a township, the leaders of grids."""
    levels = [level for level in OFFICERS if any(len(code) == level for code in codes)]
    wanted = Q(area_code__in=codes, role__in=[OFFICERS[level] for level in levels])
    if len(area) == Level.TOWNSHIP:
        wanted |= within_q([area]) & Q(role=Role.GRID_LEADER)
    posts = Appointment.objects.filter(wanted).on(day).select_related("person")
    return list(posts.order_by("area_code", "started_on", "pk"))


def who_can_act(area: str, codes: Iterable[str], day: date, actor: Actor) -> dict[str, list[Who]]:
    """Who holds the office that answers for each of the areas on a day: one query."""
    wanted = sorted({area, *codes})
    reach = reach_of(actor)
    found: dict[str, list[Who]] = {}
    for post in _posts(area, wanted, day):
        may_open = reach.allows(right("view", Person), post.area_code)
        url = reverse("person", args=[post.person_id]) if may_open else ""
        who = Who(post.person.name, post.get_role_display(), post.person.masked_phone, url)
        at = post.area_code
        if at not in wanted:
            at = at[: Level.VILLAGE]
        found.setdefault(at, []).append(who)
    return found


def todo_of(coverage: Coverage, actor: Actor) -> Todo:
    """The children of an area with who can act there; who can act for the area itself comes last.

    Children of whom nothing is to be done are left out.
    """
    asked = coverage.asked
    area = coverage.area
    codes = [child.area_code for child in coverage.children]
    who = who_can_act(area.area_code, codes, asked.day, actor)
    open_gaps = [GAPS[count.key] for count in coverage.gaps if count.count]
    lines = []
    for child in sorted(coverage.children, key=lambda child: child.area_code):
        if any(size_of(gap, child) for gap in open_gaps):
            lines.append(_line(child, open_gaps, asked, who.get(child.area_code, [])))
    total = _line(area, open_gaps, asked, who.get(area.area_code, []))
    return Todo(open_gaps, lines, total)


def _line(area: AreaFigures, gaps: list[Gap], asked: AsOf, who: list[Who]) -> Line:
    url = address("coverage-todo", asked, area.area_code)
    return Line(
        code=area.area_code,
        name=area.name,
        url=url,
        who=who,
        cells=[(gap, _cell(gap, area, asked)) for gap in gaps],
    )
