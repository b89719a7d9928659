"""The pages of stations: what is shown to whom, and that each form does what it says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import segno
from django.test import Client

from accounts.models import User
from grids.models import Outline, Role
from jiaozuo_grid.lasting import today
from stations import actions
from stations.models import (
    Equipment,
    Inspection,
    OpeningHours,
    Repair,
    Station,
    StationPhoto,
    StationPost,
)
from tests import builders as b
from tests.query_counts import assert_query_count
from tests.stations.acting import YESTERDAY, full_station, official, somebody
from tests.stations.test_upkeep import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    b.small_city()
    return official()


@pytest.fixture
def client(user: User, signed_in: Any) -> Client:
    return signed_in(user)


@pytest.fixture
def station(user: User) -> Station:
    return full_station(user)


def text(response: Any) -> str:
    return response.content.decode()


def posted(client: Client, url: str, data: dict[str, Any]) -> Any:
    response = client.post(url, data, follow=True)
    assert response.status_code == 200, text(response)
    return response


# --- the list ---


def shown(client: Client, query: str = "") -> list[str]:
    return [row.name for row in client.get(f"/stations/{query}").context["page"].rows]


def test_the_list_shows_what_is_missing(client: Client, station: Station) -> None:
    b.station(name="缺人站")
    page = text(client.get("/stations/"))
    assert "文化广场健身站点" in page
    assert "0/2" in page or "0 of 2" in page or re.search(r"0\D+2", page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?standard=met", ["文化广场健身站点"]),
        ("?standard=missing", ["小站"]),
        ("?responsible=no", ["小站"]),
        ("?sport=square-dance", ["文化广场健身站点"]),
        ("?q=广场", ["文化广场健身站点"]),
        ("?q=河堤路", ["小站"]),
        ("?kind=point", ["小站"]),
        ("?within=" + b.OTHER_TOWNSHIP, []),
        ("?state=ended", []),
        ("?inspection=overdue", ["文化广场健身站点", "小站"]),
        ("?repairs=open", []),
    ],
)
def test_the_list_is_narrowed(
    client: Client, station: Station, query: str, found: list[str]
) -> None:
    b.station(name="小站", kind="point", address="河堤路 3 号")
    assert shown(client, query) == found


def test_the_list_is_the_readers_own(station: Station, signed_in: Any) -> None:
    assert shown(signed_in(b.user(Role.COUNTY_OFFICIAL, b.OTHER_COUNTY))) == []
    assert signed_in(b.user(Role.GRID_MEMBER, b.HOBBY_GRID)).get("/stations/").status_code == 403


def test_a_grid_leader_sees_the_stations_of_the_village_and_changes_none(
    station: Station, signed_in: Any
) -> None:
    leader = signed_in(b.user(Role.GRID_LEADER, b.GRID))
    b.station(b.OTHER_VILLAGE, "别村站")
    assert shown(leader) == ["文化广场健身站点"]
    page = leader.get(f"/stations/{station.pk}/")
    assert page.status_code == 200
    assert f"/s/{station.token}/" in text(page)
    assert leader.get(f"/stations/{station.pk}/edit/").status_code == 403


def test_the_list_is_exported_with_its_standing(client: Client, station: Station) -> None:
    answer = client.get("/stations/?format=csv")
    lines = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "文化广场健身站点" in lines
    assert "王建国" in lines


def test_a_formula_in_a_name_is_neutralised(client: Client, user: User) -> None:
    actions.enter_station(user, b.VILLAGE, name="=1+1")
    lines = b"".join(client.get("/stations/?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=1+1" in lines


# --- the map ---


def test_the_points_are_scoped_and_filtered(
    client: Client, station: Station, signed_in: Any
) -> None:
    b.station(name="无坐标")
    answer = client.get("/stations/map/points/")
    assert answer["Content-Type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert feature["geometry"]["coordinates"] == [112.94, 35.09]
    assert feature["properties"]["state"] == "inspection"
    assert client.get("/stations/map/points/?kind=point").json()["features"] == []
    other = signed_in(b.user(Role.COUNTY_OFFICIAL, b.OTHER_COUNTY))
    assert other.get("/stations/map/points/").json()["features"] == []


def test_the_most_urgent_state_is_drawn(client: Client, user: User, station: Station) -> None:
    actions.inspect(user, station)

    def state() -> str:
        return client.get("/stations/map/points/").json()["features"][0]["properties"]["state"]

    assert state() == "good"
    actions.report_fault(user, station, "坏了")
    assert state() == "repair"
    Repair.objects.update(due_on=YESTERDAY)
    assert state() == "overdue"


def test_the_map_says_where_its_ground_and_points_are(client: Client, station: Station) -> None:
    page = text(client.get("/stations/map/?kind=point"))
    assert f"/api/v1/outlines/{b.COUNTY}/" in page
    assert "/stations/map/points/?kind=point" in page


# --- one station ---


def test_the_page_shows_the_book_of_a_station(client: Client, user: User, station: Station) -> None:
    actions.add_equipment(user, station, name="漫步机", installed_on=b.BEGINNING)
    actions.inspect(user, station, faults=[actions.Fault("灯不亮")])
    page = text(client.get(f"/stations/{station.pk}/"))
    for words in ("王建国", "138****5678", "李秀英", "漫步机", "灯不亮", "19:00"):
        assert words in page
    assert "13812345678" not in page
    assert 'data-verdict="met"' in page


@pytest.mark.parametrize(
    "path", ["", "edit/", "qr/", "qr.svg", "inspect/", "hours/", "end/", "post/instructor/"]
)
def test_a_station_out_of_reach_is_not_there(station: Station, signed_in: Any, path: str) -> None:
    other = signed_in(b.user(Role.COUNTY_OFFICIAL, b.OTHER_COUNTY))
    assert other.get(f"/stations/{station.pk}/{path}").status_code == 404
    assert other.get(f"/stations/{station.pk + 1000}/{path}").status_code == 404


def test_a_village_is_chosen_step_by_step_or_by_name(client: Client) -> None:
    assert f"?within={b.TOWNSHIP}" in text(client.get("/stations/new/"))
    below = text(client.get(f"/stations/new/?within={b.TOWNSHIP}"))
    assert f"/stations/new/{b.VILLAGE}/" in below
    found = text(client.get("/stations/new/?q=东关"))
    assert f"/stations/new/{b.VILLAGE}/" in found
    assert b.OTHER_VILLAGE not in found


FORM = {"name": "新站", "kind": "station", "datum": "wgs84", "started_on": "2026-01-05"}


def test_a_station_is_entered_by_its_form(client: Client) -> None:
    data = {**FORM, "longitude": "112.94", "latitude": "35.09", "lighted": "no", "sports": ""}
    page = posted(client, f"/stations/new/{b.VILLAGE}/", {k: v for k, v in data.items() if v})
    row = Station.objects.get(name="新站")
    assert page.redirect_chain[-1][0] == f"/stations/{row.pk}/"
    assert (row.longitude, row.lighted) == (112.94, False)


def test_swapped_numbers_are_shown_at_the_field(client: Client) -> None:
    data = {**FORM, "longitude": "35.09", "latitude": "112.94"}
    page = client.post(f"/stations/new/{b.VILLAGE}/", data)
    assert page.status_code == 422
    assert 'id="id_longitude_error"' in text(page)
    assert not Station.objects.exists()


def test_the_form_shows_the_place_and_changes_the_rest(client: Client, station: Station) -> None:
    url = f"/stations/{station.pk}/edit/"
    page = text(client.get(url))
    assert 'value="112.94"' in page
    data = {
        **FORM,
        "name": "改名",
        "longitude": "112.94",
        "latitude": "35.09",
        "usual_people": "50",
    }
    posted(client, url, data)
    station.refresh_from_db()
    assert (station.name, station.usual_people, station.sports.count()) == ("改名", 50, 0)


def test_a_station_is_moved_ended_and_reopened_by_its_forms(
    client: Client, station: Station
) -> None:
    base = f"/stations/{station.pk}"
    assert f"{base}/move/{b.OTHER_VILLAGE}/" in text(
        client.get(f"{base}/move/?within={b.OTHER_TOWNSHIP}")
    )
    posted(client, f"{base}/move/{b.OTHER_VILLAGE}/", {"on": today().isoformat()})
    posted(client, f"{base}/end/", {"on": today().isoformat(), "reason": "拆迁"})
    station.refresh_from_db()
    assert (station.area_code, station.ended_on) == (b.OTHER_VILLAGE, today())
    posted(client, f"{base}/reopen/", {})
    station.refresh_from_db()
    assert station.ended_on is None


def test_hours_are_set_by_their_form(client: Client, station: Station) -> None:
    url = f"/stations/{station.pk}/hours/"
    line = {"0-weekdays": ["6", "7"], "0-opens_at": "08:00", "0-closes_at": "10:00"}
    posted(client, url, {**line, "0-guided": "on", "1-opens_at": "", "1-closes_at": ""})
    (row,) = OpeningHours.objects.on(today())
    assert (row.weekdays, row.guided) == ("67", True)
    half = client.post(url, {**line, "0-closes_at": ""})
    assert half.status_code == 422


def test_someone_new_is_made_responsible_by_the_form(client: Client, station: Station) -> None:
    data = {"name": "新来的", "phone": "13900000000", "started_on": today().isoformat()}
    posted(client, f"/stations/{station.pk}/post/responsible/", data)
    posts = StationPost.objects.filter(station=station).responsible().on(today())
    assert [post.person.name for post in posts] == ["新来的"]


def test_an_instructor_is_found_posted_and_ended(client: Client, station: Station) -> None:
    who = somebody("赵教练")
    url = f"/stations/{station.pk}/post/instructor/"
    assert "赵教练" in text(client.get(url + "?q=赵"))
    posted(client, url, {"person": who.pk, "started_on": today().isoformat()})
    post = StationPost.objects.get(person=who)
    posted(client, f"/stations/posts/{post.pk}/end/", {"on": today().isoformat()})
    post.refresh_from_db()
    assert post.ended_on == today()


def test_the_responsible_ones_post_has_no_end_form(client: Client, station: Station) -> None:
    post = StationPost.objects.responsible().get()
    assert client.get(f"/stations/posts/{post.pk}/end/").status_code == 404


def test_equipment_is_added_put_right_and_taken_away(client: Client, station: Station) -> None:
    data = {"name": "漫步机", "quantity": "2", "installed_on": "2020-05-01"}
    posted(client, f"/stations/{station.pk}/equipment/", data)
    row = Equipment.objects.get()
    posted(client, f"/stations/equipment/{row.pk}/", {**data, "quantity": "3"})
    posted(client, f"/stations/equipment/{row.pk}/remove/", {"on": today().isoformat()})
    row.refresh_from_db()
    assert (row.quantity, row.ended_on) == (3, today())


def test_everything_in_order_is_one_tap(client: Client, station: Station) -> None:
    posted(client, f"/stations/{station.pk}/inspect/", {"in_order": "1"})
    assert Inspection.objects.get().in_order


def test_faults_are_written_at_their_equipment(
    client: Client, user: User, station: Station
) -> None:
    machine = actions.add_equipment(user, station, name="漫步机")
    url = f"/stations/{station.pk}/inspect/"
    data = {f"fault-{machine.pk}": "踏板断裂", "fault": "灯不亮", "faults": "1"}
    posted(client, url, data)
    assert set(Repair.objects.values_list("equipment", "description")) == {
        (machine.pk, "踏板断裂"),
        (None, "灯不亮"),
    }


@pytest.mark.parametrize("data", [{"faults": "1"}, {"in_order": "1", "fault": "灯不亮"}])
def test_a_contradiction_is_asked_back(client: Client, station: Station, data: Any) -> None:
    assert client.post(f"/stations/{station.pk}/inspect/", data).status_code == 422
    assert not Inspection.objects.exists()


def test_a_repair_goes_its_way(client: Client, user: User, station: Station) -> None:
    posted(client, f"/stations/{station.pk}/fault/", {"description": "单杠松动"})
    row = Repair.objects.get()
    base = f"/stations/repairs/{row.pk}"
    soon = (today() + timedelta(days=3)).isoformat()
    posted(client, f"{base}/accept/", {"holder": user.person_id, "due_on": soon})
    posted(client, f"{base}/finish/", {"done_on": today().isoformat(), "outcome": "拧紧"})
    row.refresh_from_db()
    assert (row.state, row.holder, row.outcome) == ("done", user.person, "拧紧")
    assert client.post(f"{base}/reject/", {"outcome": "晚了"}).status_code == 422


def test_the_work_list_has_the_longest_overdue_first(
    client: Client, user: User, station: Station
) -> None:
    for number, words in enumerate(["早的", "晚的", "最早的", "做完的"]):
        row = actions.report_fault(user, station, words)
        due_on = today() + timedelta(days=[0, 5, -9, -20][number])
        Repair.objects.filter(pk=row.pk).update(due_on=due_on)
    actions.finish_repair(user, row)

    def listed(query: str = "") -> list[str]:
        rows = client.get(f"/stations/repairs/{query}").context["page"].rows
        return [row.description for row in rows]

    assert listed() == ["最早的", "早的", "晚的"]
    assert listed("?state=overdue") == ["最早的"]
    assert listed("?state=done") == ["做完的"]
    assert len(listed("?state=all")) == 4


def test_a_photo_is_added_served_and_removed(
    client: Client, station: Station, signed_in: Any
) -> None:
    posted(client, f"/stations/{station.pk}/photos/", {"photo": picture()})
    url = f"/stations/photos/{StationPhoto.objects.get().pk}/"
    assert client.get(url)["Content-Type"] == "image/jpeg"
    other = signed_in(b.user(Role.COUNTY_OFFICIAL, b.OTHER_COUNTY))
    assert other.get(url).status_code == 404
    posted(client, f"{url}remove/", {})
    assert client.get(url).status_code == 404


def test_the_code_leads_to_the_public_page_of_the_configured_site(
    client: Client, station: Station, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    make = segno.make

    def listening(url: str, **options: Any) -> Any:
        asked.append(url)
        return make(url, **options)

    monkeypatch.setattr(segno, "make", listening)
    settings.PUBLIC_URL = "https://grid.example.cn"
    drawing = client.get(f"/stations/{station.pk}/qr.svg")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawing.content
    assert asked == [f"https://grid.example.cn/s/{station.token}/"]
    assert asked[0] in text(client.get(f"/stations/{station.pk}/qr/"))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://t{s}.example.cn/{z}/{x}/{y}.png", "https://*.example.cn"),
        ("https://tiles.example.cn:8443/{z}/{x}/{y}.png", "https://tiles.example.cn:8443"),
    ],
)
def test_a_tile_server_is_let_in_by_the_policy(settings: Any, url: str, host: str) -> None:
    settings.MAP_TILES_URL = url
    policy = Client().get("/sign-in/")["Content-Security-Policy"]
    assert f"img-src 'self' {host} data: blob:;" in policy


def test_without_a_tile_server_no_other_host_is_let_in(client: Client) -> None:
    assert "img-src 'self' data: blob:;" in client.get("/stations/")["Content-Security-Policy"]


# --- queries ---


def grow(user: User, station: Station) -> None:
    for n in range(6):
        other = b.station(name=f"站{n}", longitude=112.9, latitude=35.1)
        actions.make_responsible(user, other, somebody())
        other.sports.add(b.sport(f"sport-{n}", f"项目{n}", f"sport {n}"))
        for row in (other, station):
            machine = actions.add_equipment(user, row, name=f"器材{n}")
            actions.report_fault(user, row, f"坏了{n}", equipment=machine)
            actions.inspect(user, row, inspected_on=today() - timedelta(days=n))
            actions.post_instructor(user, row, somebody())
        station.sports.add(b.sport(f"sport-{n}"))


PAGES = {
    "stations/list": "/stations/",
    "stations/list-filtered": "/stations/?standard=missing&repairs=open&equipment=past",
    "stations/list-export": "/stations/?format=csv",
    "stations/map": "/stations/map/",
    "stations/points": "/stations/map/points/",
    "stations/repairs": "/stations/repairs/",
    "stations/repairs-export": "/stations/repairs/?format=csv",
    "stations/station": "/stations/{pk}/",
    "stations/inspect": "/stations/{pk}/inspect/",
    "stations/edit": "/stations/{pk}/edit/",
    "stations/public": "/s/{token}/",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_with_more_rows(
    client: Client, user: User, station: Station, name: str
) -> None:
    """L2"""
    url = PAGES[name].format(pk=station.pk, token=station.token)
    machine = actions.add_equipment(user, station, name="漫步机")
    actions.inspect(user, station)
    actions.report_fault(user, station, "坏了", equipment=machine)
    Outline.objects.create(area_code=b.COUNTY, geometry={})
    assert_query_count(client, url, name)
    grow(user, station)
    assert_query_count(client, url, name)
