"""A small city with one row of everything, and who may stand where to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.audit import snapshot
from accounts.models import AuditEntry, Door, User
from activities.models import (
    CalledOff,
    FlagRule,
    Schedule,
    Session,
    SessionFlag,
    SessionRevision,
)
from coverage.models import (
    FlowShift,
    FlowTally,
    FoldState,
    Spell,
    StaleMark,
    StockShift,
    StockTally,
)
from grids.authority import ROLE_RIGHTS
from grids.models import (
    Change,
    DuplicatePair,
    Outline,
    Reorganisation,
    ResidentCount,
    Role,
    RuleValue,
    Succession,
)
from jiaozuo_grid.area import covers
from jiaozuo_grid.jobs import Job
from jiaozuo_grid.lasting import today
from jiaozuo_grid.periodic.models import JobClock, JobRun
from jiaozuo_grid.saved_views import SavedView
from jiaozuo_grid.spreadsheets.model import SheetImport
from tests import builders as b
from tests.routes.explain import receipt_rows
from tests.routes.gatherings import gathering_rows
from tests.routes.instructors import instructor_rows
from tests.routes.known import known_rows
from tests.routes.outbox import outbox_rows
from tests.routes.reported import reported_rows
from tests.routes.reports import report_rows
from tests.routes.stations import station_rows

# Where each role is held: over the rows of the world, and beside them.
POSTS = {
    Role.BUREAU_STAFF: (b.CITY, "4109"),
    Role.COUNTY_OFFICIAL: (b.COUNTY, b.OTHER_COUNTY),
    Role.TOWNSHIP_OFFICER: (b.TOWNSHIP, b.OTHER_TOWNSHIP),
    Role.GRID_LEADER: (b.GRID, b.OTHER_GRID),
    Role.GRID_MEMBER: (b.HOBBY_GRID, b.OTHER_HOBBY_GRID),
    Role.AUDITOR: (b.COUNTY, b.OTHER_COUNTY),
}
SESSION_ID = UUID("00000000-0000-4000-8000-000000000001")


@dataclass
class Actor:
    """Someone who asks. ``role`` is None without a post, ``user`` None without a sign-in."""

    name: str
    user: User | None = None
    role: str | None = None
    area: str = ""
    in_force: bool = True

    def holds(self, right: str, area_code: str = "") -> bool:
        """As the table of roles says; without an area, anywhere."""
        held = self.role is not None and self.in_force and right in ROLE_RIGHTS[self.role]
        return held and (not area_code or covers(self.area, area_code))

    @cached_property
    def client(self) -> Client:
        client = Client(raise_request_exception=False)
        if self.user is not None:
            client.force_login(self.user)
        return client


def actors() -> list[Actor]:
    """Every role at every distance, someone without a post, and nobody at all."""
    found = [Actor("anonymous"), Actor("without a post", b.user())]
    for role, (own, beside) in POSTS.items():
        distances: list[tuple[str, str, dict[str, date], bool]] = [
            ("own", own, {}, True),
            ("beside", beside, {}, True),
            ("ended", own, {"ended_on": today()}, False),
            # It ends one day, since a grid has one leader without an end.
            ("not begun", own, {"started_on": _later(1), "ended_on": _later(99)}, False),
        ]
        for distance, area, dates, in_force in distances:
            user = b.user(role, area, **dates)
            found.append(Actor(f"{role} {distance}", user, role, area, in_force))
    return found


def _later(days: int) -> date:
    return today() + timedelta(days=days)


@dataclass
class World:
    """One row of everything, at the village, grid or hobby grid of the builders."""

    rows: dict[str, Any]

    def pk(self, name: str) -> Any:
        return self.rows[name].pk


def build() -> World:
    b.small_city()
    member, newcomer = b.person(b.GRID, "王小明"), b.person(b.GRID, "李小红")
    b.appoint(newcomer, "grid_member", b.HOBBY_GRID)
    user = User.objects.create_user("wangxm", "a-Good-pass-9", person=member)
    session = Session.objects.create(
        id=SESSION_ID,
        area_code=b.HOBBY_GRID,
        held_on=today(),
        start_time=time(6, 30),
        minutes=60,
        participants=20,
        version=2,
        logged_by=user,
        photo=SimpleUploadedFile("photo.jpg", b"not looked at"),
    )
    village: dict[str, Any] = {"area_code": b.VILLAGE}
    reported = reported_rows()
    changed = Reorganisation.objects.create(
        kind=Change.MERGE_DIVISION,
        source_code=b.VILLAGE[:-1] + "9",
        on=today(),
        title="并村",
        reason="文件",
        undone_at=timezone.now(),
        **village,
    )
    organisation = b.organisation(b.VILLAGE)
    return World(
        {
            **station_rows(b.VILLAGE, member, user),
            "accounts.person": member,
            "newcomer": newcomer,
            "merged": b.person(b.GRID, "王小明", merged_into=member),
            "grids.organisation": organisation,
            "grids.officer": b.officer(organisation, member),
            "grids.duplicatepair": DuplicatePair.objects.create(
                area_code=b.GRID, first=member, second=newcomer, why="name_phone"
            ),
            "accounts.user": user,
            "grids.appointment": b.appoint(member, "grid_member", b.HOBBY_GRID),
            "grids.division": b.Division.objects.get(area_code=b.VILLAGE),
            "grids.grid": b.Grid.objects.get(area_code=b.GRID),
            "grids.hobbygrid": b.HobbyGrid.objects.get(area_code=b.HOBBY_GRID),
            "grids.residentcount": ResidentCount.objects.create(households=800, **village),
            "grids.sport": b.sport(),
            "grids.outline": Outline.objects.create(geometry={}, **village),
            **instructor_rows(b.VILLAGE, member, newcomer, user),
            "activities.session": session,
            "activities.sessionrevision": SessionRevision.objects.create(
                session=session,
                version=1,
                values=snapshot(session),
                changed_by=user,
                reason="笔误",
            ),
            "activities.schedule": Schedule.objects.create(
                area_code=b.HOBBY_GRID, weekdays="135", start_time=time(19, 30), minutes=60
            ),
            "activities.calledoff": CalledOff.objects.create(
                area_code=b.HOBBY_GRID,
                held_on=today(),
                start_time=time(19, 30),
                reason="weather",
                logged_by=user,
            ),
            "activities.sessionflag": SessionFlag.objects.create(
                session=session, area_code=b.HOBBY_GRID, rule=FlagRule.CLOCK
            ),
            **gathering_rows(b.GRID, user),
            **outbox_rows(session, user),
            **report_rows(),
            **reported,
            **known_rows(reported["coverage.snapshot"], user),
            **receipt_rows(),
            "accounts.auditentry": AuditEntry.objects.create(
                verb="edit", door=Door.PAGE, **village
            ),
            "coverage.stalemark": StaleMark.objects.create(**village),
            "coverage.spell": Spell.objects.create(
                measure="grids", started_on=b.BEGINNING, **village
            ),
            "coverage.stocktally": StockTally.objects.create(
                measure="grids", day=b.BEGINNING, total=1, spells=1, **village
            ),
            "coverage.flowtally": FlowTally.objects.create(
                month=b.BEGINNING, sessions=1, participants=20, minutes=60, **village
            ),
            "coverage.stockshift": StockShift.objects.create(
                measure="grids", day=b.BEGINNING, total=1, spells=1, **village
            ),
            "coverage.flowshift": FlowShift.objects.create(
                month=b.BEGINNING, sessions=1, participants=20, minutes=60, **village
            ),
            "grids.reorganisation": changed,
            "grids.succession": Succession.objects.create(
                reorganisation=changed,
                old_code=b.VILLAGE[:-1] + "9",
                new_code=b.VILLAGE,
                on=today(),
            ),
            "grids.rulevalue": RuleValue.objects.create(key="test", value=1, **village),
            "coverage.foldstate": FoldState.objects.first() or FoldState.objects.create(),
            "jiaozuo_grid.job": Job.objects.create(kind="test", key="k", owner=user, language="en"),
            "jiaozuo_grid.jobclock": JobClock.objects.create(name="test", due_at=timezone.now()),
            "jiaozuo_grid.jobrun": JobRun.objects.create(
                name="test",
                due_at=timezone.now(),
                started_at=timezone.now(),
                ended_at=timezone.now(),
                attempt=1,
                outcome="done",
            ),
            "jiaozuo_grid.sheetimport": SheetImport.objects.create(
                sheet_key="people", name="名单.xlsx", owner=user, state="discarded"
            ),
            "jiaozuo_grid.savedview": SavedView.objects.create(
                owner=user, page="grid-list", name="我的网格"
            ),
        }
    )
