"""Over random histories the open flags are those that a naive recount of everything finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from activities import review
from activities.actions import correct_session, log_session, withdraw_session
from activities.models import FlagRule, FlagState, Session, SessionFlag, SessionRevision
from grids.models import Grid, RuleValue
from jiaozuo_grid.lasting import today
from tests.activities.acting import usual
from tests.activities.review.flags import open_flags
from tests.builders import CITY, GRID, HOBBY_GRID, hobby_grid, small_city
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db
ROW, ABOVE, DAY_OF_USER, DAY_OF_GROUP, POPULATION = 3, 10, 4, 3, 40
RUNS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def world() -> dict[str, Any]:
    small_city()
    Grid.objects.filter(area_code=GRID).update(population=POPULATION)
    for key, value in {
        "review.same_count": ROW,
        "review.same_count_above": ABOVE,
        "review.day_of_user": DAY_OF_USER,
        "review.day_of_group": DAY_OF_GROUP,
    }.items():
        RuleValue.objects.create(area_code=CITY, key=key, value=value, started_on=date(2024, 1, 1))
    return {
        "users": [new_user("grid_leader", GRID), new_user("grid_member", HOBBY_GRID)],
        "groups": [HOBBY_GRID, hobby_grid(GRID + "02").area_code],
    }


def naive(sessions: Iterable[Session]) -> set[tuple[UUID, str]]:
    """Everything that is doubted, by looking at every session again."""
    rows = [row for row in sessions if row.withdrawn_at is None]
    found: set[tuple[UUID, str]] = {
        (row.pk, FlagRule.CROWD) for row in rows if row.participants > POPULATION
    }
    by_group, by_user_day, by_group_day, by_photo = (defaultdict(list) for _ in range(4))
    for row in sorted(rows, key=lambda row: (row.held_on, row.start_time, row.pk)):
        by_group[row.area_code].append(row)
    for row in sorted(rows, key=lambda row: (row.logged_at, row.pk)):
        by_user_day[row.logged_by_id, row.held_on].append(row)
        by_group_day[row.area_code, row.held_on].append(row)
        if row.photo_print:
            by_photo[row.photo_print].append(row)
    for group in by_group.values():
        for count, equal in groupby(group, key=lambda row: row.participants):
            in_a_row = list(equal)
            if count > ABOVE and len(in_a_row) >= ROW:
                found.add((in_a_row[ROW - 1].pk, FlagRule.SAME_COUNT))
    for days, most in ((by_user_day, DAY_OF_USER), (by_group_day, DAY_OF_GROUP)):
        for day in days.values():
            found |= {(row.pk, FlagRule.MANY_A_DAY) for row in day[most - 1 : most]}
    for same in by_photo.values():
        found |= {(row.pk, FlagRule.SAME_PHOTO) for row in same[1:]}
    return found


moments = st.tuples(st.integers(0, 4), st.integers(6, 21))
counts = st.sampled_from([10, 12, 12, 12, 25, 41, 90])
steps = st.one_of(
    st.tuples(st.just("log"), st.integers(0, 1), st.integers(0, 1), moments, counts),
    st.tuples(st.just("log"), st.integers(0, 1), st.integers(0, 1), moments, counts),
    st.tuples(st.just("correct"), st.integers(0, 40), moments, counts),
    st.tuples(st.just("withdraw"), st.integers(0, 40)),
    st.tuples(st.just("photo"), st.integers(0, 40), st.sampled_from(["a" * 16, "b" * 16])),
)


class History:
    """Does one step after another, as users would; what is impossible is refused, and forgotten."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.users, self.groups = world["users"], world["groups"]
        self.logged: list[UUID] = []

    def do(self, step: tuple[Any, ...]) -> None:
        verb, *details = step
        try:
            getattr(self, verb)(*details)
        except ValidationError:
            return

    def log(self, who: int, group: int, moment: tuple[int, int], count: int) -> None:
        code = self.groups[0 if who else group]
        key = UUID(int=len(self.logged) + 1)
        values = usual(id=key, area_code=code, minutes=45, participants=count, **_at(moment))
        log_session(self.users[who], **values)
        self.logged.append(key)

    def correct(self, which: int, moment: tuple[int, int], count: int) -> None:
        if (session := self._one(which)) is not None:
            changes = {"participants": count, **_at(moment)}
            correct_session(self.users[0], session, version=session.version, reason="改", **changes)

    def withdraw(self, which: int) -> None:
        if (session := self._one(which)) is not None:
            withdraw_session(self.users[0], session, version=session.version, reason="误记")

    def photo(self, which: int, seen: str) -> None:
        session = self._one(which)
        if session is None or session.photo_print or session.withdrawn_at:
            return
        before = review.stood(session)
        session.photo_print = seen
        session.save()
        review.look(session, before)

    def _one(self, which: int) -> Session | None:
        if not self.logged:
            return None
        return Session.objects.get(pk=self.logged[which % len(self.logged)])


def _at(moment: tuple[int, int]) -> dict[str, Any]:
    days, hour = moment
    return {"held_on": today() - timedelta(days=days + 1), "start_time": time(hour)}


def forget_all() -> None:
    SessionFlag.objects.all().delete()
    SessionRevision.objects.all().delete()
    Session.objects.all().delete()


@RUNS
@given(history=st.lists(steps, max_size=30))
@example(history=[("log", 0, 0, (0, hour), 12) for hour in range(6, 12)] + [("withdraw", 0)])
def test_flags_are_what_a_recount_finds(world: dict[str, Any], history: list[Any]) -> None:
    forget_all()
    person = History(world)

    for step in history:
        person.do(step)
        assert open_flags() == naive(Session.objects.all())

    closed = SessionFlag.objects.exclude(state=FlagState.OPEN)
    assert all(flag.state == FlagState.AMENDED and flag.decided_at for flag in closed)
