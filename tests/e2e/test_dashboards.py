"""The boards in a browser: usable by everybody, narrow too; the wall screen goes on by itself."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as project

from activities.actions import log_session
from coverage.folding import fold
from coverage.recount import rebuild
from jiaozuo_grid.lasting import today
from tests.builders import CITY, COUNTY, HOBBY_GRID, TOWNSHIP, VILLAGE, user
from tests.coverage.living_city import living_city

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AXE = Path(project.BASE_DIR) / "node_modules/axe-core/axe.min.js"
BOARDS = [
    f"/coverage/{COUNTY}/",
    f"/coverage/{VILLAGE}/",
    f"/coverage/{COUNTY}/todo/",
    f"/coverage/{COUNTY}/wall/",
    f"/coverage/{COUNTY}/print/",
    f"/compare/?of={COUNTY}",
    f"/compare/periods/?of={COUNTY}",
    f"/compare/lines/?of={COUNTY}",
    f"/compare/spread/?of={TOWNSHIP}",
    f"/compare/indicators/?of={COUNTY}",
]
NARROW, WALL = {"width": 320, "height": 700}, {"width": 1920, "height": 1080}


@pytest.fixture(autouse=True)
def city() -> None:
    living_city()
    rebuild()


def violations(tab: Any) -> list[str]:
    tab.evaluate(AXE.read_text() + "; undefined")
    found: list[str] = tab.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
        "v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"
    )
    return found


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_axe_finds_nothing_on_the_boards_and_they_fit_320_px(open_page: Any, locale: str) -> None:
    """U2."""
    tab = open_page(user("bureau_staff", CITY), locale=locale)
    found: dict[str, list[str]] = {}
    for path in BOARDS:
        tab.set_viewport_size({"width": 1440, "height": 900})
        tab.goto(path)
        tab.wait_for_load_state("networkidle")
        found[path] = violations(tab)
        tab.set_viewport_size(NARROW)
        wide = tab.evaluate("document.documentElement.scrollWidth")
        found[path] += [f"{wide} px wide"] if wide > NARROW["width"] else []
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_the_wall_needs_no_scrolling(open_page: Any) -> None:
    tab = open_page(user("county_official", COUNTY))
    tab.set_viewport_size(WALL)
    tab.goto(f"/coverage/{COUNTY}/wall/")
    tab.wait_for_load_state("networkidle")
    cut = tab.evaluate(
        "() => [...document.querySelectorAll('.wall-figure, .wall-latest, .wall-map, .wall-foot')]"
        ".filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)"
        ".map(e => e.className)"
    )
    assert cut == []
    small = tab.evaluate(
        "() => [...document.querySelectorAll('main p, main h2, main td, main li, footer p')]"
        ".filter(e => e.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 26)"
        ".map(e => e.className)"
    )
    assert small == []


def test_a_new_session_reaches_the_wall_without_a_hand(open_page: Any) -> None:
    tab = open_page(user("county_official", COUNTY))
    tab.set_viewport_size(WALL)
    tab.goto(f"/coverage/{COUNTY}/wall/")
    loaded_at = tab.evaluate("performance.timeOrigin")
    log_session(
        user("township_officer", TOWNSHIP),
        id=uuid4(),
        area_code=HOBBY_GRID,
        held_on=today(),
        start_time=time(0),
        minutes=5,
        participants=777,
    )
    fold()
    tab.wait_for_selector("#wall-latest :text('777')", timeout=10_000)
    assert tab.evaluate("performance.timeOrigin") == loaded_at


def test_the_wall_says_when_it_can_no_longer_know_and_when_it_can_again(open_page: Any) -> None:
    tab = open_page(user("county_official", COUNTY))
    tab.clock.install()
    tab.goto(f"/coverage/{COUNTY}/wall/")
    tab.context.set_offline(True)
    tab.clock.run_for(40_000)
    tab.wait_for_selector("[data-link].is-stale:has-text('网络中断')")
    tab.context.set_offline(False)
    tab.clock.run_for(6_000)
    tab.wait_for_selector("[data-link]:not(.is-stale):has-text('实时')")
    tab.context.clear_cookies()
    tab.clock.run_for(6_000)
    tab.wait_for_selector("[data-link].is-stale:has-text('已退出登录')")
