"""What Today says: what is due, what was done, what is missing."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from activities import today as module
from activities.actions import call_off
from activities.expected import State
from activities.groups import leaders_of_each
from activities.models import Schedule
from activities.reading import leaders_of
from activities.today import today_of
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.activities.acting import log, renewed, yesterday

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Any:
    b.small_city()
    return b.user("grid_leader", b.GRID)


def schedule(code: str, start: time, **fields: Any) -> Schedule:
    values: dict[str, Any] = {
        "weekdays": "1234567",
        "minutes": 60,
        "holidays": "meets",
        "started_on": b.BEGINNING,
    }
    return Schedule.objects.create(area_code=code, start_time=start, **{**values, **fields})


def groups(number: int) -> list[str]:
    codes = [f"{b.GRID}{n:02d}" for n in range(1, number + 1)]
    for code in codes[1:]:
        b.hobby_grid(code)
    return codes


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon of today, whatever the clock says."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(module.timezone, "now", lambda: noon)


@pytest.mark.usefixtures("at_noon")
def test_the_most_urgent_group_stands_first(leader: Any) -> None:
    """What is due, by its hour; then what does not meet; then what is done."""
    evening, morning, _none, done = groups(4)
    schedule(evening, time(19, 30))
    schedule(morning, time(6, 30))
    schedule(done, time(0, 0), minutes=10)
    log(leader, area_code=done, held_on=today(), start_time=time(0, 0), minutes=10)
    found = [group.code for group in today_of(leader).groups]
    assert found == [morning, evening, _none, done]


@pytest.mark.usefixtures("at_noon")
def test_each_meeting_of_today_has_its_state(leader: Any) -> None:
    over, later, off, done = groups(4)
    schedule(over, time(6, 30))
    schedule(later, time(19, 30))
    schedule(off, time(18, 0))
    schedule(done, time(0, 0), minutes=10)
    log(leader, area_code=done, held_on=today(), start_time=time(0, 0), minutes=10)
    call_off(leader, id=uuid4(), area_code=off, held_on=today(), start_time=time(18), reason="away")
    states = {one.meeting.code: one.state for one in today_of(leader).expected_today}
    assert states == {
        over: State.OPEN,
        later: State.TO_COME,
        off: State.CALLED_OFF,
        done: State.DONE,
    }


@pytest.mark.usefixtures("at_noon")
def test_missing_are_this_weeks_meetings_that_are_over_without_a_record(leader: Any) -> None:
    schedule(b.HOBBY_GRID, time(6, 30), started_on=yesterday())
    found = today_of(leader).missing
    monday = today() - timedelta(days=today().weekday())
    assert [one.meeting.day for one in found] == [
        day for day in (yesterday(), today()) if day >= monday
    ]


def test_the_form_begins_with_the_hour_of_the_schedule(leader: Any) -> None:
    schedule(b.HOBBY_GRID, time(18, 10), minutes=45, place="河堤")
    (group,) = today_of(leader).groups
    assert (group.start, group.minutes, group.place) == (time(18, 10), 45, "河堤")


def test_without_any_schedule_the_form_begins_with_the_usual_hour(leader: Any) -> None:
    (group,) = today_of(leader).groups
    assert (group.start, group.minutes, group.place) == (time(19, 30), 60, "文化广场")
    assert group.expected == ()


def test_the_leaders_of_each_group_are_those_of_its_form(leader: Any) -> None:
    """The same people as the form without a script offers, of a village's group too."""
    village_wide = f"{b.VILLAGE}00001"
    b.hobby_grid(village_wide)
    b.grid(f"{b.VILLAGE}002")
    b.appoint(b.person(), "grid_leader", f"{b.VILLAGE}002")
    b.appoint(b.person(), "grid_member", b.HOBBY_GRID)
    b.appoint(b.person(), "grid_member", b.HOBBY_GRID, ended_on=yesterday())
    b.appoint(b.person(), "grid_member", village_wide)
    b.appoint(b.person(), "grid_member", village_wide, ended_on=today() - timedelta(days=400))
    found = leaders_of_each([b.HOBBY_GRID, village_wide], leader)
    for code in (b.HOBBY_GRID, village_wide):
        assert [pk for pk, _name in found[code]] == [
            person.pk for person in leaders_of(code, leader)
        ]


def test_an_officer_may_log_lectures_at_the_township_its_villages_and_grids(leader: Any) -> None:
    officer = b.user("township_officer", b.TOWNSHIP)
    assert today_of(officer).areas == [
        (b.TOWNSHIP, "覃怀街道"),
        (b.COMMUNITY, "文化社区"),
        (b.VILLAGE, "东关村"),
        (b.GRID, "第1网格"),
    ]
    assert today_of(officer).wide


def test_a_member_has_no_area_for_lectures(leader: Any) -> None:
    assert today_of(b.user("grid_member", b.HOBBY_GRID)).areas == []


def test_a_group_is_found_by_its_name(leader: Any) -> None:
    codes = groups(3)
    HobbyGrid.objects.filter(area_code=codes[1]).update(name="太极拳队")
    assert [group.code for group in today_of(leader, "太极").groups] == [codes[1]]


def test_a_group_that_ended_is_no_longer_shown(leader: Any) -> None:
    HobbyGrid.objects.update(ended_on=today())
    assert today_of(renewed(leader)).groups == []
