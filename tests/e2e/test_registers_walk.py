"""The registers walked in a browser: every list, the first row of each, on a phone and a desk."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from tests.demo_city import seed

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LISTS = [
    "/grids/",
    "/appointments/",
    "/appointments/vacant/",
    "/people/",
    "/people/duplicates/",
    "/instructors/",
    "/instructors/due/",
    "/instructors/promotions/",
    "/instructors/courses/",
    "/stations/",
    "/stations/map/",
    "/stations/repairs/",
    "/organisations/",
    "/reorganisations/",
    "/rules/",
    "/sheets/",
]
PHONE_WIDTH, DESK_WIDTH = 390, 1440


def looked_at(tab: Any, path: str, width: int) -> None:
    """Open a page; it must answer, hold a heading, and never be wider than the screen."""
    answer = tab.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    assert tab.locator("h1").first.inner_text().strip(), path
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, path


def first_row(tab: Any) -> str:
    """Where the first row of the list leads, or "" where it leads nowhere."""
    links = tab.locator("main table tbody th a[href], main [data-code] a[href]")
    return str(links.first.get_attribute("href")) if links.count() else ""


@pytest.mark.parametrize("width", [PHONE_WIDTH, DESK_WIDTH])
def test_every_register_opens_and_fits_the_screen(open_page: Any, width: int) -> None:
    seed()
    tab = open_page(user=User.objects.get(username="bureau"), phone=width == PHONE_WIDTH)
    for path in LISTS:
        looked_at(tab, path, width)
        row = first_row(tab)
        if row.startswith("/"):
            looked_at(tab, row, width)


def test_a_station_is_placed_by_clicking_on_the_map(open_page: Any) -> None:
    seed()
    tab = open_page(user=User.objects.get(username="bureau"))
    tab.goto("/stations/")
    tab.goto(first_row(tab) + "edit/")
    before = tab.input_value('input[name="longitude"]')
    tab.wait_for_selector(".leaflet-container")
    # Beside the marker in the middle, which would take the click.
    box = tab.locator(".leaflet-container").bounding_box()
    tab.mouse.click(box["x"] + box["width"] / 2 + 12, box["y"] + box["height"] / 2 + 8)
    assert tab.input_value('input[name="longitude"]') != before
