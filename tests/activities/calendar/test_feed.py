"""The calendar feed: read back by a calendar library, against the expected sessions (A4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr
from django.test import Client

from accounts.models import User
from activities.calendar.feed import series_of, span_of
from activities.calendar.link import token_of, user_of
from activities.expected import meetings
from activities.models import CalledOff, Holidays, Schedule
from grids.models import Appointment, HobbyGrid
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
Meeting = tuple[date, time]


@pytest.fixture
def leader() -> Any:
    b.small_city()
    return b.user("grid_leader", b.GRID)


def url(user: User) -> str:
    return f"/m/calendar/{token_of(user)}.ics"


def read(user: User) -> Any:
    response = Client().get(url(user))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(response.content)


def schedule(**fields: Any) -> Schedule:
    values: dict[str, Any] = {
        "area_code": b.HOBBY_GRID,
        "weekdays": "135",
        "start_time": time(19, 30),
        "minutes": 60,
        "started_on": b.BEGINNING,
    }
    return Schedule.objects.create(**{**values, **fields})


def occurrences(event: Any) -> list[Meeting]:
    """When an event happens, as a calendar app works it out: by its rule and exceptions."""
    start = event["DTSTART"].dt
    found = [start]
    if "RRULE" in event:
        found = list(rrulestr(event["RRULE"].to_ical().decode(), dtstart=start))
    left_out = event.get("EXDATE", [])
    lists = left_out if isinstance(left_out, list) else [left_out]
    gone = {one.dt for dates in lists for one in dates.dts}
    assert gone <= set(found)
    return [(one.date(), one.time()) for one in found if one not in gone]


def shown(calendar: Any) -> list[Meeting]:
    return sorted(one for event in calendar.walk("VEVENT") for one in occurrences(event))


def awaited() -> list[Meeting]:
    span = span_of(today())
    rows = list(HobbyGrid.objects.filter(area_code=b.HOBBY_GRID))
    return [(one.day, one.start) for one in meetings(rows, span.first, span.last)]


def _anything(rng: Random) -> dict[str, Any]:
    """A schedule by chance, near the days of the feed."""
    begun = today() + timedelta(days=rng.randint(-300, 200))
    ended = begun + timedelta(days=rng.randint(0, 400)) if rng.random() < 0.4 else None
    season = rng.random() < 0.6
    any_day = (date(2000, 1, 1) + timedelta(days=rng.randint(0, 365)) for _n in range(2))
    first, last = (f"{day:%m-%d}" for day in any_day)
    return {
        "weekdays": "".join(sorted(rng.sample("1234567", rng.randint(1, 7)))),
        "start_time": rng.choice([time(6, 30), time(18, 30), time(23, 40)]),
        "minutes": rng.choice([30, 60, 90]),
        "season_from": first if season else "",
        "season_until": last if season else "",
        "holidays": rng.choice(Holidays.values),
        "started_on": begun,
        "ended_on": ended,
    }


@pytest.mark.parametrize("seed", range(25))
def test_what_a_calendar_shows_is_what_is_expected(leader: Any, seed: int) -> None:
    """A4, for more than a year: seasons, holidays, make-up days, ends, and the register."""
    rng = Random(seed)
    HobbyGrid.objects.update(usual_days="27", usual_start=time(20))
    for _n in range(rng.randint(0, 4)):
        schedule(**_anything(rng))
    assert shown(read(leader)) == awaited()


def test_a_meeting_called_off_is_not_shown(leader: Any) -> None:
    schedule(holidays="meets")
    day, start = awaited()[20]
    CalledOff.objects.create(
        area_code=b.HOBBY_GRID, held_on=day, start_time=start, reason="away", logged_by=leader
    )
    assert set(awaited()) - set(shown(read(leader))) == {(day, start)}


def test_the_feed_is_well_formed(leader: Any) -> None:
    """A4: lines of 75 octets at most, ended by CR LF; one zone; no UID twice; no local time."""
    HobbyGrid.objects.update(name="长名字" * 16)
    schedule(place="很长的地点" * 9)
    schedule(season_from="11-01", season_until="03-31", start_time=time(18), weekdays="67")
    content = Client().get(url(leader)).content
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75
    calendar: Any = icalendar.Calendar.from_ical(content)
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    events = calendar.walk("VEVENT")
    uids = [str(event["UID"]) for event in events]
    assert len(uids) == len(set(uids)) > 2
    for event in events:
        assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
        assert event["DTSTAMP"].dt.utcoffset() == timedelta(0)
        if "RRULE" in event:
            assert event["RRULE"]["UNTIL"][0].utcoffset() == timedelta(0)
    assert str(events[0]["SUMMARY"]).startswith("长名字")
    assert str(events[0]["LOCATION"]) == "很长的地点" * 9


def test_events_keep_their_uids_as_time_goes_by(leader: Any) -> None:
    schedule()
    schedule(season_from="11-01", season_until="03-31", start_time=time(18), weekdays="67")
    HobbyGrid.objects.update(usual_days="27", usual_start=time(20))
    rows = list(HobbyGrid.objects.filter(area_code=b.HOBBY_GRID))
    now = {series.key: series for _row, series in series_of(rows, span_of(today()))}
    later = span_of(today() + timedelta(days=40))
    for _row, series in series_of(rows, later):
        if series.key in now:
            common = {day for day in now[series.key].days if day >= later.first}
            assert common <= set(series.days)
    assert len(now.keys() & {series.key for _row, series in series_of(rows, later)}) >= 2


def test_a_change_of_time_of_day_is_another_event(leader: Any) -> None:
    from activities.actions import change_schedule

    before = schedule(holidays="meets")
    change_schedule(leader, before, start_time=time(18))
    starts = {event["DTSTART"].dt.time() for event in read(leader).walk("VEVENT")}
    assert starts == {time(19, 30), time(18)}


# --- who may read it ---


def test_another_password_ends_the_address(leader: Any) -> None:
    """Pitfall 19: no link outlives a change of password."""
    old = url(leader)
    leader.set_password("another-Good-pass-9")
    leader.save()
    assert Client().get(old).status_code == 404
    assert Client().get(url(leader)).status_code == 200


def test_a_closed_account_has_no_feed(leader: Any) -> None:
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert Client().get(url(leader)).status_code == 404


def test_the_end_of_a_post_empties_the_feed_at_once(leader: Any) -> None:
    """P5: what it shows is asked of the reach, each time."""
    schedule()
    assert shown(read(leader))
    Appointment.objects.filter(person=leader.person).update(ended_on=today())
    assert shown(read(leader)) == []


@pytest.mark.parametrize(
    "token", ["", "x", "1", "1-", "-1", "9" * 30 + "-" + "a" * 40, "１-" + "a" * 40, "1-é"]
)
def test_odd_addresses_are_not_there(leader: Any, token: str) -> None:
    assert Client().get(f"/m/calendar/{token}.ics").status_code == 404


def test_nobody_guesses_the_address_of_another(leader: Any) -> None:
    other = b.user("grid_leader", b.OTHER_GRID)
    assert user_of(token_of(other)) == other
    assert user_of(f"{leader.pk}-{token_of(other).split('-')[1]}") is None


def test_only_ones_own_hobby_grids_are_in_it(leader: Any) -> None:
    schedule(area_code=b.OTHER_HOBBY_GRID)
    assert shown(read(leader)) == []


def test_an_unchanged_feed_is_not_sent_again(leader: Any) -> None:
    schedule()
    first = Client().get(url(leader))
    again = Client().get(url(leader), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "private" in first.headers["Cache-Control"]
    HobbyGrid.objects.update(name="换了名字")
    changed = Client().get(url(leader), headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_the_feed_costs_the_same_however_many_hobby_grids(leader: Any) -> None:
    schedule()
    assert_query_count(Client(), url(leader), "calendar/feed")
    for number in range(2, 8):
        b.hobby_grid(f"{b.GRID}{number:02d}")
        schedule(area_code=f"{b.GRID}{number:02d}")
    assert_query_count(Client(), url(leader), "calendar/feed")


def test_times_are_the_citys_own(leader: Any) -> None:
    schedule(weekdays="1234567", holidays="meets")
    (event,) = read(leader).walk("VEVENT")
    assert event["DTSTART"].dt.utcoffset() == datetime.now(ZONE).utcoffset()
    assert event["DURATION"].dt == timedelta(minutes=60)
