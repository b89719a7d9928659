"""The spreadsheet of stations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import eviltransform
import pytest
from django.test import Client

from grids.models import Role
from jiaozuo_grid.spreadsheets.model import SheetImport
from stations.models import Station, StationPlace
from tests import builders as b
from tests import sheets as s

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
HEADERS = [
    "村（社区）代码",
    "站点名称",
    "站点类型",
    "经度",
    "纬度",
    "坐标系",
    "面积（㎡）",
    "灯光",
    "运动项目",
]
# Where the station really is, as GPS says.
LONGITUDE, LATITUDE = 112.9345, 35.0891


@pytest.fixture
def bureau() -> Any:
    b.small_city()
    return b.user(Role.BUREAU_STAFF)


def _row(**cells: Any) -> list[Any]:
    values = {
        "村（社区）代码": b.VILLAGE,
        "站点名称": "文化广场站",
        "站点类型": "晨晚练点",
        "经度": LONGITUDE,
        "纬度": LATITUDE,
        "坐标系": None,
        "面积（㎡）": 300,
        "灯光": "有",
        "运动项目": "广场舞",
        **cells,
    }
    return [values[header] for header in HEADERS]


def _plan(actor: Any, *rows: list[Any]) -> Any:
    return s.plan(actor, "stations", s.xlsx(rows, HEADERS))


def _import(client: Client, *rows: list[Any]) -> SheetImport:
    s.upload(client, "stations", s.xlsx(rows, HEADERS))
    return s.agree(client, SheetImport.objects.latest("pk"))


def test_a_station_is_entered_with_its_place(bureau: Any, signed_in: SignedIn) -> None:
    assert _import(signed_in(bureau), _row()).state == "done"
    station = Station.objects.get()
    assert (station.kind, station.square_metres, station.lighted) == ("point", 300, True)
    assert (station.longitude, station.latitude) == (LONGITUDE, LATITUDE)
    assert station.sports.count() == 1
    assert StationPlace.objects.get().station == station


@pytest.mark.parametrize(
    ("datum", "shift"),
    [
        ("WGS-84", lambda lat, lng: (lat, lng)),
        ("高德", eviltransform.wgs2gcj),
        ("百度", lambda lat, lng: eviltransform.gcj2bd(*eviltransform.wgs2gcj(lat, lng))),
    ],
)
def test_coordinates_of_other_maps_are_converted(bureau: Any, datum: str, shift: Any) -> None:
    latitude, longitude = shift(LATITUDE, LONGITUDE)
    plan = _plan(bureau, _row(经度=longitude, 纬度=latitude, 坐标系=datum))
    assert [str(fault) for fault in plan.faults] == []
    (row,) = plan.new
    assert row["longitude"] == pytest.approx(LONGITUDE, abs=2e-5)
    assert row["latitude"] == pytest.approx(LATITUDE, abs=2e-5)


@pytest.mark.parametrize(
    ("cells", "cell", "code"),
    [
        ({"村（社区）代码": b.TOWNSHIP}, "A2", "area_level"),
        ({"站点名称": None}, "B2", "required"),
        ({"站点类型": "公园"}, "C2", "not_a_choice"),
        ({"纬度": None}, "E2", "half_a_place"),
        ({"经度": LATITUDE, "纬度": LONGITUDE}, "E2", "out_of_range"),
        ({"经度": 2.35, "纬度": 48.85}, "D2", "implausible"),
        ({"坐标系": "火星"}, "F2", "not_a_choice"),
        ({"面积（㎡）": 0}, "G2", "out_of_range"),
        ({"灯光": "也许"}, "H2", "not_a_choice"),
    ],
)
def test_a_fault_is_found_with_its_cell(bureau: Any, cells: Any, cell: str, code: str) -> None:
    assert (cell, code) in s.found_faults(_plan(bureau, _row(**cells)))


def test_an_export_imported_again_changes_nothing(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    rows = [_row(站点名称=f"站{n}", 坐标系="高德") for n in range(5)]
    rows.append(_row(站点名称="无坐标", 经度=None, 纬度=None, 灯光=None, 运动项目=None))
    assert _import(client, *rows).state == "done"
    exported = s.exported(client, "stations")
    plan = s.plan(bureau, "stations", exported)
    assert ([str(f) for f in plan.faults], plan.unchanged) == ([], 6)


def test_a_known_station_is_changed(bureau: Any, signed_in: SignedIn) -> None:
    client = signed_in(bureau)
    _import(client, _row())
    one = _import(client, _row(**{"面积（㎡）": 500}))
    assert one.figures["changed"] == 1
    assert Station.objects.get().square_metres == 500
    assert s.act(client, one, "undo").state == "undone"
    assert Station.objects.get().square_metres == 300
