"""The maps in a real browser: a place is picked by a click, and all stations are drawn."""

from __future__ import annotations

from typing import Any

import pytest

from grids.models import Outline
from stations.models import Station
from tests import builders as b
from tests.stations.acting import full_station, official

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SQUARE = [[[112.8, 35.0], [113.1, 35.0], [113.1, 35.2], [112.8, 35.2], [112.8, 35.0]]]


@pytest.fixture
def user() -> Any:
    b.small_city()
    for code in (b.COUNTY, b.TOWNSHIP, b.VILLAGE):
        geometry = {"type": "Polygon", "coordinates": SQUARE}
        Outline.objects.create(area_code=code, geometry=geometry)
    return official()


@pytest.mark.parametrize("phone", [False, True])
def test_a_place_is_picked_by_a_click_and_stored(user: Any, open_page: Any, phone: bool) -> None:
    tab = open_page(user=user, phone=phone, path=f"/stations/new/{b.VILLAGE}/")
    tab.wait_for_selector(".area-name")
    tab.fill("#id_name", "新站")
    tab.select_option("#id_datum", "bd09")
    tab.locator(".station-map").click(position={"x": 180, "y": 170})
    assert tab.input_value("#id_datum") == "wgs84"
    picked = (float(tab.input_value("#id_longitude")), float(tab.input_value("#id_latitude")))
    assert 112.8 < picked[0] < 113.1
    assert 35.0 < picked[1] < 35.2
    tab.click("form button[type=submit].btn-primary")
    tab.wait_for_selector("[data-section=standard]")
    station = Station.objects.get(name="新站")
    assert (station.longitude, station.latitude) == picked


def test_all_stations_are_drawn_and_lead_on(user: Any, open_page: Any) -> None:
    station = full_station(user, longitude=112.95, latitude=35.1)
    tab = open_page(user=user, path="/stations/map/")
    tab.wait_for_selector('.station-map[data-shown="1"]')
    box = tab.locator(".station-map").bounding_box()
    # The outline fills the map, and the station stands in its middle.
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.click(f'.leaflet-popup a[href="/stations/{station.pk}/"]')
    tab.wait_for_selector("[data-section=people]")
