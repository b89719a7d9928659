"""Coordinates at the edge: known pairs, there and back, and where a station cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from grids.models import Division, Outline
from grids.rules import set_rule
from jiaozuo_grid.reach import SYSTEM
from stations import actions
from stations.coordinates import Datum, check_inside, distance_km, from_wgs84, to_wgs84
from stations.models import Station
from stations.rules import FARTHEST_KM
from tests import builders as b
from tests.stations.acting import official

Point = tuple[float, float]
METRE = 0.001  # km
CHINA = st.tuples(st.floats(75, 134), st.floats(4, 53))

# Published pairs: (WGS-84, the same point in another datum), longitude first.
PAIRS = [
    (Datum.GCJ02, (121.5272106, 31.1774276), (121.531541859, 31.175303984)),  # Shanghai
    (Datum.GCJ02, (113.912316, 22.543847), (113.917176481, 22.540796132)),  # Shenzhen
    (Datum.GCJ02, (116.377817, 39.911954), (116.384047225, 39.913345455)),  # Beijing
    (Datum.GCJ02, (116.404, 39.915), (116.410244499, 39.916404282)),
]
# (GCJ-02, the same point in BD-09)
BAIDU = [
    ((116.404, 39.915), (116.410369494, 39.921336994)),
    ((116.397627291, 39.908656740), (116.404, 39.915)),
]


@pytest.mark.parametrize(("datum", "wgs84", "shifted"), PAIRS)
def test_known_pairs(datum: str, wgs84: Point, shifted: Point) -> None:
    assert distance_km(to_wgs84(*shifted, datum), wgs84) < 2 * METRE
    assert distance_km(from_wgs84(*wgs84, datum), shifted) < 2 * METRE


@pytest.mark.parametrize(("gcj02", "bd09"), BAIDU)
def test_known_pairs_of_baidu(gcj02: Point, bd09: Point) -> None:
    assert distance_km(to_wgs84(*bd09, Datum.BD09), to_wgs84(*gcj02, Datum.GCJ02)) < 2 * METRE


@pytest.mark.parametrize("datum", Datum.values)
@given(point=CHINA)
@settings(max_examples=200, deadline=None)
def test_there_and_back_is_less_than_a_metre(datum: str, point: tuple[float, float]) -> None:
    assert distance_km(to_wgs84(*from_wgs84(*point, datum), datum), point) < METRE


@given(point=CHINA)
@settings(max_examples=50, deadline=None)
def test_wgs84_is_stored_as_it_is(point: tuple[float, float]) -> None:
    assert to_wgs84(*point, Datum.WGS84) == (round(point[0], 6), round(point[1], 6))


# --- where a station cannot be ---

SQUARE = [[[112.8, 35.0], [113.0, 35.0], [113.0, 35.2], [112.8, 35.2], [112.8, 35.0]]]


def outline(**fields: Any) -> None:
    geometry = {"type": "Polygon", "coordinates": SQUARE}
    Outline.objects.create(area_code=b.COUNTY, geometry=geometry, **fields)


@pytest.fixture
def _city() -> None:
    b.small_city()


@pytest.mark.django_db
@pytest.mark.usefixtures("_city")
def test_the_countys_boundary_decides_with_a_tolerance() -> None:
    outline()
    check_inside(b.VILLAGE, 112.9, 35.1)
    check_inside(b.VILLAGE, 113.015, 35.1)
    with pytest.raises(ValidationError) as error:
        check_inside(b.VILLAGE, 113.03, 35.1)
    assert "沁阳市" in error.value.message_dict["longitude"][0]


@pytest.mark.django_db
@pytest.mark.usefixtures("_city")
@pytest.mark.parametrize("code", [b.VILLAGE, b.TOWNSHIP])
def test_else_the_distance_from_the_village_or_township(code: str) -> None:
    outline(schematic=True)
    Division.objects.filter(area_code=code).update(longitude=112.9, latitude=35.1)
    check_inside(b.VILLAGE, 113.1, 35.1)  # 18 km
    with pytest.raises(ValidationError):
        check_inside(b.VILLAGE, 113.2, 35.1)  # 27 km
    set_rule(SYSTEM, FARTHEST_KM, 50)
    check_inside(b.VILLAGE, 113.2, 35.1)


@pytest.mark.django_db
@pytest.mark.usefixtures("_city")
def test_where_nothing_is_known_a_point_is_believed() -> None:
    check_inside(b.VILLAGE, 120.0, 40.0)


@pytest.mark.django_db
@pytest.mark.usefixtures("_city")
def test_a_station_from_another_map_is_stored_as_wgs84() -> None:
    longitude, latitude = from_wgs84(112.94, 35.09, Datum.BD09)
    station = actions.enter_station(
        official(), b.VILLAGE, name="站", longitude=longitude, latitude=latitude, datum=Datum.BD09
    )
    assert distance_km((station.longitude, station.latitude), (112.94, 35.09)) < METRE  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.usefixtures("_city")
def test_a_point_outside_the_area_writes_nothing() -> None:
    outline()
    with pytest.raises(ValidationError):
        actions.enter_station(official(), b.VILLAGE, name="站", longitude=116.4, latitude=39.9)
    assert not Station.objects.exists()
