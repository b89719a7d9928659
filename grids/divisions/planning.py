"""Comparing a list with the register: what an import would do. Writes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grids.divisions.checking import DivisionRow, Register, check_tree, city_of, read_rows
from grids.divisions.ending import cannot_end
from grids.divisions.problems import Problem, in_file_order
from grids.divisions.reading import read_table
from grids.models import Division, ResidentCount
from jiaozuo_grid.area import Level, ancestors, parent_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

RIGHT = "import divisions"
STATED = ["urban_rural_class", "longitude", "latitude"]
OUTCOMES = ["added", "reopened", "renamed", "changed", "unchanged", "absent"]


@dataclass(frozen=True)
class Outcome:
    """What becomes of one division; ``changes`` holds, by field, what was and what will be."""

    kind: str
    area_code: str
    name: str
    row: DivisionRow | None = None
    division: Division | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        return Level(len(self.area_code))


@dataclass
class Plan:
    """What an import of a file would do, or why it would be refused.

    ``kept`` are the absent divisions that could not be ended, each with its reason.
    """

    on: date
    row_count: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kept: list[Problem] = field(default_factory=list)

    def of(self, kind: str) -> list[Outcome]:
        return [one for one in self.outcomes if one.kind == kind]

    @property
    def figures(self) -> dict[str, int]:
        """How many divisions of each outcome; all but the absent ones add up to the rows."""
        counts = Counter(one.kind for one in self.outcomes)
        return {kind: counts[kind] for kind in OUTCOMES}

    @property
    def levels(self) -> dict[int, int]:
        """How many rows the file has at each level."""
        counts = Counter(len(one.area_code) for one in self.outcomes if one.kind != "absent")
        return {level: counts[level] for level in (4, 6, 9, 12)}

    @property
    def changes_something(self) -> bool:
        return any(one.kind not in ("unchanged", "absent") for one in self.outcomes)

    @property
    def digest(self) -> str:
        """The same for two plans that do the same; tells whether the register moved meanwhile."""
        content = [self.on.isoformat()]
        content += [f"{one.kind} {one.area_code} {one.changes}" for one in self.outcomes]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:32]


def plan_import(actor: Actor, data: bytes, on: date | None = None) -> Plan:
    """What importing the file ``data`` would do as ``actor``, with every problem at once.

    ``on`` is the day from which the list holds. Left out it is today, or, for a city that has no
    divisions yet, the day on which figures begin, so that the past has its map too. Raises
    ``OutOfReach`` for an actor who may not import at all, ``ValidationError`` for a day to come.
    """
    reach = reach_of(actor)
    if not reach.allows(RIGHT):
        raise OutOfReach
    if on is not None and on > today():
        raise ValidationError({"on": _("The day from which the list holds is still to come.")})
    table = read_table(data)
    rows, problems = read_rows(table.rows)
    plan = Plan(on=on or today(), row_count=len(table.rows), problems=table.problems + problems)
    if rows:
        city = city_of(rows)
        stored = {row.area_code: row for row in Division.objects.within(city)}
        plan.on = on or (today() if stored else date.fromisoformat(settings.FIGURES_BEGIN))
        register = _register(stored, plan.on)
        plan.problems += check_tree(rows, register, lambda code: reach.allows(RIGHT, code))
        if not plan.problems:
            _compare(plan, rows, stored, city)
    plan.problems = in_file_order(plan.problems, table.columns)
    return plan


def _register(stored: dict[str, Division], on: date) -> Register:
    ended = {code for code, row in stored.items() if row.ended_on is not None}
    return Register(in_force=stored.keys() - ended, ended=ended)


def _compare(plan: Plan, rows: list[DivisionRow], stored: dict[str, Division], city: str) -> None:
    known = {}
    if any(row.figures for row in rows):
        counts = ResidentCount.objects.within(city).on(plan.on)
        known = {count.area_code: count for count in counts.order_by("started_on")}
    rows = sorted(rows, key=lambda row: (len(row.area_code), row.area_code))
    outcomes = [_outcome(row, stored.get(row.area_code), known.get(row.area_code)) for row in rows]
    absent = _absent(rows, stored)
    plan.kept = cannot_end(absent, plan.on)
    plan.outcomes = outcomes + [Outcome("absent", d.area_code, d.name, None, d) for d in absent]


def _outcome(row: DivisionRow, division: Division | None, known: ResidentCount | None) -> Outcome:
    changes: dict[str, tuple[Any, Any]] = {
        name: (getattr(known, name, None), value)
        for name, value in row.figures.items()
        if getattr(known, name, None) != value
    }
    if division is None:
        return Outcome("added", row.area_code, row.name, row, None, changes)
    for name in STATED:
        value, was = getattr(row, name), getattr(division, name)
        if value is not None and value != was:
            changes[name] = (was, value)
    if division.name != row.name:
        changes["name"] = (division.name, row.name)
    if division.ended_on is not None:
        changes["ended_on"] = (division.ended_on, None)
    return Outcome(_kind(changes), row.area_code, row.name, row, division, changes)


def _kind(changes: Collection[str]) -> str:
    """The one outcome under which a known division is counted: the weightiest of its changes."""
    if "ended_on" in changes:
        return "reopened"
    if "name" in changes:
        return "renamed"
    return "changed" if changes else "unchanged"


def _absent(rows: list[DivisionRow], stored: dict[str, Division]) -> list[Division]:
    """Divisions in force within what the file covers, of the levels it has, that it does not name.

    A file covers what lies below its topmost rows. One with a county and its townships says
    nothing about villages.
    """
    codes = {row.area_code for row in rows}
    levels = {len(code) for code in codes}
    tops = {code for code in codes if parent_code(code) not in codes}
    return [
        division
        for code, division in sorted(stored.items())
        if division.ended_on is None
        and code not in codes
        and len(code) in levels
        and tops.intersection(ancestors(code))
    ]
