"""The leader's code, and what officers see of check-ins: counts, and whom they may see."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any

import pytest
import segno

from activities.checkin import codes
from activities.models import CheckIn
from grids.models import Role
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.activities.acting import log
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
QR = f"/m/qr/{b.HOBBY_GRID}/"


@pytest.fixture
def leader() -> Any:
    b.small_city()
    return b.user(Role.GRID_LEADER, b.GRID)


@pytest.fixture
def officer(leader: Any) -> Any:
    return b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)


def came(code: str = b.HOBBY_GRID, number: int = 1, **fields: Any) -> None:
    CheckIn.objects.bulk_create(
        CheckIn(area_code=code, browser=f"{code[-4:]}{n}", **{"held_on": today(), **fields})
        for n in range(number)
    )


# --- the leader's code ---


def test_it_leads_to_the_configured_site_whatever_the_host(
    leader: Any, signed_in: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P6: Host and forwarding headers of a request make no link."""
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://grid.example.cn", ["*"]
    said: list[str] = []
    make = segno.make

    def listening(text: str, **options: Any) -> Any:
        said.append(text)
        return make(text, **options)

    monkeypatch.setattr(segno, "make", listening)
    page = signed_in(leader).get(QR, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    assert [text.rsplit("/", 2)[0] for text in said] == ["https://grid.example.cn/c"]
    code = said[0].rsplit("/", 2)[1]
    assert codes.is_good(code)
    assert "evil" not in page.content.decode()


def test_it_says_how_long_it_is_new_and_how_many_came(leader: Any, signed_in: Any) -> None:
    came(number=3)
    came(number=2, held_on=today() - timedelta(days=1))
    page = signed_in(leader).get(QR)
    assert page.context["count"] == 3
    assert 0 < page.context["seconds_left"] <= codes.STEP
    assert "<svg" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_it_is_there_for_a_hobby_grid_in_force(leader: Any, signed_in: Any) -> None:
    client = signed_in(leader)
    for code in (b.OTHER_HOBBY_GRID, b.GRID, b.HOBBY_GRID[:-1] + "9", "x"):
        assert client.get(f"/m/qr/{code}/").status_code == 404
    b.HobbyGrid.objects.update(ended_on=today())
    assert client.get(QR).status_code == 404


def test_it_costs_the_same_for_more(leader: Any, signed_in: Any) -> None:
    """L2."""
    client = signed_in(leader)
    for number in (1, 60):
        CheckIn.objects.all().delete()
        came(number=number)
        assert_query_count(client, QR, "checkin/leaders-code")


# --- beside the number that the leader writes down ---


def test_the_session_page_shows_it_beside_the_number(leader: Any, signed_in: Any) -> None:
    session = log(leader)
    client = signed_in(leader)
    assert client.get(f"/sessions/{session.pk}/").context["checked_in"] == 0
    came(number=4, held_on=session.held_on)
    page = client.get(f"/sessions/{session.pk}/")
    assert page.context["checked_in"] == 4
    session.refresh_from_db()
    assert session.participants == 20


def test_the_bundle_offers_it_and_never_puts_it_in(leader: Any, signed_in: Any) -> None:
    came(number=4)
    group = signed_in(leader).get("/api/v1/phone/").json()["groups"][0]
    assert group["checked_in"] == 4
    assert group["participants"] != 4


# --- for officers ---


def test_the_list_counts_by_day_and_place(officer: Any, signed_in: Any) -> None:
    came(number=3)
    came(number=2, held_on=today() - timedelta(days=1))
    came(b.OTHER_HOBBY_GRID, 5)
    CheckIn.objects.create(area_code=b.VILLAGE, station=b.station(), held_on=today(), browser="x")
    rows = signed_in(officer).get("/check-ins/").context["page"].rows
    assert [(row["area_code"], row["n"]) for row in rows] == [
        (b.VILLAGE, 1),
        (b.HOBBY_GRID, 3),
        (b.HOBBY_GRID, 2),
    ]
    assert rows[0]["place"].endswith("文化广场站")


def test_the_list_is_narrowed_by_area_and_day_and_exported(officer: Any, signed_in: Any) -> None:
    came(number=3)
    came(number=2, held_on=today() - timedelta(days=9))
    client = signed_in(officer)
    export = client.get(f"/check-ins/?within={b.VILLAGE}&from_day={today()}&format=csv")
    rows = list(csv.reader(b"".join(export.streaming_content).decode("utf-8-sig").splitlines()))
    assert [row[2] for row in rows[1:]] == ["3"]
    assert not client.get("/check-ins/?within=4109").context["page"].rows


def test_it_orders_no_person_by_what_they_did(officer: Any, signed_in: Any) -> None:
    """A rule of the land: no ranking; the list has places and days, and sorts by neither count."""
    came(number=3)
    page = signed_in(officer).get("/check-ins/?sort=-count")
    assert page.context["address"].sorted_by is None
    assert {column.name for column in page.context["address"].columns} == {
        "day",
        "where",
        "count",
        "code",
    }


def test_names_are_for_those_who_may_see_the_people(leader: Any, signed_in: Any) -> None:
    """P4: others see how many, not who."""
    for name in ("张三", "李四"):
        CheckIn.objects.create(
            area_code=b.HOBBY_GRID, held_on=today(), person=b.person(b.GRID, name)
        )
    stranger = b.person(b.OTHER_GRID, "王五")
    CheckIn.objects.create(area_code=b.HOBBY_GRID, held_on=today(), person=stranger)
    url = f"/check-ins/{b.HOBBY_GRID}/{today()}/"
    place = signed_in(leader).get(url).context["places"][0]
    assert (place.count, place.named, sorted(place.people)) == (3, 3, ["张三", "李四"])
    member = b.user(Role.GRID_MEMBER, b.HOBBY_GRID)
    shown = signed_in(member).get(url)
    assert shown.context["places"][0].people == []
    assert "张三" not in shown.content.decode()


def test_a_day_without_check_ins_is_not_there(leader: Any, signed_in: Any) -> None:
    came()
    client = signed_in(leader)
    for code, day in (
        (b.HOBBY_GRID, "2020-01-01"),
        (b.OTHER_HOBBY_GRID, today().isoformat()),
        (b.HOBBY_GRID, "2026-02-31"),
        ("x", today().isoformat()),
    ):
        assert client.get(f"/check-ins/{code}/{day}/").status_code == 404


def test_lists_cost_the_same_for_more(officer: Any, signed_in: Any) -> None:
    """L2."""
    client, grids = signed_in(officer), [b.HOBBY_GRID, b.hobby_grid(b.GRID + "02").area_code]
    for number in (1, 30):
        CheckIn.objects.all().delete()
        for code in grids:
            for back in range(number):
                came(code, number, held_on=today() - timedelta(days=back))
        CheckIn.objects.create(
            area_code=b.HOBBY_GRID, held_on=today(), person=b.person(b.GRID, f"居民{number}")
        )
        assert_query_count(client, "/check-ins/", "checkin/list")
        assert_query_count(client, "/check-ins/?format=csv", "checkin/export")
        assert_query_count(client, f"/check-ins/{b.HOBBY_GRID}/{today()}/", "checkin/day")
