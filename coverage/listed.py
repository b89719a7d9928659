"""The rows behind a figure, named: what each is, where, how much it adds, who answers for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from activities.models import Event, Lecture, Session
from coverage.models import FlowTally
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
    # On the list of a gap: the row's key, and the newest reminder (coverage/reminders/shown.py).
    key: str = ""
    reminder: Any = None

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


def where(code: str, below: str, names: dict[str, str], *, whole: bool = False) -> str:
    """The way from ``below`` (not said) down to the parent of ``code``, or to it (``whole``)."""
    steps = [step for step in ancestors(code, include_self=whole) if len(step) > len(below)]
    return " › ".join(names[step] for step in steps if step in names)


# What a listed row shows besides, read in the same query.
_RELATED: dict[type, tuple[str, ...]] = {
    HobbyGrid: ("sport",),
    InstructorPlace: ("instructor__person",),
    StationPlace: ("station",),
    Appointment: ("person",),
}
# Rows that are named by where they are.
_NAMED_BY_PLACE = (Session, ResidentCount, FlowTally)


def with_relations(rows: Any) -> Any:
    """Read what a listed row shows besides in the same query."""
    related = _RELATED.get(rows.model)
    return rows.select_related(*related) if related else rows


def _hobby_grid(row: HobbyGrid) -> list[str]:
    start = f"{row.usual_start:%H:%M}" if row.usual_start else ""
    return [str(row.sport), row.usual_place, start]


def _meetings(row: FlowTally) -> list[str]:
    numbers = {
        "expected": row.expected_meetings,
        "kept": row.kept_meetings,
        "called_off": row.called_off_meetings,
    }
    return [_("%(expected)s scheduled, %(kept)s held, %(called_off)s called off") % numbers]


def _held(row: Any) -> list[str]:
    return [f"{row.held_on:%Y-%m-%d} {row.start_time:%H:%M}", row.place]


_DETAILS: dict[type, Callable[[Any], list[str]]] = {
    HobbyGrid: _hobby_grid,
    InstructorPlace: lambda row: [row.instructor.level_name],
    StationPlace: lambda row: [row.station.get_kind_display()],
    Grid: lambda row: [row.get_kind_display()],
    Session: _held,
    Lecture: _held,
    Event: _held,
    ResidentCount: lambda row: [f"{row.started_on:%Y-%m-%d}", row.source],
    FlowTally: _meetings,
    Appointment: lambda row: [row.get_role_display()],
}
# The page of a row, where it is not that of its area.
_PAGES: dict[type, Callable[[Any], str]] = {
    Session: lambda row: reverse("session", args=[row.pk]),
    Lecture: lambda row: reverse("lecture", args=[row.pk]),
    Event: lambda row: reverse("event", args=[row.pk]),
    InstructorPlace: lambda row: reverse("instructor", args=[row.instructor_id]),
    StationPlace: lambda row: reverse("station", args=[row.station_id]),
    Appointment: lambda row: reverse("area", args=[row.area_code]),
    **{
        model: lambda row: reverse("area", args=[row.area_code])
        for model in (Division, Grid, HobbyGrid, ResidentCount)
    },
}
_NAMES: dict[type, Callable[[Any], str]] = {
    InstructorPlace: lambda row: row.instructor.person.name,
    StationPlace: lambda row: row.station.name,
    Appointment: lambda row: row.person.name,
    Lecture: lambda row: row.topic,
    Event: lambda row: row.title,
}


def _details(row: Any) -> list[str]:
    told = _DETAILS.get(type(row))
    return [text for text in told(row) if text] if told else []


def _url(row: Any, actor: Actor) -> str:
    """The page of the row, for those who may open it."""
    if isinstance(row, FlowTally):
        # The hobby grid's own sheet: its schedule, and what became of each meeting.
        allowed = reach_of(actor).allows(right("view", HobbyGrid), row.area_code)
        return reverse("schedules", args=[row.area_code]) if allowed else ""
    page = _PAGES.get(type(row))
    # A place is that of an instructor or a station, and so is its page.
    what = getattr(row, "instructor", None) or getattr(row, "station", None) or row
    if page is None or not reach_of(actor).allows(right("view", what), row.area_code):
        return ""
    return page(row)


def _own_name(row: Any, names: dict[str, str]) -> str:
    if isinstance(row, _NAMED_BY_PLACE):
        return names.get(row.area_code, row.area_code)
    name = _NAMES.get(type(row))
    return name(row) if name else str(row)


def listed(rows: list[Any], below: str, actor: Actor, amount: str | None = None) -> list[Listed]:
    """Rows of any counted model as lines of a list, seen from the area ``below``."""
    # A sport stands nowhere; it is offered in the area that is looked at.
    codes = {row: getattr(row, "area_code", below) for row in rows}
    steps = {step for code in codes.values() for step in ancestors(code)}
    steps |= {row.area_code for row in rows if isinstance(row, _NAMED_BY_PLACE)}
    # What is held for a whole area is held there, not in a part of it.
    steps |= {row.area_code for row in rows if isinstance(row, Lecture | Event | Appointment)}
    names = names_of(steps)
    return [
        Listed(
            code=codes[row],
            name=_own_name(row, names),
            url=_url(row, actor),
            where=where(
                codes[row], below, names, whole=isinstance(row, Lecture | Event | Appointment)
            ),
            details=_details(row),
            amount=getattr(row, amount) if amount else None,
        )
        for row in rows
    ]


def _posts_above(codes: set[str], day: date) -> dict[str, Appointment]:
    posts = Appointment.objects.filter(area_code__in=codes, role__in=RESPONSIBLE).on(day)
    in_order = posts.select_related("person").order_by("-started_on", "-pk")
    return {post.area_code: post for post in in_order}


def posts_answering(codes: Iterable[str], day: date) -> dict[str, Appointment]:
    """Who answers for each code: the nearest leader or officer at or above it on that day."""
    chains = {code: ancestors(code, include_self=True)[::-1] for code in codes}
    posts = _posts_above({step for chain in chains.values() for step in chain}, day)
    nearest = {
        code: next((posts[step] for step in chain if step in posts), None)
        for code, chain in chains.items()
    }
    return {code: post for code, post in nearest.items() if post is not None}


def name_responsible(lines: list[Listed], actor: Actor, day: date) -> None:
    """Put to each line who answers for it: the nearest leader or officer above it on that day."""
    posts = posts_answering((line.code for line in lines), day)
    reach = reach_of(actor)
    for line in lines:
        post = posts.get(line.code)
        if post is None:
            continue
        may_open = reach.allows(right("view", Person), post.area_code)
        line.responsible = Responsible(
            name=post.person.name,
            role=post.get_role_display(),
            masked_phone=post.person.masked_phone,
            url=reverse("person", args=[post.person_id]) if may_open else "",
        )
