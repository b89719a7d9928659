"""Checking in by QR in a browser: the leader's changing code, and a resident's one tap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.cache import cache

from activities.checkin import codes
from activities.models import CheckIn
from jiaozuo_grid.lasting import today
from tests.builders import GRID, HOBBY_GRID, small_city, station, user
from tests.conftest import PHONE

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AXE = Path(project.BASE_DIR) / "node_modules/axe-core/axe.min.js"
QR = f"/m/qr/{HOBBY_GRID}/"


@pytest.fixture(autouse=True)
def city() -> None:
    cache.clear()
    small_city()


def violations(tab: Any) -> list[str]:
    tab.evaluate(AXE.read_text() + "; undefined")
    found: list[str] = tab.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
        "v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"
    )
    return found


def fits(tab: Any, width: int) -> bool:
    tab.set_viewport_size({"width": width, "height": PHONE["height"]})
    return bool(tab.evaluate("document.documentElement.scrollWidth") <= width)


def drawn(tab: Any) -> str:
    shape: str = tab.locator(".qr-drawing").inner_html()
    return shape


def test_the_code_on_the_leaders_phone_changes_by_itself(
    open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "STEP", 2)
    tab = open_page(user("grid_leader", GRID), phone=True, path=QR)
    first, loaded_at = drawn(tab), tab.evaluate("performance.timeOrigin")
    CheckIn.objects.create(area_code=HOBBY_GRID, browser="x", held_on=today())
    tab.wait_for_function(
        "old => document.querySelector('.qr-drawing').innerHTML !== old", arg=first
    )
    tab.wait_for_selector(".leaders-count strong:text-is('1')")
    assert tab.evaluate("performance.timeOrigin") == loaded_at
    tab.context.set_offline(True)
    tab.wait_for_selector("[data-stale]:visible")
    tab.context.set_offline(False)
    tab.wait_for_selector("[data-stale]", state="hidden")


def test_without_a_script_a_link_shows_a_new_code(browser: Any, open_page: Any) -> None:
    """U2."""
    leader = user("grid_leader", GRID)
    tab = open_page(leader, phone=True, path=QR)
    cookies = tab.context.cookies()
    context = browser.new_context(
        base_url=tab.url.split("/m/")[0], viewport=PHONE, java_script_enabled=False
    )
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(QR)
    page.click("[data-without-script] a")
    assert page.locator(".qr-drawing").count() == 1
    page.goto(f"/c/{codes.code_of(HOBBY_GRID)}/")
    assert not page.locator("[data-consent]").is_visible()
    page.click(".check-in-button")
    assert page.locator("[data-checked-in]").is_visible()
    context.close()


def test_a_resident_checks_in_with_one_tap(open_page: Any) -> None:
    tab = open_page(phone=True, path=f"/c/{codes.code_of(HOBBY_GRID)}/")
    tab.locator(".check-in-button").tap()
    tab.wait_for_selector("[data-checked-in]")
    row = CheckIn.objects.get()
    assert (row.person, row.longitude) == (None, None)


def test_the_position_is_asked_for_only_when_ticked_and_goes_out_rounded(open_page: Any) -> None:
    tab = open_page(phone=True)
    tab.context.grant_permissions(["geolocation"])
    tab.context.set_geolocation({"longitude": 112.938714, "latitude": 35.087641})
    tab.goto(f"/c/{codes.code_of(HOBBY_GRID)}/")
    assert tab.input_value('input[name="longitude"]') == ""
    tab.locator("[data-consent] input").tap()
    tab.wait_for_selector("[data-known]:visible")
    assert tab.input_value('input[name="longitude"]') == "112.94"
    tab.locator(".check-in-button").tap()
    tab.wait_for_selector("[data-checked-in]")
    row = CheckIn.objects.get()
    assert (row.longitude, row.latitude) == (112.94, 35.09)
    tab.locator('button[name="forget"]').tap()
    tab.wait_for_selector('button[name="forget"]', state="detached")
    row.refresh_from_db()
    assert row.longitude is None


def test_a_phone_that_does_not_say_where_checks_in_all_the_same(open_page: Any) -> None:
    tab = open_page(phone=True, path=f"/c/{codes.code_of(HOBBY_GRID)}/")
    tab.locator("[data-consent] input").tap()
    tab.wait_for_selector("[data-unknown]:visible")
    tab.locator(".check-in-button").tap()
    tab.wait_for_selector("[data-checked-in]")


def test_the_printed_code_of_a_station_leads_there(open_page: Any) -> None:
    tab = open_page(phone=True, path=f"/s/{station().token}/")
    tab.locator(".public-link a").tap()
    tab.locator(".check-in-button").tap()
    tab.wait_for_selector("[data-checked-in]")
    assert CheckIn.objects.get().station is not None


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_axe_finds_nothing_and_it_fits_a_narrow_phone(open_page: Any, locale: str) -> None:
    """U2: 320 px, and axe, in both languages."""
    leader = user("grid_leader", GRID)
    language = {"name": "django_language", "value": "en" if locale == "en-US" else "zh-hans"}
    for who, path in (
        (leader, QR),
        (None, f"/c/{codes.code_of(HOBBY_GRID)}/"),
        (leader, f"/c/{codes.code_of(HOBBY_GRID)}/"),
        (None, f"/c/{HOBBY_GRID}-old/"),
        (leader, f"/m/lecture/{GRID}/"),
        (leader, f"/m/event/{GRID}/"),
    ):
        tab = open_page(who, phone=True, path="/sign-in/", locale=locale)
        tab.context.add_cookies([{**language, "url": tab.url}])
        tab.goto(path)
        assert violations(tab) == [], path
        assert fits(tab, 320), path
