"""The rows behind a figure, named: what each is, where, how much it adds, who answers for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.models import Person
from activities.models import Session
from coverage.shown import number
from grids.authority import division_names
from grids.models import Appointment, Division, Grid, HobbyGrid, ResidentCount, Role
from instructors.models import InstructorPlace
from jiaozuo_grid.area import Level, ancestors
from jiaozuo_grid.reach import Actor, reach_of, right
from stations.models import StationPlace

# Who answers for what lies in their area, when nobody nearer does.
RESPONSIBLE = (
    Role.GRID_LEADER,
    Role.TOWNSHIP_OFFICER,
    Role.COUNTY_OFFICIAL,
    Role.BUREAU_STAFF,
)


@dataclass(frozen=True)
class Responsible:
    """Who answers for a row. The whole number stands on the person's page, where reading it is
    recorded; ``url`` leads there those who may open it."""

    name: str
    role: str
    masked_phone: str
    url: str


@dataclass
class Listed:
    """One row of a list. ``details`` are short texts, ``amount`` what the row adds to a sum."""

    code: str
    name: str
    url: str = ""
    where: str = ""
    details: list[str] = field(default_factory=list)
    amount: int | None = None
    responsible: Responsible | None = None

    @property
    def amount_text(self) -> str:
        return number(self.amount)


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The names of the divisions, grids and hobby grids with these codes; one query a kind."""
    wanted: dict[type, list[str]] = {Division: [], Grid: [], HobbyGrid: []}
    for code in sorted(set(codes)):
        deep = {Level.GRID: Grid, Level.HOBBY_GRID: HobbyGrid}
        wanted[deep.get(Level(len(code)), Division)].append(code)
    names = division_names(wanted[Division])
    for model in (Grid, HobbyGrid):
        if wanted[model]:
            rows = model.objects.filter(area_code__in=wanted[model])
            names.update(rows.values_list("area_code", "name"))
    return names


def where(code: str, below: str, names: dict[str, str]) -> str:
    """The way from ``below`` (not said) down to the parent of ``code``."""
    steps = [step for step in ancestors(code) if len(step) > len(below)]
    return " › ".join(names[step] for step in steps if step in names)


def with_relations(rows: Any) -> Any:
    """Read what a listed row shows besides in the same query."""
    related = {
        HobbyGrid: ("sport",),
        InstructorPlace: ("instructor__person",),
        StationPlace: ("station",),
    }.get(rows.model)
    return rows.select_related(*related) if related else rows


def _details(row: Any) -> list[str]:
    if isinstance(row, HobbyGrid):
        start = f"{row.usual_start:%H:%M}" if row.usual_start else ""
        return [text for text in (str(row.sport), row.usual_place, start) if text]
    if isinstance(row, InstructorPlace):
        return [row.instructor.get_instructor_level_display()]
    if isinstance(row, StationPlace):
        return [row.station.get_kind_display()]
    if isinstance(row, Grid):
        return [row.get_kind_display()]
    if isinstance(row, Session):
        return [f"{row.held_on:%Y-%m-%d} {row.start_time:%H:%M}", row.place]
    if isinstance(row, ResidentCount):
        return [text for text in (f"{row.started_on:%Y-%m-%d}", row.source) if text]
    return []


def _url(row: Any, actor: Actor) -> str:
    """The page of the row, for those who may open it."""
    if not reach_of(actor).allows(right("view", row), row.area_code):
        return ""
    if isinstance(row, Session):
        return reverse("session", args=[row.pk])
    if isinstance(row, Division | Grid | HobbyGrid | ResidentCount):
        return reverse("area", args=[row.area_code])
    return ""


def _own_name(row: Any, names: dict[str, str]) -> str:
    if isinstance(row, Session | ResidentCount):
        return names.get(row.area_code, row.area_code)
    if isinstance(row, InstructorPlace):
        return row.instructor.person.name
    if isinstance(row, StationPlace):
        return row.station.name
    return str(row)


def listed(rows: list[Any], below: str, actor: Actor, amount: str | None = None) -> list[Listed]:
    """Rows of any counted model as lines of a list, seen from the area ``below``."""
    codes = {step for row in rows for step in ancestors(row.area_code)}
    codes |= {row.area_code for row in rows if isinstance(row, Session | ResidentCount)}
    names = names_of(codes)
    return [
        Listed(
            code=row.area_code,
            name=_own_name(row, names),
            url=_url(row, actor),
            where=where(row.area_code, below, names),
            details=_details(row),
            amount=getattr(row, amount) if amount else None,
        )
        for row in rows
    ]


def _posts_above(codes: set[str], day: date) -> dict[str, Appointment]:
    posts = Appointment.objects.filter(area_code__in=codes, role__in=RESPONSIBLE).on(day)
    in_order = posts.select_related("person").order_by("-started_on", "-pk")
    return {post.area_code: post for post in in_order}


def name_responsible(lines: list[Listed], actor: Actor, day: date) -> None:
    """Put to each line who answers for it: the nearest leader or officer above it on that day."""
    chains = {line.code: ancestors(line.code, include_self=True)[::-1] for line in lines}
    posts = _posts_above({step for chain in chains.values() for step in chain}, day)
    reach = reach_of(actor)
    for line in lines:
        post = next((posts[step] for step in chains[line.code] if step in posts), None)
        if post is None:
            continue
        may_open = reach.allows(right("view", Person), post.area_code)
        line.responsible = Responsible(
            name=post.person.name,
            role=post.get_role_display(),
            masked_phone=post.person.masked_phone,
            url=reverse("person", args=[post.person_id]) if may_open else "",
        )
