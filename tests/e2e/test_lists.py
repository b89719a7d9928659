"""Lists in a browser: a filter swaps only the list, rows are cards on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from grids.models import Role
from jiaozuo_grid.pages import PAGE_SIZE
from tests import builders as b

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LISTS = ("/grids/", "/appointments/", "/appointments/vacant/", "/people/", "/sessions/")


@pytest.fixture
def official() -> Any:
    b.small_city()
    for n in range(2, PAGE_SIZE + 5):
        b.grid(f"{b.VILLAGE}{n:03d}", households=n)
    return b.user(Role.COUNTY_OFFICIAL, b.COUNTY)


def test_filters_order_and_pages_swap_the_list_and_the_address(
    official: Any, open_page: Any
) -> None:
    page = open_page(official, path="/grids/")
    loads: list[str] = []
    page.on("load", lambda tab: loads.append(tab.url))
    # The villages are offered once their township is chosen.
    page.select_option("#id_within", b.TOWNSHIP)
    page.locator(f'#id_within option[value="{b.VILLAGE}"]').wait_for(state="attached")
    page.select_option("#id_within", b.VILLAGE)
    page.wait_for_url("**within=*")
    page.locator(".chip", has_text="东关村").wait_for()
    page.click("#sort-households")
    page.locator('th[aria-sort="ascending"]').wait_for()
    assert page.evaluate("document.activeElement.id") == "sort-households"
    page.click("a[rel=next]")
    page.wait_for_url("**page=2*")
    page.wait_for_function("() => document.activeElement.id === 'list'")
    assert page.locator("#list-said").text_content()
    assert f"within={b.VILLAGE}" in page.url
    assert "sort=households" in page.url
    assert loads == []
    page.go_back()
    page.wait_for_function("() => !location.search.includes('page=2')")
    page.locator("a[rel=next]").wait_for()
    assert page.locator("#id_within").input_value() == b.VILLAGE


def test_a_page_of_rows_is_marked_at_once(official: Any, open_page: Any) -> None:
    page = open_page(official, path=f"/grids/?within={b.VILLAGE}")
    page.locator("[data-mark-page] input").check()
    assert page.locator("input[name=row]:checked").count() == PAGE_SIZE
    assert str(PAGE_SIZE) in page.locator("#bulk output").inner_text()


@pytest.mark.parametrize("path", LISTS)
def test_no_list_scrolls_sideways_on_a_phone(official: Any, open_page: Any, path: str) -> None:
    page = open_page(official, phone=True, path=f"{path}?columns=all")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
