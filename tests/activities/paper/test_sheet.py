"""A village's week from paper: what is asked, what is saved, what stays, and who may."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import AuditEntry, Door
from activities.models import CalledOff, Reason, Session
from activities.paper.sheet import week_of
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from tests.activities.acting import log
from tests.builders import GRID, HOBBY_GRID, TOWNSHIP, VILLAGE, hobby_grid, small_city
from tests.builders import user as new_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
MONDAY = week_of(today()) - timedelta(weeks=2)
SHEET = f"/sessions/paper/{VILLAGE}/?week={MONDAY}"
FREE = 5


@pytest.fixture
def officer() -> Any:
    """A village whose group meets on Mondays, Wednesdays and Fridays at half past seven."""
    small_city()
    HobbyGrid.objects.filter(area_code=HOBBY_GRID).update(usual_days="135")
    return new_user("township_officer", TOWNSHIP)


@pytest.fixture
def client(officer: Any, signed_in: Any) -> Any:
    return signed_in(officer)


def row(number: int, **cells: Any) -> dict[str, str]:
    return {f"form-{number}-{name}": str(value) for name, value in cells.items()}


def sheet(*rows: dict[str, str]) -> dict[str, str]:
    sent = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for one in rows:
        sent |= one
    return sent


def free(number: int, **cells: Any) -> dict[str, str]:
    usual = {"id": uuid4(), "group": "101", "day": "2", "participants": "20", "start": "1900"}
    return row(number, **{**usual, **cells})


def cells(page: str) -> list[tuple[str, str]]:
    """(day, value) of the numbers that the page asks for, of rows that a schedule expects."""
    days = dict(re.findall(r'name="form-(\d+)-day" value="(\d{4}-\d\d-\d\d)"', page))
    typed = re.findall(r'name="form-(\d+)-participants"(?: value="([^"]*)")?', page)
    return [(days[number], value) for number, value in typed if number in days]


def test_the_schedule_fills_the_sheet(client: Any) -> None:
    page = client.get(SHEET).content.decode()

    asked = [(MONDAY + timedelta(days=n)).isoformat() for n in (0, 2, 4)]
    assert [day for day, value in cells(page) if value == ""] == asked
    assert page.count('name="form-0-start" value="19:30"') == 1
    assert page.count('name="form-0-minutes" value="60"') == 1
    assert len(set(re.findall(r'name="form-\d+-id" value="([^"]+)"', page))) == 3 + FREE


def test_the_cursor_waits_in_the_first_number(client: Any) -> None:
    page = client.get(SHEET).content.decode()

    focused = re.findall(r"<input[^>]*autofocus[^>]*>", page)
    assert len(focused) == 1
    assert 'name="form-0-participants"' in focused[0]


def test_what_is_logged_or_called_off_is_not_asked_again(officer: Any, client: Any) -> None:
    session = log(officer, held_on=MONDAY, participants=33)
    CalledOff.objects.create(
        area_code=HOBBY_GRID,
        held_on=MONDAY + timedelta(days=2),
        start_time=time(19, 30),
        reason=Reason.WEATHER,
        logged_by=officer,
    )

    page = client.get(SHEET).content.decode()

    assert [day for day, _value in cells(page)] == [(MONDAY + timedelta(days=4)).isoformat()]
    assert f'data-known="{session.pk}"' in page
    assert page.count('<tr class="paper-known"') == 2


def test_numbers_are_saved_and_empty_rows_are_not(officer: Any, client: Any) -> None:
    page = client.get(SHEET).content.decode()
    sent = dict(re.findall(r'name="(form-[^"]+)" value="([^"]*)"', page))
    sent |= {"form-0-participants": "25", "form-2-participants": "18"}

    answer = client.post(SHEET, sent)

    assert (answer.status_code, answer["Location"]) == (302, SHEET)
    stored = Session.objects.order_by("held_on")
    told = [(row.held_on, row.start_time, row.minutes, row.participants) for row in stored]
    assert told == [
        (MONDAY, time(19, 30), 60, 25),
        (MONDAY + timedelta(days=4), time(19, 30), 60, 18),
    ]
    assert {(row.place, row.logged_by, row.led_by) for row in stored} == {
        ("文化广场", officer, None)
    }
    assert "已登记 2 场活动" in client.get(SHEET).content.decode()
    doors = AuditEntry.objects.filter(verb="log").values_list("door", flat=True)
    assert set(doors) == {Door.PAGE}


def test_the_sheet_of_a_large_village_is_saved_to_its_last_row(client: Any) -> None:
    for number in range(2, 33):
        hobby_grid(f"{GRID}{number:02}", usual_days="1234567")
    page = client.get(SHEET).content.decode()
    asked = len(cells(page))
    assert asked == 3 + 31 * 7
    sent = dict(re.findall(r'name="(form-[^"]+)" value="([^"]*)"', page))
    # A browser sends the empty cells too.
    sent |= dict.fromkeys(set(re.findall(r'name="(form-\d+-[a-z]+)"', page)) - set(sent), "")
    sent[f"form-{asked - 1}-participants"] = "25"
    sent |= free(asked, participants=18)

    answer = client.post(SHEET, sent)

    assert answer.status_code == 302
    assert sorted(Session.objects.values_list("participants", flat=True)) == [18, 25]


def test_what_does_not_fit_a_sheet_is_asked_afterwards(client: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("activities.views.paper.MOST_ROWS", FREE + 2)

    page = client.get(SHEET).content.decode()

    assert len(cells(page)) == 2


def test_a_free_row_needs_number_day_and_people(client: Any) -> None:
    second = hobby_grid(GRID + "02", usual_start=time(6, 30), usual_minutes=90).area_code

    client.post(SHEET, sheet(free(0, group="102", day="6", start=""), free(1, minutes="45")))

    told = Session.objects.order_by("held_on").values_list(
        "area_code", "held_on", "start_time", "minutes"
    )
    assert list(told) == [
        (HOBBY_GRID, MONDAY + timedelta(days=1), time(19, 0), 45),
        (second, MONDAY + timedelta(days=5), time(6, 30), 90),
    ]


def test_sent_twice_is_stored_once(client: Any) -> None:
    """S1: each row has an id of its own from the moment that the sheet was opened."""
    sent = sheet(free(0), free(1, day="4"))

    client.post(SHEET, sent)
    again = client.post(SHEET, sent, follow=True)

    assert Session.objects.count() == 2
    assert "其中 2 场之前已登记" in again.content.decode()


def test_good_rows_are_saved_and_faulty_ones_stay_as_typed(client: Any) -> None:
    """Pitfall 22: never "fix it all and start again"."""
    faults = [
        free(1, group="999", participants="31"),
        free(2, day="9", participants="32"),
        free(3, start="2570", participants="33"),
        free(4, participants="", day="3"),
        free(5, participants="六个", day="3"),
        free(6, participants="99999", day="5"),
    ]

    answer = client.post(SHEET, sheet(free(0), *faults))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert Session.objects.count() == 1
    assert 'data-faults="6"' in page
    assert "form-0-participants" not in page
    for number, fault in enumerate(faults, start=1):
        for name in ("id", "group", "day", "participants", "start"):
            if typed := fault[f"form-{number}-{name}"]:
                assert f'name="form-{number}-{name}" value="{typed}"' in page
    for said in ("没有这个编号", "1 是周一", "1930 这样", "来了多少人", "最多 5000 人"):
        assert said in page


def test_mended_rows_are_saved_and_the_earlier_ones_stand_once(client: Any) -> None:
    sent = sheet(free(0), free(1, start="2570", day="4"))
    client.post(SHEET, sent)

    client.post(SHEET, sent | {"form-1-start": "2030"})

    assert sorted(Session.objects.values_list("start_time", flat=True)) == [
        time(19, 0),
        time(20, 30),
    ]


def test_a_session_that_somebody_logged_is_shown_instead(officer: Any, client: Any) -> None:
    """S9: no silent double."""
    stored = log(new_user("grid_leader", GRID), held_on=MONDAY + timedelta(days=1))

    page = client.post(SHEET, sheet(free(0, start="1940"))).content.decode()

    assert Session.objects.count() == 1
    assert f'<a href="/sessions/{stored.pk}/">已登记：' in page


def test_a_row_that_was_saved_and_then_changed_says_what_stands(client: Any) -> None:
    """S3: same id, other body: the first is kept."""
    sent = sheet(free(0))
    client.post(SHEET, sent)

    page = client.post(SHEET, sent | {"form-0-participants": "99"}).content.decode()

    assert Session.objects.get().participants == 20
    assert "以先保存的为准" in page


def test_the_future_is_not_asked_for(client: Any) -> None:
    HobbyGrid.objects.filter(area_code=HOBBY_GRID).update(usual_days="1234567")

    page = client.get(f"/sessions/paper/{VILLAGE}/").content.decode()

    assert all(day <= today().isoformat() for day, _value in cells(page))


@pytest.mark.parametrize("week", ["", "nonsense", "9999-12-31", "2026-99-99", "0001-01-01"])
def test_an_odd_week_is_one_that_is_allowed(client: Any, week: str) -> None:
    assert client.get(f"/sessions/paper/{VILLAGE}/?week={week}").status_code == 200


def test_a_broken_page_is_told(client: Any) -> None:
    answer = client.post(SHEET, {"form-0-participants": "3"}, follow=True)

    assert "页面不完整" in answer.content.decode()


def test_choosing_leads_to_the_sheet(client: Any) -> None:
    assert f'value="{VILLAGE}"' in client.get("/sessions/paper/").content.decode()

    answer = client.get("/sessions/paper/", {"village": VILLAGE, "week": MONDAY.isoformat()})

    assert answer["Location"] == SHEET


def test_a_leader_enters_no_whole_village(officer: Any, signed_in: Any) -> None:
    client = signed_in(new_user("grid_leader", GRID))

    assert client.get("/sessions/paper/").status_code == 403
    assert client.get(SHEET).status_code == 404
    assert client.post(SHEET, sheet(free(0))).status_code == 404
    assert Session.objects.count() == 0


def test_another_villages_group_cannot_be_slipped_in(client: Any) -> None:
    """P3: a code of elsewhere in a hidden cell."""
    page = client.post(SHEET, sheet(free(0, group="41088200220300101"))).content.decode()

    assert "没有这个编号" in page
    assert Session.objects.count() == 0


def test_a_sheet_costs_the_same_however_much_stands_in_it(officer: Any, client: Any) -> None:
    log(officer, held_on=MONDAY)
    assert_query_count(client, SHEET, "paper/sheet")
    for number in range(2, 9):
        code = hobby_grid(f"{GRID}{number:02}", usual_days="1234567").area_code
        log(officer, area_code=code, held_on=MONDAY)

    assert_query_count(client, SHEET, "paper/sheet")
    assert_query_count(client, "/sessions/paper/", "paper/choice")


def test_a_year_ago_is_as_far_as_one_goes_back(client: Any) -> None:
    page = client.get(f"/sessions/paper/{VILLAGE}/?week={date(2020, 1, 6)}").content.decode()

    assert "前一周" not in page
