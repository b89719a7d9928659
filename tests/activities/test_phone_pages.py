"""The phone's pages: what they offer, what they are filled with, and that nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from activities.actions import log_session, withdraw_session
from activities.models import Session
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from tests.activities.acting import FORM, body, log, usual, yesterday
from tests.builders import (
    GRID,
    HOBBY_GRID,
    OTHER_HOBBY_GRID,
    TOWNSHIP,
    VILLAGE,
    appoint,
    hobby_grid,
    person,
    small_city,
)
from tests.builders import user as new_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
# A Wednesday.
DAY = date(2026, 6, 10)


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


@pytest.fixture
def at(leader: Any) -> Any:
    """``at(20, 0)``: it is eight in the evening of that Wednesday from here on."""
    patches: list[Any] = []

    def set_clock(hour: int, minute: int = 0) -> None:
        now = datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
        patches.append(patch("django.utils.timezone.now", return_value=now))
        patches[-1].start()

    yield set_clock
    for one in patches:
        one.stop()


def value(page: str, name: str) -> str:
    """What the field is filled with."""
    field = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    assert field, name
    found = re.search(r'value="([^"]*)"', field[0])
    return found[1] if found else ""


def form_of(client: Any, url: str = FORM) -> str:
    text: str = client.get(url).content.decode()
    return text


def test_home_offers_ones_own_hobby_grids_only(leader: Any, signed_in: Any) -> None:
    page = signed_in(leader).get("/m/").content.decode()

    assert f'href="/m/log/{HOBBY_GRID}/"' in page
    assert OTHER_HOBBY_GRID not in page


def test_home_says_how_it_was_last_time(leader: Any, signed_in: Any) -> None:
    log(leader, held_on=yesterday() - timedelta(days=9), participants=11)
    log(leader, participants=37)
    withdraw_session(
        leader, log(leader, start_time=time(6), participants=99), version=1, reason="重复"
    )

    card = signed_in(leader).get("/m/").content.decode().split('class="card-link')[1]

    assert "37" in card.split("</a>")[0]
    assert f"{yesterday():%-m-%-d}" in card.split("</a>")[0]


def test_who_meets_today_comes_first_until_it_is_logged(
    at: Any, leader: Any, signed_in: Any
) -> None:
    HobbyGrid.objects.filter(area_code=HOBBY_GRID).update(usual_days="1")
    second = hobby_grid(GRID + "02", usual_days="3").area_code
    third = hobby_grid(GRID + "03", usual_days="3").area_code
    at(20)
    log(leader, area_code=second, held_on=DAY, start_time=time(18))

    page = signed_in(leader).get("/m/").content.decode()

    assert re.findall(r'data-card="(\d+)"', page) == [third, HOBBY_GRID, second]


def test_home_shows_the_week_so_far(at: Any, leader: Any, signed_in: Any) -> None:
    at(20)
    monday, sunday = DAY - timedelta(days=2), DAY - timedelta(days=3)
    shown = log(leader, held_on=monday)
    log(leader, held_on=sunday)
    taken_back = log(leader, held_on=DAY - timedelta(days=1))
    withdraw_session(leader, taken_back, version=1, reason="没有举行")

    page = signed_in(leader).get("/m/").content.decode()

    assert re.findall(r"/sessions/([0-9a-f-]{36})/", page) == [str(shown.pk)]


def test_someone_without_a_hobby_grid_reads_what_to_do(leader: Any, signed_in: Any) -> None:
    empty = new_user("grid_leader", VILLAGE + "002")

    page = signed_in(empty).get("/m/")

    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()


PREFILLED = [
    # usual days, hour now, sessions logged (days before), the day and start offered
    ("", 20, [], (0, "19:30")),
    ("", 12, [], (1, "19:30")),
    ("", 12, [1], (0, "12:00")),
    ("", 20, [0], (0, "20:00")),
    ("3", 20, [], (0, "19:30")),
    ("2", 20, [], (1, "19:30")),
    ("1", 20, [], (0, "20:00")),
    ("3", 12, [], (0, "12:00")),
]


@pytest.mark.parametrize(("usual_days", "hour", "before", "offered"), PREFILLED)
def test_the_form_begins_with_the_usual_hour_not_yet_logged(
    at: Any,
    leader: Any,
    signed_in: Any,
    usual_days: str,
    hour: int,
    before: list[int],
    offered: tuple[int, str],
) -> None:
    HobbyGrid.objects.filter(area_code=HOBBY_GRID).update(usual_days=usual_days)
    at(hour, 7)
    for number in before:
        log(leader, held_on=DAY - timedelta(days=number), minutes=10)

    page = form_of(signed_in(leader))

    assert value(page, "held_on") == (DAY - timedelta(days=offered[0])).isoformat()
    assert value(page, "start_time") == offered[1]


def test_the_form_begins_with_the_habits_of_the_group(leader: Any, signed_in: Any) -> None:
    page = form_of(signed_in(leader))

    assert value(page, "place") == "文化广场"
    assert (value(page, "minutes"), value(page, "participants")) == ("60", "25")
    assert f'<option value="{leader.person_id}" selected>' in page
    assert UUID(value(page, "id"))


def test_the_form_begins_with_the_count_of_last_time(leader: Any, signed_in: Any) -> None:
    log(leader, participants=33, held_on=yesterday() - timedelta(days=1))

    assert value(form_of(signed_in(leader)), "participants") == "33"


def test_an_officer_is_not_taken_for_who_led(leader: Any, signed_in: Any) -> None:
    member = person(GRID, "王小明")
    appoint(member, "grid_member", HOBBY_GRID)
    log(leader, led_by=member, held_on=yesterday() - timedelta(days=1))
    officer = new_user("township_officer", TOWNSHIP)

    page = form_of(signed_in(officer))

    assert f'<option value="{member.pk}" selected>' in page


def test_what_the_form_offers_can_be_sent_as_it_is(leader: Any, signed_in: Any) -> None:
    """U1: an ordinary session is the card and the button."""
    client = signed_in(leader)
    page = form_of(client)
    names = ("id", "held_on", "start_time", "minutes", "participants", "place", "note")

    answer = client.post(FORM, {name: value(page, name) for name in names})

    assert answer.status_code == 302, answer.content.decode()
    assert Session.objects.filter(area_code=HOBBY_GRID).count() == 1


def test_each_opened_form_has_an_id_of_its_own(leader: Any, signed_in: Any) -> None:
    client = signed_in(leader)

    assert value(form_of(client), "id") != value(form_of(client), "id")


def test_a_logged_session_is_said_to_be_logged_with_ways_to_mend_it(
    leader: Any, signed_in: Any
) -> None:
    """Pitfall 9: only after the commit; and where it is mended."""
    values, client = body(), signed_in(leader)

    page = client.post(FORM, values, follow=True)

    assert page.redirect_chain == [(f"/m/?logged={values['id']}", 302)]
    text = page.content.decode()
    assert f'data-logged="{values["id"]}"' in text
    assert f"/sessions/{values['id']}/correct/" in text
    assert f"/sessions/{values['id']}/withdraw/" in text


def test_sending_the_form_again_is_said_to_be_logged_already(leader: Any, signed_in: Any) -> None:
    """Pitfall 10: a slow answer never doubles."""
    values, client = body(), signed_in(leader)
    client.post(FORM, values)

    again = client.post(FORM, values)

    assert again.url == f"/m/?logged={values['id']}&again=1"
    assert Session.objects.count() == 1


def test_a_session_elsewhere_is_not_shown_as_just_logged(leader: Any, signed_in: Any) -> None:
    elsewhere = log(new_user("township_officer", "410882002"), area_code=OTHER_HOBBY_GRID)
    client = signed_in(leader)

    for asked in (elsewhere.pk, "nonsense", UUID(int=5)):
        page = client.get(f"/m/?logged={asked}")
        assert page.status_code == 200
        assert "data-logged" not in page.content.decode()


def test_another_body_under_a_used_id_leads_to_what_is_stored(leader: Any, signed_in: Any) -> None:
    """S3 on the page."""
    values, client = body(), signed_in(leader)
    client.post(FORM, values)

    page = client.post(FORM, {**values, "participants": "31"})

    assert page.status_code == 422
    assert f'data-stored="{values["id"]}"' in page.content.decode()
    assert value(page.content.decode(), "participants") == "31"


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("participants", "0"),
        ("participants", ""),
        ("participants", "9999999"),
        ("held_on", "2026-02-31"),
        ("held_on", (today() + timedelta(days=3)).isoformat()),
        ("start_time", "25:00"),
        ("minutes", "1441"),
        ("place", "长" * 51),
        ("note", "长" * 201),
        ("led_by", "999999"),
    ],
)
def test_an_error_stands_at_its_field_and_everything_typed_stays(
    leader: Any, signed_in: Any, field: str, bad: str
) -> None:
    values = {**body(note="打雷", place="小学"), field: bad}

    page = signed_in(leader).post(FORM, values)

    text = page.content.decode()
    assert page.status_code == 422
    assert f'id="id_{field}_error"' in text
    for name in ("id", "participants", "held_on", "start_time", "minutes", "place", "note"):
        assert value(text, name) == values[name]
    assert not Session.objects.exists()


def test_an_officer_finds_a_hobby_grid_by_village_name_and_sport(
    leader: Any, signed_in: Any
) -> None:
    client = signed_in(new_user("township_officer", TOWNSHIP))
    for number in range(1, 36):
        hobby_grid(f"{VILLAGE}002{number:02}", name=f"第{number}队")

    def found(query: str) -> list[str]:
        page = client.get(f"/m/?{query}").content.decode()
        codes: list[str] = re.findall(r'href="/m/log/(\d+)/"', page)
        return codes

    assert 'name="q"' in client.get("/m/").content.decode()
    assert found("q=第35队") == [VILLAGE + "00235"]
    assert HOBBY_GRID in found("q=东关")
    assert HOBBY_GRID in found("q=广场舞")
    assert HOBBY_GRID in found(f"village={VILLAGE}")
    assert found("village=410882002203") == []
    assert found("q=没有") == []
    assert found("village=x%00&q=%00") != []


def test_home_and_form_cost_the_same_however_many_there_are(leader: Any, signed_in: Any) -> None:
    """L2."""
    client = signed_in(leader)
    session = log(leader)
    assert_query_count(client, "/m/", "phone/home")
    assert_query_count(client, FORM, "phone/log")

    for number in range(2, 9):
        code = hobby_grid(f"{GRID}{number:02}").area_code
        log(leader, area_code=code)
        log(leader, area_code=code, start_time=time(6))

    assert_query_count(client, "/m/", "phone/home")
    assert_query_count(client, FORM, "phone/log")
    assert_query_count(client, f"/m/?logged={session.pk}", "phone/home-logged")
    assert_query_count(client, f"/sessions/{session.pk}/correct/", "sessions/correct")


def test_logging_costs_a_fixed_number_of_queries(
    leader: Any, django_assert_max_num_queries: Any
) -> None:
    """L2: whatever was logged before."""
    for number in range(3, 20):
        log(leader, held_on=yesterday() - timedelta(days=number))
    values = usual()
    with django_assert_max_num_queries(27):
        log_session(leader, **values)
