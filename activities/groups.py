"""The hobby grids that somebody logs for, with all that the phone's form begins with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from activities.checkin.reading import checked_in
from activities.expected import USUAL_MINUTES, Expected, State
from activities.models import Session
from grids.models import Appointment, HobbyGrid, Role
from jiaozuo_grid.area import Level, covers, within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of


@dataclass(frozen=True)
class Last:
    """The newest session of a hobby grid."""

    held_on: date
    start: time
    minutes: int
    participants: int


@dataclass(frozen=True)
class Group:
    """A hobby grid as the phone shows it; ``start`` … ``led_by`` are what its form begins with."""

    code: str
    name: str
    sport: str
    village: str
    place: str
    start: time | None
    minutes: int
    participants: int | None
    led_by: int | None
    leaders: tuple[tuple[int, str], ...]
    last: Last | None
    checked_in: int
    # Today's meetings, in order of time.
    expected: tuple[Expected, ...]
    # Something was held today, whether it was expected or not.
    held_today: bool

    @property
    def due(self) -> Expected | None:
        """Today's first meeting of which nothing is recorded yet."""
        waiting = (State.OPEN, State.TO_COME)
        return next((one for one in self.expected if one.state in waiting), None)

    @property
    def is_due(self) -> bool:
        return self.due is not None

    @property
    def is_done(self) -> bool:
        """Whether today needs nothing more: all that was expected is recorded, or it was held."""
        return not self.is_due and (bool(self.expected) or self.held_today)

    @property
    def log_url(self) -> str:
        return reverse("log-session", args=[self.code])

    @property
    def schedule_url(self) -> str:
        return reverse("schedules", args=[self.code])


def groups_of(
    user: Any, hobby_grids: Sequence[Any], of_today: Sequence[Expected], usual: dict[str, Any]
) -> list[Group]:
    """The hobby grids (with ``village_name``) as the phone shows them, the most urgent first.

    ``of_today`` are their meetings of today; ``usual`` says of each when it meets next, where that
    is known. Four queries.
    """
    codes = [row.area_code for row in hobby_grids]
    last = last_sessions(codes)
    leaders = leaders_of_each(codes, user)
    here = checked_in(codes, today())
    by_code: dict[str, list[Expected]] = defaultdict(list)
    for one in of_today:
        by_code[one.meeting.code].append(one)
    found = [
        _group(
            row,
            user,
            last.get(row.area_code),
            leaders[row.area_code],
            here.get(row.area_code, 0),
            by_code[row.area_code],
            usual.get(row.area_code),
        )
        for row in hobby_grids
    ]
    return sorted(found, key=_urgency)


def _urgency(group: Group) -> Any:
    due = group.due
    first = due.meeting.start if due else time.max
    return not due, bool(group.is_done), first, group.code


def _group(
    row: HobbyGrid,
    user: Any,
    last: Session | None,
    leaders: list[tuple[int, str]],
    checked_in: int,
    of_today: list[Expected],
    usual: Any,
) -> Group:
    due = next((one.meeting for one in of_today if one.state in (State.OPEN, State.TO_COME)), usual)
    village: Any = getattr(row, "village_name", "")
    return Group(
        code=row.area_code,
        name=row.name,
        sport=str(row.sport),
        village=village,
        place=(due.place if due else row.usual_place) or (last.place if last else ""),
        start=due.start if due else row.usual_start or (last.start_time if last else None),
        minutes=_minutes(row, due, last),
        participants=last.participants if last else row.members_count,
        led_by=_usual_leader(row.area_code, last, user),
        leaders=tuple(leaders),
        last=Last(last.held_on, last.start_time, last.minutes, last.participants) if last else None,
        checked_in=checked_in,
        expected=tuple(of_today),
        held_today=last is not None and last.held_on == today(),
    )


def _minutes(row: HobbyGrid, due: Any, last: Session | None) -> int:
    if due:
        planned: int = due.minutes
        return planned
    return row.usual_minutes or (last.minutes if last else USUAL_MINUTES)


def _usual_leader(code: str, last: Session | None, user: Any) -> int | None:
    """The user, where they lead or are a member there; for an officer, who led last time."""
    posts = reach_of(user).areas_for("log")
    if any(len(post) >= Level.GRID and covers(post, code) for post in posts):
        person: int = user.person_id
        return person
    return last.led_by_id if last else None


def last_sessions(codes: Sequence[str]) -> dict[str, Session]:
    """The newest session of each hobby grid that was not withdrawn. One query."""
    newest = (
        Session.objects.standing()
        .filter(area_code=OuterRef("area_code"))
        .order_by("-held_on", "-start_time", "id")
    )
    of_each = HobbyGrid.objects.filter(area_code__in=codes).order_by()
    keys = of_each.annotate(last=Subquery(newest.values("pk")[:1])).values("last")
    return {row.area_code: row for row in Session.objects.filter(pk__in=keys)}


def leaders_of_each(codes: Sequence[str], user: Any) -> dict[str, list[tuple[int, str]]]:
    """Who may have led sessions of each hobby grid, as ``reading.leaders_of`` says. One query."""
    everywhere = {code[: Level.VILLAGE] for code in codes if _serves_village(code)}
    at = {code[: Level.GRID] for code in codes}
    lately = today() - timedelta(days=settings.LOGGED_WITHIN_DAYS)
    posts = Appointment.objects.filter(
        Q(role=Role.GRID_MEMBER, area_code__in=codes)
        | Q(role=Role.GRID_LEADER) & (Q(area_code__in=at) | within_q(everywhere)),
        Q(ended_on__isnull=True) | Q(ended_on__gt=lately),
        started_on__lte=today(),
    ).order_by("person_id")
    held = list(posts.values_list("area_code", "role", "person_id", "person__name"))
    found: dict[str, list[tuple[int, str]]] = {}
    for code in codes:
        grid = code[: Level.VILLAGE] if _serves_village(code) else code[: Level.GRID]
        people = {
            pk: name
            for area, role, pk, name in held
            if (area == code if role == Role.GRID_MEMBER else covers(grid, area))
        }
        people.setdefault(user.person_id, user.person.name)
        found[code] = sorted(people.items())
    return found


def _serves_village(code: str) -> bool:
    return code[Level.VILLAGE : Level.GRID] == "000"
