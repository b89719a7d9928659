"""The list of sessions and its export, and the API's: narrowed, in order, page by page."""

from __future__ import annotations

import csv
import re
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from activities.actions import correct_session, withdraw_session
from activities.keyset import cut
from activities.models import Session
from tests.activities.acting import API, log, yesterday
from tests.builders import (
    CITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_HOBBY_GRID,
    OTHER_VILLAGE,
    VILLAGE,
    hobby_grid,
    small_city,
    sport,
)
from tests.builders import user as new_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    small_city()
    return new_user("bureau_staff", CITY)


@pytest.fixture
def officer(staff: Any) -> Any:
    return new_user("township_officer", "410882001")


def many(user: Any, number: int, *, on: date | None = None, start: time = time(19)) -> None:
    """That many sessions at once, all of one day and hour: only the id tells them apart."""
    Session.objects.bulk_create(
        Session(
            id=UUID(int=n + 1),
            area_code=HOBBY_GRID,
            held_on=on or yesterday(),
            start_time=start,
            minutes=60,
            participants=n + 1,
            logged_by=user,
        )
        for n in range(number)
    )


def listed(page: Any) -> list[str]:
    keys: list[str] = re.findall(r'<a href="/sessions/([0-9a-f-]{36})/"', page.content.decode())
    return keys


def address(page: Any, way: str) -> str:
    found = re.search(rf'rel="{way}" href="([^"]*)"', page.content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def test_the_newest_comes_first(staff: Any, officer: Any) -> None:
    older = log(officer, held_on=yesterday() - timedelta(days=1))
    morning = log(officer, start_time=time(6))
    evening = log(officer)

    assert [row.pk for row in cut(Session.objects.all(), "", 9).rows] == [
        evening.pk,
        morning.pk,
        older.pk,
    ]


def test_page_after_page_shows_each_session_once_and_the_way_back_too(
    staff: Any, signed_in: Any
) -> None:
    many(staff, 120)
    client = signed_in(staff)

    pages, url = [], "/sessions/?state=all"
    while url:
        pages.append(client.get(url))
        url = address(pages[-1], "next") and "/sessions/" + address(pages[-1], "next")
    forth = [listed(page) for page in pages]
    back, url = [forth[-1]], address(pages[-1], "prev")
    while url:
        page = client.get("/sessions/" + url)
        back.insert(0, listed(page))
        url = address(page, "prev")

    assert [len(keys) for keys in forth] == [50, 50, 20]
    assert [key for keys in forth for key in keys] == [str(UUID(int=n + 1)) for n in range(120)]
    assert back == forth


def test_a_new_session_does_not_shift_the_pages(staff: Any, officer: Any) -> None:
    """Never page by offset: what is logged meanwhile doubles and drops nothing."""
    many(staff, 20, on=yesterday() - timedelta(days=3))
    first = cut(Session.objects.all(), "", 10)
    log(officer)

    second = cut(Session.objects.all(), first.older, 10)

    assert [row.id.int for row in (*first.rows, *second.rows)] == list(range(1, 21))


@pytest.mark.parametrize("cursor", ["x", "o", "o99999999999999" + "0" * 32, "n\x00", "o" * 500])
def test_a_cursor_that_says_nothing_is_the_first_page_and_400_at_the_api(
    officer: Any, signed_in: Any, cursor: str
) -> None:
    session = log(officer)
    client = signed_in(officer)

    assert listed(client.get("/sessions/", {"cursor": cursor})) == [str(session.pk)]
    answer = client.get(API, {"cursor": cursor})
    assert (answer.status_code, set(answer.json())) == (400, {"cursor"})


def test_more_sessions_of_one_day_than_any_offset_are_all_had_from_the_api(
    staff: Any, signed_in: Any
) -> None:
    """A city logs over a thousand sessions a day; cursors by day alone would turn in circles."""
    many(staff, 1_300)
    client = signed_in(staff)

    seen: list[int] = []
    url: str | None = f"{API}?page_size=400"
    while url:
        answer = client.get(url).json()
        seen += [UUID(row["id"]).int for row in answer["results"]]
        url = answer["next"]

    assert seen == list(range(1, 1_301))


def test_the_api_goes_back_too(staff: Any, signed_in: Any) -> None:
    many(staff, 5)
    client = signed_in(staff)

    first = client.get(f"{API}?page_size=2").json()
    second = client.get(first["next"]).json()

    assert first["previous"] is None
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(("asked", "given"), [("0", 1), ("x", 50), ("99999999", 500), ("3", 3)])
def test_the_size_of_a_page_is_bounded(staff: Any, signed_in: Any, asked: str, given: int) -> None:
    many(staff, 510)

    answer = signed_in(staff).get(f"{API}?page_size={asked}").json()

    assert len(answer["results"]) == given


def four_sessions(officer: Any, staff: Any) -> dict[str, Session]:
    other = new_user("township_officer", "410882002")
    tai_chi = hobby_grid(GRID + "02", sport=sport("tai-chi", "太极拳", "tai chi")).area_code
    made = {
        "here": log(officer),
        "there": log(other, area_code=OTHER_HOBBY_GRID, held_on=yesterday() - timedelta(days=5)),
        "tai chi": log(officer, area_code=tai_chi, held_on=yesterday() - timedelta(days=40)),
        "withdrawn": log(officer, start_time=time(6)),
    }
    withdraw_session(officer, made["withdrawn"], version=1, reason="没有举行")
    return made


BOTH = {"here", "there", "tai chi"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", BOTH),
        ("state=withdrawn", {"withdrawn"}),
        ("state=all", BOTH | {"withdrawn"}),
        (f"within={VILLAGE}", {"here", "tai chi"}),
        (f"within={OTHER_VILLAGE}", {"there"}),
        ("within=4109", set()),
        ("within=41x", set()),
        (f"from_day={yesterday() - timedelta(days=5)}", {"here", "there"}),
        (f"to_day={yesterday() - timedelta(days=5)}", {"there", "tai chi"}),
        (f"from_day={yesterday()}&to_day={yesterday()}", {"here"}),
        ("from_day=2026-02-31", set()),
        ("sport=TAI", {"tai chi"}),
        (f"sport=TAI&within={OTHER_VILLAGE}", set()),
    ],
)
def test_the_list_and_its_export_are_narrowed_alike(
    staff: Any, officer: Any, signed_in: Any, query: str, names: set[str]
) -> None:
    made = four_sessions(officer, staff)
    query = query.replace("TAI", str(sport("tai-chi").pk))
    client = signed_in(staff)

    page = client.get(f"/sessions/?{query}")
    export = client.get(f"/sessions/?{query}&format=csv")

    expected = {str(made[name].pk) for name in names}
    assert set(listed(page)) == expected
    rows = list(csv.reader(b"".join(export.streaming_content).decode("utf-8-sig").splitlines()))
    assert len(rows) - 1 == len(expected)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", BOTH | {"withdrawn"}),
        ("withdrawn=true", {"withdrawn"}),
        ("withdrawn=false", BOTH),
        (f"within={VILLAGE}&withdrawn=false", {"here", "tai chi"}),
        (f"on_or_after={yesterday() - timedelta(days=5)}&withdrawn=false", {"here", "there"}),
        (f"before={yesterday()}", {"there", "tai chi"}),
    ],
)
def test_the_api_is_narrowed(
    staff: Any, officer: Any, signed_in: Any, query: str, names: set[str]
) -> None:
    made = four_sessions(officer, staff)

    rows = signed_in(staff).get(f"{API}?{query}").json()["results"]

    assert {row["id"] for row in rows} == {str(made[name].pk) for name in names}


@pytest.mark.parametrize("query", ["within=41x", "within=1", "on_or_after=x", "before=2026-02-31"])
def test_a_filter_of_the_api_that_cannot_be_understood_is_400(
    staff: Any, signed_in: Any, query: str
) -> None:
    answer = signed_in(staff).get(f"{API}?{query}")

    assert (answer.status_code, set(answer.json())) == (400, {query.split("=")[0]})


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"])
def test_no_cell_of_the_export_is_a_formula(officer: Any, signed_in: Any, start: str) -> None:
    """I5."""
    log(officer, place=f"x{start}", note=f"{start}cmd|' /C calc'!A0")
    Session.objects.update(place=f"{start}1+1")

    export = signed_in(officer).get("/sessions/?format=csv")

    text = b"".join(export.streaming_content).decode("utf-8-sig")
    for cell in next(csv.reader(text.splitlines()[1:])):
        assert not cell.startswith(start)


def test_the_export_says_the_names_and_costs_the_same_for_more_rows(
    staff: Any, signed_in: Any
) -> None:
    """L2, pitfall 24: no query a row."""
    many(staff, 3)
    client = signed_in(staff)
    assert_query_count(client, "/sessions/?format=csv", "sessions/list-export")
    Session.objects.all().delete()
    many(staff, 300)

    export = assert_query_count(client, "/sessions/?format=csv", "sessions/list-export")

    assert export.streaming
    text = b"".join(client.get("/sessions/?format=csv").streaming_content).decode()
    assert text.count("广场舞队01") == 300


def test_list_page_and_api_cost_the_same_for_more_rows(staff: Any, signed_in: Any) -> None:
    """L2."""
    client = signed_in(new_user("county_official", COUNTY))
    for number in (3, 200):
        Session.objects.all().delete()
        many(staff, number)
        assert_query_count(client, "/sessions/", "sessions/list")
        assert_query_count(client, "/sessions/?state=all&within=" + VILLAGE, "sessions/list-within")
        assert_query_count(client, API, "api/activities")
    key = UUID(int=1)
    assert_query_count(client, f"/sessions/{key}/", "sessions/session")
    assert_query_count(client, f"{API}{key}/", "api/activity")


def test_the_page_of_a_session_costs_the_same_with_more_revisions(
    officer: Any, signed_in: Any
) -> None:
    """L2."""
    session = log(officer, led_by=officer.person)
    client = signed_in(officer)
    for version in range(1, 3):
        correct_session(officer, session, version=version, reason="数", participants=version)
    assert_query_count(client, f"/sessions/{session.pk}/", "sessions/session-revised")
    for version in range(3, 9):
        correct_session(officer, session, version=version, reason="数", participants=version)

    assert_query_count(client, f"/sessions/{session.pk}/", "sessions/session-revised")


def test_an_empty_list_says_what_to_do(staff: Any, signed_in: Any) -> None:
    page = signed_in(staff).get("/sessions/")

    assert page.status_code == 200
    assert 'class="empty panel"' in page.content.decode()


def test_the_schema_describes_what_the_api_answers(staff: Any, signed_in: Any) -> None:
    """A2 in the small."""
    schema = signed_in(staff).get("/api/v1/schema/?format=json").json()
    create = schema["paths"][API]["post"]
    listing = schema["paths"][API]["get"]

    assert {"200", "201", "400", "409"} <= set(create["responses"])
    names = {parameter["name"] for parameter in listing["parameters"]}
    assert {"within", "on_or_after", "before", "withdrawn", "cursor", "page_size"} <= names
    for verb in ("correct", "withdraw"):
        assert "409" in schema["paths"][f"{API}{{id}}/{verb}/"]["post"]["responses"]
