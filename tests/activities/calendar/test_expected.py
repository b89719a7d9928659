"""Expected sessions: counted day by day anew, and matched with what happened."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.expected import Expected, State, expected, meetings
from activities.models import CalledOff, Holidays, Schedule
from grids.models import HobbyGrid, Sport
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.activities.acting import log
from tests.activities.calendar.published import FIRST, LAST, MAKEUP, OFF, every_day

# --- which days: a property ---

days = st.dates(FIRST, LAST)
month_days = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: f"{day:%m-%d}")
weekdays = st.sets(st.sampled_from("1234567"), min_size=1).map(lambda found: "".join(sorted(found)))


@st.composite
def schedules(draw: Any) -> Schedule:
    seasonal = draw(st.booleans())
    started = draw(days)
    ended = draw(st.none() | days)
    return Schedule(
        area_code=b.HOBBY_GRID,
        weekdays=draw(weekdays),
        start_time=draw(st.sampled_from([time(6, 30), time(18, 30), time(19, 30)])),
        minutes=60,
        season_from=draw(month_days) if seasonal else "",
        season_until=draw(month_days) if seasonal else "",
        holidays=draw(st.sampled_from(list(Holidays.values))),
        started_on=started,
        ended_on=None if ended is None else max(started, ended),
    )


@cache
def _of_the_season(begins: str, until: str) -> frozenset[str]:
    """The days of a season, walked from its first to its last."""
    year = [f"{date(2000, 1, 1) + timedelta(days=n):%m-%d}" for n in range(366)]
    if not begins:
        return frozenset(year)
    at, last = year.index(begins), year.index(until)
    found = {year[at]}
    while at != last:
        at = (at + 1) % 366
        found.add(year[at])
    return frozenset(found)


def _naive(schedule: Schedule, day: date) -> bool:
    if day < schedule.started_on or (schedule.ended_on and day >= schedule.ended_on):
        return False
    if f"{day:%m-%d}" not in _of_the_season(schedule.season_from, schedule.season_until):
        return False
    usual = str(day.weekday() + 1) in schedule.weekdays
    return {
        "meets": usual,
        "off": usual and day not in OFF,
        "workdays": day not in OFF and (usual or day in MAKEUP),
    }[schedule.holidays]


def _hobby_grid(**fields: Any) -> HobbyGrid:
    values = {"name": "广场舞队", "sport": Sport(), "started_on": FIRST, **fields}
    return HobbyGrid(area_code=b.HOBBY_GRID, **values)


@settings(max_examples=60, deadline=None)
@given(st.lists(schedules(), max_size=3), weekdays, st.none() | days)
def test_meetings_are_those_counted_day_by_day(
    rows: list[Schedule], usual: str, ended: date | None
) -> None:
    hobby_grid = _hobby_grid(usual_days=usual, usual_start=time(20), ended_on=ended)
    register = Schedule(
        weekdays=usual, start_time=time(20), holidays="off", started_on=FIRST, minutes=60
    )
    counted = set()
    for day in every_day():
        if ended and day >= ended:
            continue
        said = [row for row in rows if row.in_force(day)] or [register]
        counted |= {(day, row.start_time) for row in said if _naive(row, day)}
    found = [
        (one.day, one.start)
        for one in meetings([hobby_grid], FIRST, LAST, {hobby_grid.area_code: rows})
    ]
    assert len(found) == len(set(found))
    assert set(found) == counted
    assert found == sorted(found)


def test_without_days_or_hour_the_register_expects_nothing() -> None:
    for fields in ({"usual_days": "135"}, {"usual_start": time(20)}):
        assert meetings([_hobby_grid(**fields)], FIRST, LAST, {}) == []


# --- what became of each ---

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Any:
    b.small_city()
    return b.user("grid_leader", b.GRID)


def _schedule(start: time = time(19, 30), **fields: Any) -> Schedule:
    values: dict[str, Any] = {
        "weekdays": "1234567",
        "minutes": 60,
        "holidays": "meets",
        "started_on": b.BEGINNING,
    }
    code = fields.pop("area_code", b.HOBBY_GRID)
    return Schedule.objects.create(area_code=code, start_time=start, **{**values, **fields})


YESTERDAY = today() - timedelta(days=1)


def _expected(day: date | None = None, now: datetime | None = None) -> list[Expected]:
    rows = list(HobbyGrid.objects.filter(area_code=b.HOBBY_GRID))
    return expected(rows, day or YESTERDAY, day or YESTERDAY, now)


def _states() -> list[State]:
    return [one.state for one in _expected()]


def test_a_meeting_that_is_over_and_of_which_nothing_is_recorded_is_open(leader: Any) -> None:
    _schedule()
    assert _states() == [State.OPEN]
    assert str(State.OPEN.label) == "没有记录"


def test_a_meeting_is_to_come_until_it_is_over(leader: Any) -> None:
    _schedule()
    (one,) = _expected()
    during, after = one.meeting.begins_at, one.meeting.ends_at
    assert [one.state for one in _expected(now=during)] == [State.TO_COME]
    assert [one.state for one in _expected(now=after)] == [State.OPEN]


def test_a_session_of_the_day_is_the_meeting_though_it_began_at_another_hour(leader: Any) -> None:
    _schedule()
    session = log(leader, start_time=time(18, 50))
    (one,) = _expected()
    assert (one.state, one.session) == (State.DONE, session)


def test_each_session_is_one_meeting_the_nearest(leader: Any) -> None:
    _schedule(time(6, 30))
    _schedule(time(19, 30))
    log(leader, start_time=time(19, 10))
    assert _states() == [State.OPEN, State.DONE]
    log(leader, start_time=time(7, 0), minutes=30)
    assert _states() == [State.DONE, State.DONE]


def test_a_withdrawn_session_is_nothing_recorded(leader: Any) -> None:
    from activities.actions import withdraw_session

    _schedule()
    withdraw_session(leader, log(leader), version=1, reason="重复")
    assert _states() == [State.OPEN]


def test_a_meeting_called_off_is_said_to_be_so(leader: Any) -> None:
    _schedule()
    row = CalledOff.objects.create(
        area_code=b.HOBBY_GRID,
        held_on=YESTERDAY,
        start_time=time(19, 30),
        reason="weather",
        logged_by=leader,
    )
    (one,) = _expected()
    assert (one.state, one.called_off) == (State.CALLED_OFF, row)


def test_the_number_of_queries_does_not_grow(leader: Any, django_assert_num_queries: Any) -> None:
    for number in range(1, 6):
        b.hobby_grid(f"{b.OTHER_GRID}{number + 10}", usual_days="1234567")
        _schedule(area_code=f"{b.OTHER_GRID}{number + 10}")
    _schedule()
    for count in (1, 5):
        rows = list(HobbyGrid.objects.order_by("area_code")[:count])
        with django_assert_num_queries(3):
            expected(rows, YESTERDAY - timedelta(days=20), YESTERDAY)
