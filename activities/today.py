"""The data of Today: what somebody is expected to do, did, and misses; for the page and the phone.

One function, ``today_of``; what it costs does not grow with what it finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from activities.actions import may_amend
from activities.expected import Expected, State, expected
from activities.groups import Group, groups_of
from activities.models import CalledOff, Event, Lecture, Session, WaitingRecord
from activities.reading import dress, find_hobby_grids, monday, name_villages
from grids.models import Division, Grid
from jiaozuo_grid.area import Level, within_q
from jiaozuo_grid.notes import Note, notes_for
from jiaozuo_grid.reach import Reach, reach_of

# Somebody with more hobby grids than this (a township officer) searches for the one they want.
CARDS = 30
# Days shown: what was held from so many days ago on, what is expected up to so many ahead.
BACK, AHEAD = 7, 14
# The most that the phone is given, so that the bundle stays small whoever asks.
MOST_HELD, MOST_EXPECTED, MOST_AREAS = 150, 650, 60


@dataclass(frozen=True)
class Done:
    """A session, lecture or event of the last days."""

    id: UUID
    kind: str
    code: str
    title: str
    village: str
    held_on: date
    start: time
    minutes: int
    participants: int
    version: int
    amendable: bool

    @property
    def url(self) -> str:
        return reverse("session", args=[self.id]) if self.kind == "session/log" else ""


@dataclass(frozen=True)
class Today:
    """What Today shows."""

    now: datetime
    groups: list[Group]
    # There are more hobby grids than these: search.
    more: bool
    # Whoever looks after more than a village must be told which one a hobby grid is of.
    wide: bool
    # Where lectures and events may be logged: (code, name).
    areas: list[tuple[str, str]]
    # Monday of this week … in two weeks, in order of time.
    expected: list[Expected]
    # The last eight days, newest first.
    sessions: list[Done]
    called_off: list[CalledOff]
    # Said to wait once, never arrived, on no phone any more.
    lost: list[WaitingRecord]
    # On a phone of theirs.
    waiting: list[WaitingRecord]
    # What higher floors have to tell them (jiaozuo_grid/notes.py).
    notes: list[Note]

    @property
    def day(self) -> date:
        return timezone.localdate(self.now)

    @property
    def expected_today(self) -> list[Expected]:
        return [one for one in self.expected if one.meeting.day == self.day]

    @property
    def expected_this_week(self) -> list[Expected]:
        """Monday to Sunday."""
        sunday = monday(self.day) + timedelta(days=6)
        return [one for one in self.expected if one.meeting.day <= sunday]

    @property
    def missing(self) -> list[Expected]:
        """This week's meetings of which nothing is recorded though they are over."""
        return [one for one in self.expected_this_week if one.state == State.OPEN]

    @property
    def this_week(self) -> list[Done]:
        """What was held since Monday."""
        return [one for one in self.sessions if one.held_on >= monday(self.day)]

    def group(self, code: str) -> Group | None:
        return next((group for group in self.groups if group.code == code), None)


def today_of(user: Any, asked: str = "", village: str = "") -> Today:
    """Today of a user; ``asked`` and ``village`` narrow the hobby grids where there are many."""
    now = timezone.now()
    day = timezone.localdate(now)
    reach = reach_of(user)
    found = list(find_hobby_grids(user, asked, village)[: CARDS + 1])
    hobby_grids = found[:CARDS]
    name_villages(hobby_grids)
    awaited = expected(hobby_grids, monday(day), day + timedelta(days=AHEAD), now)
    of_today = [one for one in awaited if one.meeting.day == day]
    lost, waiting = _waiting(user)
    return Today(
        now=now,
        groups=groups_of(user, hobby_grids, of_today, _next_of_each(awaited, day)),
        more=len(found) > CARDS,
        wide=any(len(code) < Level.VILLAGE for code in reach.areas_for("log")),
        areas=areas_to_log_at(reach, day),
        expected=_whole_days(awaited),
        sessions=_held(user, reach, day - timedelta(days=BACK)),
        called_off=_called_off(reach, [row.area_code for row in hobby_grids], day),
        lost=lost,
        waiting=waiting,
        notes=notes_for(user),
    )


def _next_of_each(awaited: list[Expected], day: date) -> dict[str, Any]:
    """The first meeting from today on of each hobby grid."""
    found: dict[str, Any] = {}
    for one in awaited:
        if one.meeting.day >= day:
            found.setdefault(one.meeting.code, one.meeting)
    return found


def _whole_days(awaited: list[Expected]) -> list[Expected]:
    """The first ones, without a day of which only a part would fit."""
    if len(awaited) <= MOST_EXPECTED:
        return awaited
    cut = awaited[MOST_EXPECTED].meeting.day
    return [one for one in awaited if one.meeting.day < cut]


def _held(user: Any, reach: Reach, since: date) -> list[Done]:
    ground = within_q(reach.ground_of("log"))
    rows: list[Any] = []
    for model in (Session, Lecture, Event):
        of_these = model.objects.standing().filter(ground, held_on__gte=since)
        rows += of_these.order_by("-held_on", "-start_time", "id")[:MOST_HELD]
    rows.sort(key=lambda row: (row.held_on, row.start_time), reverse=True)
    rows = rows[:MOST_HELD]
    dress(rows)
    return [_done(user, row) for row in rows]


def _done(user: Any, row: Any) -> Done:
    return Done(
        id=row.pk,
        kind=f"{row._meta.model_name}/log",
        code=row.area_code,
        title=_title(row),
        village=row.village_name,
        held_on=row.held_on,
        start=row.start_time,
        minutes=row.minutes,
        participants=row.participants,
        version=row.version,
        amendable=may_amend(user, row),
    )


def _title(row: Any) -> str:
    if isinstance(row, Lecture):
        return row.topic
    if isinstance(row, Event):
        return row.title
    return row.hobby_grid.name if row.hobby_grid else row.area_code


def _called_off(reach: Reach, codes: Sequence[str], day: date) -> list[CalledOff]:
    since, until = day - timedelta(days=BACK), day + timedelta(days=AHEAD)
    rows = CalledOff.objects.standing().filter(
        area_code__in=codes, held_on__gte=since, held_on__lte=until
    )
    return list(rows[:MOST_HELD])


def areas_to_log_at(reach: Reach, day: date) -> list[tuple[str, str]]:
    """Where the user may log a lecture or an event: divisions first, then grids. Two queries."""
    within = within_q(reach.areas_for("log"))
    divisions = Division.objects.on(day).filter(within, digits__gte=Level.COUNTY)
    grids = Grid.objects.on(day).filter(within)
    named = list(divisions.order_by("digits", "area_code").values_list("area_code", "name"))
    named += grids.order_by("area_code").values_list("area_code", "name")[:MOST_AREAS]
    return named[:MOST_AREAS]


def _waiting(user: Any) -> tuple[list[WaitingRecord], list[WaitingRecord]]:
    """The user's records that are lost, and that wait on a phone; the oldest first."""
    rows = list(WaitingRecord.objects.filter(user=user).order_by("since", "pk")[:MOST_HELD])
    lost = [row for row in rows if row.lost_at is not None]
    return lost, [row for row in rows if row.lost_at is None]
