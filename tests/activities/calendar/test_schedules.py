"""When a hobby grid meets: set, changed, ended, by its page; the past stays."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from accounts.models import AuditEntry
from activities.actions import change_schedule
from activities.expected import meetings
from activities.models import Schedule
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from tests import builders as b
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
PAGE = f"/schedules/{b.HOBBY_GRID}/"
NEW = f"{PAGE}new/"


@pytest.fixture
def leader() -> Any:
    b.small_city()
    return b.user("grid_leader", b.GRID)


@pytest.fixture
def client(leader: Any, signed_in: Any) -> Any:
    return signed_in(leader)


def filled(**other: Any) -> dict[str, Any]:
    values = {
        "weekdays": ["1", "3", "5"],
        "start_time": "19:30",
        "minutes": "60",
        "place": "文化广场",
        "season_from_month": "",
        "season_from_day": "",
        "season_until_month": "",
        "season_until_day": "",
        "holidays": "off",
        "started_on": today().isoformat(),
    }
    return {**values, **other}


def stored(**fields: Any) -> Schedule:
    values: dict[str, Any] = {
        "area_code": b.HOBBY_GRID,
        "weekdays": "135",
        "start_time": time(19, 30),
        "minutes": 60,
        "place": "文化广场",
        "started_on": b.BEGINNING,
    }
    return Schedule.objects.create(**{**values, **fields})


def _days(first: date, last: date) -> set[tuple[date, time]]:
    rows = list(HobbyGrid.objects.filter(area_code=b.HOBBY_GRID))
    return {(one.day, one.start) for one in meetings(rows, first, last)}


def _errors(response: Any) -> str:
    assert response.status_code == 422
    return str(response.content.decode())


# --- setting ---


def test_a_leader_says_when_the_group_meets(client: Any) -> None:
    response = client.post(NEW, filled(), follow=True)
    schedule = Schedule.objects.get()
    assert (schedule.area_code, schedule.weekdays, schedule.start_time) == (
        b.HOBBY_GRID,
        "135",
        time(19, 30),
    )
    assert "周一、周三、周五 19:30" in response.content.decode()


def test_a_season_may_pass_over_new_year(client: Any) -> None:
    season = {
        "season_from_month": "11",
        "season_from_day": "01",
        "season_until_month": "03",
        "season_until_day": "31",
    }
    response = client.post(NEW, filled(**season), follow=True)
    schedule = Schedule.objects.get()
    assert (schedule.season_from, schedule.season_until) == ("11-01", "03-31")
    assert "11月1日至3月31日" in response.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weekdays": []}, "请至少点一天"),
        ({"weekdays": ["8"]}, "8"),
        ({"season_from_month": "02", "season_from_day": "30"}, "请选月份和日期"),
        ({"season_from_month": "05", "season_from_day": "01"}, "起止日期都要选"),
        ({"season_from_month": "05"}, "请选月份和日期"),
        ({"holidays": ""}, "必填"),
        ({"minutes": "0"}, "1"),
        ({"started_on": "2020-01-01"}, "从今天起才能改"),
        ({"start_time": "later"}, "时间"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    client: Any, wrong: dict[str, Any], said: str
) -> None:
    assert said in _errors(client.post(NEW, filled(**wrong)))
    assert not Schedule.objects.exists()


def test_the_form_begins_with_what_the_register_says(client: Any) -> None:
    HobbyGrid.objects.update(usual_days="246", usual_start=time(6, 30), usual_minutes=40)
    form = client.get(NEW).context["form"]
    assert form["weekdays"].value() == ["2", "4", "6"]
    assert form["start_time"].value() == time(6, 30)


def test_nobody_is_asked_to_be_at_two_meetings_at_once(client: Any) -> None:
    stored()
    clash = filled(weekdays=["5", "6"], start_time="20:00")
    assert "19:30" in _errors(client.post(NEW, clash))
    assert Schedule.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"weekdays": "246"},
        {"start_time": time(21)},
        {"season_from": "01-01", "season_until": "03-31"},
        {"ended_on": today()},
    ],
    ids=["other days", "another hour", "another season", "over by then"],
)
def test_what_does_not_clash_is_kept_beside_it(client: Any, other: dict[str, Any]) -> None:
    stored(**other)
    season = {
        "season_from_month": "04",
        "season_from_day": "01",
        "season_until_month": "12",
        "season_until_day": "31",
    }
    assert client.post(NEW, filled(**season)).status_code == 302


# --- changing and ending ---


def test_a_change_leaves_the_past_as_it_was(client: Any) -> None:
    schedule = stored()
    ago = today() - timedelta(days=28)
    yesterday = today() - timedelta(days=1)
    before = _days(ago, yesterday)
    url = f"{PAGE}{schedule.pk}/change/"
    client.post(url, filled(weekdays=["2", "7"], start_time="18:00", holidays="meets"))
    assert _days(ago, yesterday) == before
    after = _days(today(), today() + timedelta(days=27))
    assert {day.isoweekday() for day, _start in after} == {2, 7}
    assert {start for _day, start in after} == {time(18)}


def test_a_change_from_a_later_day_holds_from_that_day_on(client: Any) -> None:
    schedule = stored(holidays="meets")
    later = today() + timedelta(days=10)
    url = f"{PAGE}{schedule.pk}/change/"
    client.post(url, filled(start_time="18:00", holidays="meets", started_on=later.isoformat()))
    coming = _days(today(), today() + timedelta(days=30))
    assert {start for day, start in coming if day < later} == {time(19, 30)}
    assert {start for day, start in coming if day >= later} == {time(18)}


def test_what_has_not_begun_is_changed_itself(client: Any) -> None:
    schedule = stored(started_on=today())
    client.post(f"{PAGE}{schedule.pk}/change/", filled(start_time="18:00"))
    assert Schedule.objects.get().start_time == time(18)


def test_the_form_of_a_change_begins_with_what_is_stored(client: Any) -> None:
    schedule = stored(season_from="05-01", season_until="09-30", holidays="workdays")
    page = client.get(f"{PAGE}{schedule.pk}/change/").content.decode()
    assert '<option value="05" selected>5</option>' in page
    assert '<option value="30" selected>30</option>' in page


def test_nothing_changed_is_said(client: Any) -> None:
    schedule = stored()
    assert "没有" in _errors(client.post(f"{PAGE}{schedule.pk}/change/", filled()))


def test_an_ended_schedule_expects_nothing_from_that_day_on(client: Any) -> None:
    schedule = stored(holidays="meets")
    later = today() + timedelta(days=7)
    client.post(f"{PAGE}{schedule.pk}/end/", {"ended_on": later.isoformat()})
    schedule.refresh_from_db()
    assert schedule.ended_on == later
    assert max(_days(today(), later + timedelta(days=30)))[0] < later


def test_an_ended_schedule_is_not_changed_any_more(leader: Any, client: Any) -> None:
    schedule = stored(ended_on=today())
    response = client.post(f"{PAGE}{schedule.pk}/change/", filled(start_time="18:00"))
    assert "已经结束" in _errors(response)


def test_each_change_is_in_the_trail(client: Any) -> None:
    client.post(NEW, filled())
    schedule = Schedule.objects.get()
    client.post(f"{PAGE}{schedule.pk}/end/", {"ended_on": today().isoformat()})
    verbs = AuditEntry.objects.filter(model="activities.schedule").values_list("verb", flat=True)
    assert sorted(verbs) == ["end schedule", "set schedule"]


def test_nobody_changes_the_schedule_of_another_grid(leader: Any) -> None:
    foreign = stored(area_code=b.OTHER_HOBBY_GRID)
    with pytest.raises(OutOfReach):
        change_schedule(leader, foreign, start_time=time(6))
    foreign.refresh_from_db()
    assert foreign.start_time == time(19, 30)


def test_a_schedule_is_changed_only_at_its_own_hobby_grid(client: Any) -> None:
    """Never by an address that names one's own hobby grid and somebody else's schedule."""
    foreign = stored(area_code=b.OTHER_HOBBY_GRID)
    assert client.get(f"{PAGE}{foreign.pk}/change/").status_code == 404


# --- the page ---


def test_the_page_says_what_holds_where_there_is_no_schedule(client: Any) -> None:
    HobbyGrid.objects.update(usual_days="246", usual_start=time(6, 30))
    page = client.get(PAGE).content.decode()
    assert "按登记的常规时间" in page
    assert "周二、周四、周六 06:30" in page


def test_the_page_of_a_group_without_any_time_says_so(client: Any) -> None:
    assert "还没有活动安排" in client.get(PAGE).content.decode()


def test_the_next_fourteen_meetings_are_shown_with_holidays_named(client: Any) -> None:
    from activities.calendar.preview import preview

    stored(weekdays="1234567", holidays="off", started_on=date(2026, 1, 1))
    hobby_grid = HobbyGrid.objects.get(area_code=b.HOBBY_GRID)
    found = preview(hobby_grid, date(2026, 9, 19))
    assert sum(one.meeting is not None for one in found.days) == 14
    assert [str(one.holiday) for one in found.days if one.meeting is None] == ["中秋节", "国庆节"]
    assert [one.day for one in found.days if one.makeup] == [date(2026, 9, 20), date(2026, 10, 10)]


def test_the_page_costs_the_same_however_many_schedules(client: Any) -> None:
    stored()
    assert_query_count(client, PAGE, "schedules/page")
    for hour in range(5):
        stored(weekdays="246", start_time=time(6 + 2 * hour))
    assert_query_count(client, PAGE, "schedules/page")


def test_the_forms_are_pinned(client: Any) -> None:
    schedule = stored()
    assert_query_count(client, NEW, "schedules/new")
    assert_query_count(client, f"{PAGE}{schedule.pk}/change/", "schedules/change")


def test_an_auditor_sees_the_page_and_no_buttons(signed_in: Any, leader: Any) -> None:
    stored()
    page = signed_in(b.user("auditor", b.COUNTY)).get(PAGE).content.decode()
    assert "周一、周三、周五" in page
    assert "/change/" not in page
    assert NEW not in page
