"""Who may log where, by which door, and when (P1, P3, pitfalls 11, 16, 17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from activities.models import Session
from grids.models import Appointment
from jiaozuo_grid.lasting import today
from tests.activities.acting import API, FORM, body, log, send, yesterday
from tests.builders import (
    CITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    hobby_grid,
    small_city,
)
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    small_city()


def days(number: int) -> Any:
    return today() + timedelta(days=number)


NEXT_GROUP = GRID + "02"
WHO = [
    # name, role, at, dates of the post, may log the session of yesterday
    ("leader, own", "grid_leader", GRID, {}, True),
    ("member, own", "grid_member", HOBBY_GRID, {}, True),
    ("officer, above", "township_officer", TOWNSHIP, {}, True),
    ("leader, beside", "grid_leader", OTHER_GRID, {}, False),
    ("member, beside", "grid_member", OTHER_HOBBY_GRID, {}, False),
    ("member of the next group", "grid_member", NEXT_GROUP, {}, False),
    ("officer, beside", "township_officer", OTHER_TOWNSHIP, {}, False),
    ("county official", "county_official", COUNTY, {}, False),
    ("bureau", "bureau_staff", CITY, {}, False),
    ("auditor", "auditor", CITY, {}, False),
    ("nobody's post", None, VILLAGE, {}, False),
    ("began today", "grid_leader", GRID, {"started_on": days(0)}, True),
    ("not begun", "grid_leader", GRID, {"started_on": days(1), "ended_on": days(9)}, False),
    # Held on the session's day: a record is not refused because its author left office.
    ("ended today", "grid_leader", GRID, {"ended_on": days(0)}, True),
    ("ended yesterday", "grid_leader", GRID, {"ended_on": yesterday()}, False),
    ("ended before", "grid_leader", GRID, {"ended_on": days(-9)}, False),
]


@pytest.mark.parametrize("door", ["form", "api"])
@pytest.mark.parametrize(
    ("role", "at", "dates", "may"), [w[1:] for w in WHO], ids=[w[0] for w in WHO]
)
def test_who_may_log(
    signed_in: Any, door: str, role: str | None, at: str, dates: dict[str, Any], may: bool
) -> None:
    hobby_grid(NEXT_GROUP)
    client = signed_in(new_user(role, at, **dates))

    answer = client.post(FORM, body()) if door == "form" else send(client, body())

    logged = Session.objects.exists()
    assert logged == may
    assert answer.status_code in ({200, 201, 302} if may else {403, 404})


def test_nobody_logs_without_signing_in() -> None:
    page, api = Client().post(FORM, body()), send(Client(), body())

    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in/")
    assert api.status_code in (401, 403)
    assert not Session.objects.exists()


def test_who_left_office_reads_that_it_is_logged(signed_in: Any) -> None:
    """Pitfalls 9 and 11: the answer to a late record is a success that can be read."""
    leader = new_user("grid_leader", GRID, ended_on=today())
    client, values = signed_in(leader), body()

    answers = [client.post(FORM, values) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all(f'data-logged="{values["id"]}"' in answer.content.decode() for answer in answers)
    assert Session.objects.count() == 1
    # Their phone still sends what waits on it; there is nothing to log for there any more.
    assert "/m/log/" not in client.get("/m/").content.decode()
    assert client.get(f"/sessions/{values['id']}/").status_code in (403, 404)


def test_a_deactivated_user_logs_nothing(signed_in: Any) -> None:
    """P5."""
    leader = new_user("grid_leader", GRID)
    client = signed_in(leader)
    leader.is_active = False
    leader.save()

    client.post(FORM, body())
    send(client, body())

    assert not Session.objects.exists()


def test_a_group_elsewhere_answers_like_one_that_does_not_exist(signed_in: Any) -> None:
    """P4."""
    client = signed_in(new_user("grid_leader", GRID))
    foreign, missing = OTHER_HOBBY_GRID, OTHER_GRID + "77"

    api = [send(client, body(area_code=code)) for code in (foreign, missing)]
    forms = [client.post(f"/m/log/{code}/", body(area_code=code)) for code in (foreign, missing)]
    pages = [client.get(f"/m/log/{code}/") for code in (foreign, missing)]

    assert api[0].status_code == api[1].status_code == 403
    assert api[0].content == api[1].content
    assert {answer.status_code for answer in [*forms, *pages]} == {404}


def test_what_one_reads_is_what_one_reaches(signed_in: Any) -> None:
    """P3: list, page, export and API ask the same."""
    mine = log(new_user("grid_leader", GRID))
    theirs = log(new_user("grid_leader", OTHER_GRID), area_code=OTHER_HOBBY_GRID)
    expected = {
        ("grid_leader", GRID): {mine.pk},
        ("grid_member", HOBBY_GRID): {mine.pk},
        ("township_officer", OTHER_TOWNSHIP): {theirs.pk},
        ("county_official", COUNTY): {mine.pk, theirs.pk},
        ("auditor", CITY): {mine.pk, theirs.pk},
        ("bureau_staff", CITY): {mine.pk, theirs.pk},
    }
    Appointment.objects.all().delete()
    for (role, at), keys in expected.items():
        client = signed_in(new_user(role, at))
        listed = client.get("/sessions/").content.decode()
        export = b"".join(
            client.get("/sessions/?format=csv&columns=all").streaming_content
        ).decode()
        api = {row["id"] for row in client.get(API).json()["results"]}
        for session in (mine, theirs):
            sees = session.pk in keys
            assert (f"/sessions/{session.pk}/" in listed) == sees
            assert (session.area_code in export) == sees
            assert (str(session.pk) in api) == sees
            assert (client.get(f"/sessions/{session.pk}/").status_code == 200) == sees
            assert client.get(f"{API}{session.pk}/").status_code == (200 if sees else 404)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_session_is_neither_replaced_nor_deleted(signed_in: Any, method: str) -> None:
    leader = new_user("grid_leader", GRID)
    session = log(leader)

    answer = getattr(signed_in(leader), method)(f"{API}{session.pk}/")

    assert answer.status_code == 405
    assert Session.objects.count() == 1
