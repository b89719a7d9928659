"""The page behind the QR code: what everybody may know, and a fault anybody may report."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEntry
from jiaozuo_grid.lasting import today
from stations import actions, limits
from stations.models import Repair, Station
from tests import builders as b
from tests.stations.acting import full_station, official
from tests.stations.test_upkeep import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Any:
    cache.clear()
    b.small_city()
    return official()


@pytest.fixture
def station(actor: Any) -> Station:
    return full_station(actor, address="文化路 8 号")


def page(station: Station) -> str:
    answer = Client().get(f"/s/{station.token}/")
    assert answer.status_code == 200
    return answer.content.decode()


def report(station: Station, words: str = "单杠松动", **more: Any) -> Any:
    address = more.pop("address", "203.0.113.7")
    data = {"description": words, "website": "", **more}
    return Client(REMOTE_ADDR=address).post(f"/s/{station.token}/", data)


def test_it_says_who_and_where_and_when(station: Station) -> None:
    shown = page(station)
    for words in ("文化广场健身站点", "东关村", "文化路 8 号", "王建国", "138****5678", "李秀英"):
        assert words in shown
    for words in ("张红霞", "广场舞", "19:00", "21:00"):
        assert words in shown


def test_it_says_nothing_more(actor: Any, station: Station) -> None:
    actions.add_equipment(actor, station, name="漫步机")
    actions.inspect(actor, station, faults=[actions.Fault("灯不亮")], note="内部备注")
    actions.add_photo(actor, station, picture())
    shown = page(station)
    for words in (
        "13812345678",
        "漫步机",
        "灯不亮",
        "内部备注",
        "/stations/",
        "112.94",
        b.VILLAGE,
        "photos",
    ):
        assert words not in shown


def test_only_its_token_opens_it(station: Station) -> None:
    for token in ("x", str(station.pk), station.token[:-1], station.token.swapcase()):
        assert Client().get(f"/s/{token}/").status_code == 404


def test_it_is_kept_by_no_cache_and_no_search_engine(station: Station) -> None:
    answer = Client().get(f"/s/{station.token}/")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_reported_fault_is_a_repair_with_a_deadline(station: Station, signed_in: Any) -> None:
    answer = report(station, " 单杠\n 松动 ")
    assert answer.status_code == 302
    row = Repair.objects.get(holder__name="王建国")
    assert (row.description, row.due_on > today()) == ("单杠 松动", True)
    listed = signed_in(official()).get("/stations/repairs/").context["page"].rows
    assert listed == [row]


def test_neither_who_nor_from_where_is_kept(station: Station, signed_in: Any) -> None:
    signed_in(official()).post(f"/s/{station.token}/", {"description": "灯不亮", "website": ""})
    report(station)
    assert set(Repair.objects.values_list("reported_by", flat=True)) == {None}
    entries = AuditEntry.objects.filter(model="stations.repair")
    assert set(entries.values_list("actor", "address")) == {(None, None)}


def test_what_fills_the_hidden_field_is_a_machine(station: Station) -> None:
    answer = report(station, website="https://example.com")
    assert answer.status_code == 302
    assert not Repair.objects.exists()


@pytest.mark.parametrize("words", ["", " ", "坏", "坏" * 201])
def test_a_fault_is_said_in_some_words(station: Station, words: str) -> None:
    assert report(station, words).status_code == 422
    assert not Repair.objects.exists()


def test_the_same_fault_twice_is_one_repair(station: Station) -> None:
    report(station)
    report(station, address="203.0.113.8")
    assert Repair.objects.count() == 1


def test_one_address_reports_so_often_at_a_station(actor: Any, station: Station) -> None:
    answers = [report(station, f"坏了{n}").status_code for n in range(limits.OF_ADDRESS + 2)]
    assert answers == [302] * limits.OF_ADDRESS + [429, 429]
    assert Repair.objects.count() == limits.OF_ADDRESS
    assert report(station, "灯不亮", address="203.0.113.8").status_code == 302
    assert report(full_station(actor, name="另一站"), "灯不亮").status_code == 302


def test_a_station_takes_so_many_in_a_day(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OF_STATION", 2)
    answers = [report(station, f"坏{n}坏", address=f"203.0.113.{n}").status_code for n in range(3)]
    assert answers == [302, 302, 429]


def test_an_ended_station_says_so_and_names_nobody(actor: Any, station: Station) -> None:
    actions.end_station(actor, station, today())
    shown = page(station)
    assert today().isoformat() in shown
    assert "王建国" not in shown
    assert '<form method="post" action="/s/' not in shown
    assert report(station).status_code == 422
    assert not Repair.objects.exists()


def test_who_left_is_no_longer_named(actor: Any, station: Station) -> None:
    actions.make_responsible(actor, station, b.person(name="新负责人"))
    shown = page(station)
    assert "新负责人" in shown
    assert "王建国" not in shown
