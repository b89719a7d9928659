"""Who may do what where: one table of roles, and the reach that appointments give.

Every page, API answer, admin view, import and task asks through ``jiaozuo_grid.reach``; this
module is the only place that answers.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import models

from accounts.models import User
from grids.lineage import with_predecessors
from grids.models import Appointment, Division, Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.often import Often, slot
from jiaozuo_grid.reach import Actor, Reach, reach_of

# The books of instructors, and of stations: who keeps one of their rows keeps them all.
INSTRUCTORS = (
    "instructors.instructor",
    "instructors.instructorplace",
    "instructors.certificate",
    "instructors.registration",
    "instructors.service",
    "instructors.course",
    "instructors.attendance",
    "instructors.promotion",
)
STATIONS = (
    "stations.station",
    "stations.stationplace",
    "stations.stationpost",
    "stations.stationphoto",
    "stations.openinghours",
    "stations.equipment",
    "stations.inspection",
    "stations.repair",
)

# What was held and what is to be held; who logs writes all of it.
HELD = (
    "activities.session",
    "activities.lecture",
    "activities.event",
    "activities.calledoff",
)
# What follows from it, and what phones say still waits on them.
AROUND_HELD = (
    "activities.schedule",
    "activities.sessionflag",
    "activities.checkin",
    "activities.waitingrecord",
)

BOOKS = (
    "accounts.person",
    "grids.division",
    "grids.residentcount",
    "grids.grid",
    "grids.hobbygrid",
    "grids.appointment",
    "grids.organisation",
    "grids.officer",
    "grids.duplicatepair",
    "grids.rulevalue",
    "grids.reorganisation",
    *INSTRUCTORS,
    *STATIONS,
    *HELD,
    *AROUND_HELD,
)

# The steps of a promotion before the certificate (instructors/promotions.py).
PROMOTING = ("nominate", "verify", "approve")

# What the figures are made of (coverage/), for reading only.
DERIVED = (
    "coverage.stalemark",
    "coverage.spell",
    "coverage.stocktally",
    "coverage.flowtally",
    "coverage.stockshift",
    "coverage.flowshift",
    "coverage.foldstate",
    "coverage.journalline",
    "coverage.journalopening",
    "coverage.receipt",
    "coverage.definitionversion",
)

# What was reported and what is asked for (coverage/): whoever may view coverage sees it.
REPORTED = (
    "coverage.target",
    "coverage.snapshot",
    "coverage.snapshotarea",
    "coverage.snapshotsignature",
    "coverage.snapshotremark",
    "coverage.report",
)

# What runs by itself, and what came of it (jiaozuo_grid/periodic/).
PERIODIC = ("jiaozuo_grid.jobclock", "jiaozuo_grid.jobrun")


def _rights(
    *, view: tuple[str, ...] = (), change: tuple[str, ...] = (), also: tuple[str, ...] = ()
) -> frozenset[str]:
    views = {f"view {model}" for model in (*view, *change)}
    return frozenset(views | {f"change {model}" for model in change} | set(also))


# Role -> the rights that it gives at and below the appointment's area. "change" covers adding and
# ending; "log" is writing down a session; "amend late" is correcting it after the seven days;
# "remind" is putting a gap's row on somebody's Today; "appoint <role>" is appointing and ending;
# "open account" is giving those whom one may appoint a sign-in; "change coverage.target" holds
# below the area only, "sign coverage.snapshot" at it only;
# "<step> level <n>" is a step of an instructor's promotion to level n (3 is the lowest).
ROLE_RIGHTS: dict[str, frozenset[str]] = {
    Role.BUREAU_STAFF: _rights(
        view=(*HELD, *AROUND_HELD, *DERIVED, *REPORTED),
        change=(
            "coverage.target",
            "coverage.reminder",
            "accounts.person",
            "accounts.user",
            "grids.division",
            "grids.residentcount",
            "grids.grid",
            "grids.hobbygrid",
            "grids.appointment",
            "grids.sport",
            "grids.outline",
            "grids.organisation",
            "grids.officer",
            "grids.duplicatepair",
            "grids.rulevalue",
            "grids.reorganisation",
            *INSTRUCTORS,
            *STATIONS,
        ),
        also=(
            "use admin",
            "import divisions",
            "reorganise divisions",
            "reorganise grids",
            "merge people",
            *(f"{step} level {level}" for step in PROMOTING for level in range(4)),
            "view coverage",
            "remind",
            "sign coverage.snapshot",
            "view jiaozuo_grid.job",
            *(f"view {model}" for model in PERIODIC),
            "run jobs",
            "open account",
            *(f"appoint {role}" for role in Role.values),
        ),
    ),
    Role.COUNTY_OFFICIAL: _rights(
        view=("grids.division", *HELD, *AROUND_HELD, *REPORTED, "grids.sport", "grids.rulevalue"),
        change=(
            "coverage.target",
            "coverage.reminder",
            "accounts.person",
            "grids.residentcount",
            "grids.grid",
            "grids.hobbygrid",
            "grids.appointment",
            "grids.organisation",
            "grids.officer",
            "grids.duplicatepair",
            "grids.reorganisation",
            *INSTRUCTORS,
            *STATIONS,
        ),
        also=(
            "use admin",
            "view coverage",
            "remind",
            "sign coverage.snapshot",
            "reorganise grids",
            "merge people",
            *(f"nominate level {level}" for level in range(4)),
            *(f"verify level {level}" for level in range(4)),
            "approve level 3",
            "open account",
            "appoint township_officer",
            "appoint grid_leader",
            "appoint grid_member",
        ),
    ),
    Role.TOWNSHIP_OFFICER: _rights(
        view=(
            "grids.division",
            *INSTRUCTORS,
            *REPORTED,
            "grids.sport",
            "grids.rulevalue",
            "activities.checkin",
        ),
        change=(
            "coverage.reminder",
            "accounts.person",
            "grids.residentcount",
            "grids.grid",
            "grids.hobbygrid",
            "grids.appointment",
            "grids.organisation",
            "grids.officer",
            "grids.duplicatepair",
            "grids.reorganisation",
            "instructors.service",
            "instructors.promotion",
            *STATIONS,
            *HELD,
            "activities.schedule",
            "activities.sessionflag",
            "activities.waitingrecord",
        ),
        also=(
            "reorganise grids",
            "merge people",
            *(f"nominate level {level}" for level in range(4)),
            "log",
            "amend late",
            "view coverage",
            "remind",
            "open account",
            "appoint grid_leader",
            "appoint grid_member",
        ),
    ),
    Role.GRID_LEADER: _rights(
        view=(
            "grids.division",
            "grids.grid",
            "grids.organisation",
            "grids.officer",
            *STATIONS,
            *REPORTED,
            "activities.checkin",
            "activities.waitingrecord",
        ),
        change=(
            "accounts.person",
            "grids.hobbygrid",
            "grids.appointment",
            *HELD,
            "activities.schedule",
        ),
        also=("log", "view coverage", "appoint grid_member"),
    ),
    Role.GRID_MEMBER: _rights(
        view=("grids.division", "grids.hobbygrid", "grids.appointment", "activities.checkin"),
        change=(*HELD, "activities.schedule"),
        also=("log",),
    ),
    Role.AUDITOR: _rights(
        view=(
            *BOOKS,
            *DERIVED,
            *REPORTED,
            "coverage.reminder",
            *PERIODIC,
            "accounts.auditentry",
            "accounts.user",
            "grids.sport",
            "grids.outline",
        ),
        also=("use admin", "view coverage"),
    ),
}


def reach_from_appointments(user: Actor, on: date | None = None) -> Reach:
    """The reach that the user's appointments give on a day (default: today).

    One query, remembered on the user object, which lives as long as the request. A user who may
    no longer sign in reaches nothing.
    """
    day = on or today()
    remembered: dict[date, Reach] = user.__dict__.setdefault("_reach", {})
    if day not in remembered:
        remembered[day] = _compute(user, day) if user.is_active else Reach()
    return remembered[day]


def _compute(user: User, day: date) -> Reach:
    held: dict[str, set[str]] = defaultdict(set)
    for role, area_code in _POSTS.all(person=user.person_id, day=day):
        held[area_code].add(role)
    areas: dict[str, set[str]] = defaultdict(set)
    past: dict[str, set[str]] = defaultdict(set)
    # Who answers for an area answers for the past of what became part of it.
    for area_code, before in with_predecessors(held, day).items():
        for role in held[area_code]:
            for right in ROLE_RIGHTS[role]:
                areas[right].add(area_code)
                past[right] |= before
    return Reach(
        {right: tuple(sorted(codes)) for right, codes in areas.items()},
        {right: tuple(sorted(codes)) for right, codes in past.items() if codes},
    )


def _held() -> Any:
    posts = Appointment.objects.filter(person_id=slot("person", models.BigIntegerField()))
    return posts.on(slot("day", models.DateField()))


_HELD = Often(_held)
_POSTS = Often(lambda: _held().values_list("role", "area_code"))


def forget_reach(user: User) -> None:
    """Compute the reach anew at the next question, after an appointment of this user changed."""
    user.__dict__.pop("_reach", None)


def posts_of(user: User, day: date | None = None) -> list[Appointment]:
    """The user's appointments in force, widest area first."""
    posts = _HELD.all(person=user.person_id, day=day or today())
    return sorted(posts, key=lambda post: (len(post.area_code), post.area_code))


class May:
    """What the user may do anywhere at all, for templates: ``may.change_grids_grid``."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def __getitem__(self, name: str) -> bool:
        verb, _sep, rest = name.partition("_")
        return self._reach.allows(f"{verb} {rest.replace('_', '.', 1)}") or self._reach.allows(
            f"{verb} {rest}"
        )


def may(user: Actor) -> May:
    return May(reach_of(user))


def home_of(user: Actor) -> str | None:
    """The area whose coverage page is the user's home; None for those who only log."""
    codes = reach_of(user).areas_for("view coverage")
    return min(codes, key=lambda code: (len(code), code)) if codes else None


def holders_of(area_code: str, roles: list[str], day: date) -> list[Appointment]:
    """Who holds one of ``roles`` exactly at ``area_code`` on ``day``."""
    posts = Appointment.objects.filter(area_code=area_code, role__in=roles).on(day)
    return list(posts.select_related("person"))


def division_names(codes: list[str]) -> dict[str, str]:
    """The names of divisions by code."""
    return dict(Division.objects.filter(area_code__in=codes).values_list("area_code", "name"))
