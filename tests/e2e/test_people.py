"""Somebody leaves, and an entry made twice is merged: each shown, done and undone in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from grids.duplicates import find_duplicates
from grids.models import Appointment, Role
from jiaozuo_grid.lasting import today
from tests import builders as b

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def no_sideways_scrolling(tab: Any) -> bool:
    return bool(tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_leader_dies_and_the_grid_passes_on(open_page: Callable[..., Any]) -> None:
    b.small_city()
    who, heir = b.person(b.VILLAGE, "李老"), b.person(b.VILLAGE, "赵新")
    b.appoint(who, Role.GRID_LEADER, b.GRID)
    officer = b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)
    tab = open_page(officer, phone=True, path=f"/people/{who.pk}/")
    tab.click(f'a[href="/people/{who.pk}/leaving/"]')
    tab.fill('[name="left_on"]', today().isoformat())
    tab.select_option('[name="all_to"]', str(heir.pk))
    tab.click('form.panel[method="post"] button[type="submit"]')
    tab.wait_for_selector("[data-preview]")
    assert no_sideways_scrolling(tab)
    assert "赵新" in tab.inner_text("[data-outcome]")
    tab.click('button[name="confirm"]')
    tab.wait_for_selector("[data-left]")
    assert Appointment.objects.on(today()).get(role=Role.GRID_LEADER).person == heir
    tab.click('form[action$="/leaving/undo/"] button')
    tab.wait_for_url(f"**/people/{who.pk}/")
    tab.wait_for_selector(f'a[href="/people/{who.pk}/leaving/"]')
    assert Appointment.objects.on(today()).get(role=Role.GRID_LEADER).person == who


def test_an_entry_made_twice_is_merged_and_parted_again(open_page: Callable[..., Any]) -> None:
    b.small_city()
    first, second = (b.person(b.VILLAGE, "王小明", born_on=date(1980, 5, 17)) for _n in range(2))
    b.appoint(second, Role.GRID_LEADER, b.GRID)
    find_duplicates()
    official = b.user(Role.COUNTY_OFFICIAL, b.COUNTY)
    tab = open_page(official, phone=True, path="/people/duplicates/")
    tab.click("[data-pair] a")
    tab.click(f'[data-entry="{first.pk}"] button')
    tab.wait_for_selector("[data-preview]")
    assert no_sideways_scrolling(tab)
    tab.click('button[name="confirm"]')
    tab.wait_for_selector("[data-merged]")
    second.refresh_from_db()
    assert second.merged_into == first
    tab.click("[data-merged] button")
    tab.wait_for_selector("[data-merged]", state="detached")
    second.refresh_from_db()
    assert second.merged_into is None
