"""An open page asks every few seconds; the answer is cheap until something was counted."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import uuid4

import pytest

from activities.actions import log_session
from coverage.folding import fold
from coverage.models import StaleMark
from coverage.recount import rebuild
from jiaozuo_grid.lasting import today
from tests.builders import CITY, COUNTY, HOBBY_GRID, OTHER_COUNTY, TOWNSHIP, user
from tests.coverage.living_city import living_city, measures_shown, text_of
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
LIVE = f"/coverage/{COUNTY}/live/"


@pytest.fixture
def city() -> None:
    living_city()
    rebuild()


def log() -> None:
    log_session(
        user("township_officer", TOWNSHIP),
        id=uuid4(),
        area_code=HOBBY_GRID,
        held_on=today(),
        start_time=time(0),
        minutes=5,
        participants=12,
    )


def ask(client: Any, version: str) -> Any:
    return client.get(LIVE, headers={"If-None-Match": version})


def test_nothing_new_is_answered_without_figures(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    version = client.get(LIVE)["ETag"]
    answer = ask(client, version)
    assert answer.status_code == 304
    assert answer.content == b""


def test_asking_costs_few_queries_while_nothing_is_new(city: None, signed_in: Any) -> None:
    """L2: who you are, what you reach, the area, and whether anything was counted."""
    client = signed_in(user("county_official", COUNTY))
    headers = {"HTTP_IF_NONE_MATCH": client.get(LIVE)["ETag"]}
    client.defaults.update(headers)
    assert_query_count(client, LIVE, "coverage/live-unchanged", status=304)


def test_page_begins_with_the_version_that_it_shows(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    page = client.get(f"/coverage/{COUNTY}/")
    version = client.get(LIVE)["ETag"]
    assert f'data-live-version="{version.replace(chr(34), "&quot;")}"' in text_of(page)


def test_a_new_session_shows_once_it_is_folded(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    before = client.get(LIVE)
    log()
    fold()
    after = ask(client, before["ETag"])
    assert after.status_code == 200
    was, now = measures_shown(before), measures_shown(after)
    assert now["sessions"] == (was["sessions"] or 0) + 1
    assert now["participants"] == (was["participants"] or 0) + 12


def test_waiting_changes_are_said(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    before = client.get(LIVE)
    assert 'data-waiting="no"' in text_of(before)
    StaleMark.objects.create(area_code=HOBBY_GRID, month=today().replace(day=1))
    after = ask(client, before["ETag"])
    assert 'data-waiting="yes"' in text_of(after)
    assert 'data-waiting="yes"' in text_of(client.get(f"/coverage/{COUNTY}/"))


def test_a_version_of_another_area_day_order_or_language_is_not_taken(
    city: None, signed_in: Any
) -> None:
    client = signed_in(user("auditor", CITY))
    version = client.get(LIVE)["ETag"]
    headers = {"If-None-Match": version}
    for url in (
        f"/coverage/{OTHER_COUNTY}/live/",
        f"{LIVE}?on=2026-01-01",
        f"{LIVE}?sort=-grids",
    ):
        assert client.get(url, headers=headers).status_code == 200
    client.cookies["django_language"] = "en"
    assert client.get(LIVE, headers=headers).status_code == 200


def test_a_version_does_not_open_what_is_out_of_reach(city: None, signed_in: Any) -> None:
    """P4: an ETag tells nothing about other areas."""
    version = signed_in(user("auditor", CITY)).get(LIVE)["ETag"]
    foreign = signed_in(user("county_official", OTHER_COUNTY))
    assert ask(foreign, version).status_code == 404
