"""When the demo city's hobby grids meet: Today has something to show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from activities.calendar.forms import WEEKDAYS
from activities.expected import State, expected
from activities.models import CalledOff, Schedule, Session
from activities.today import today_of
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from tests.demo_city import demo_city  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_city")]


def _today(username: str) -> Any:
    return today_of(User.objects.get(username=username))


@pytest.mark.parametrize("username", ["leader", "member", "leader2", "member2"])
def test_those_who_look_at_today_find_a_meeting_of_today(username: str) -> None:
    """On whatever day it is seeded, holidays too."""
    assert _today(username).expected_today


def test_the_demo_leader_finds_most_of_last_week_logged() -> None:
    leader = User.objects.get(username="leader")
    groups = HobbyGrid.objects.filter(area_code__in=[g.code for g in today_of(leader).groups])
    week = expected(list(groups), today() - timedelta(days=7), today() - timedelta(days=1))
    done = sum(one.state == State.DONE for one in week)
    assert done > len(week) / 2
    assert any(one.state == State.CALLED_OFF for one in week)


def test_some_meet_at_other_hours_in_winter_and_some_in_the_morning() -> None:
    assert Schedule.objects.filter(season_from="05-01").exists()
    assert Schedule.objects.filter(season_from="10-01", season_until="04-30").exists()
    assert Schedule.objects.filter(start_time__lt="09:00").exists()


def test_schedules_belong_to_hobby_grids_and_some_have_none() -> None:
    codes = set(HobbyGrid.objects.on(today()).values_list("area_code", flat=True))
    scheduled = set(Schedule.objects.on(today()).values_list("area_code", flat=True))
    assert scheduled < codes


def test_nothing_is_called_off_that_was_held() -> None:
    for row in CalledOff.objects.all():
        same = Session.objects.filter(area_code=row.area_code, held_on=row.held_on)
        assert not same.exists()


def test_every_day_of_the_week_has_its_meetings() -> None:
    met = {day for row in Schedule.objects.all() for day in row.weekdays}
    assert met == {number for number, _name in WEEKDAYS}
