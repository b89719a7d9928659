"""The main job, whole: a leader logs on a phone, and the county's open dashboard shows it.

The fold runs as the task that the log's own commit asks for; in tests Celery executes it at once,
in the server's process. Nothing else is helped along: the dashboard is not reloaded.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache

from activities.models import Session
from coverage.recount import rebuild
from tests.builders import COUNTY, GRID, HOBBY_GRID, small_city, user

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-Good-pass-9"
# A new session shows within ten seconds (design.md, section 5).
SHOWN_WITHIN_MS = 10_000


def sign_in(tab: Any, username: str) -> None:
    tab.goto("/sign-in/")
    tab.fill('input[name="username"]', username)
    tab.fill('input[name="password"]', PASSWORD)
    tab.click('main button[type="submit"]')
    tab.wait_for_url(lambda url: "/sign-in/" not in url)


def figure(dashboard: Any, measure: str) -> int:
    tile = dashboard.locator(f'[data-measure="{measure}"]')
    return int(tile.get_attribute("data-value"))


def test_a_session_logged_on_a_phone_shows_on_the_countys_open_dashboard(open_page: Any) -> None:
    """U1 in the small: sign in, tap the hobby grid, say how many came, log."""
    small_city()
    leader = user("grid_leader", GRID)
    official = user("county_official", COUNTY)
    rebuild()
    cache.clear()

    dashboard = open_page()
    sign_in(dashboard, official.username)
    assert dashboard.url.endswith(f"/coverage/{COUNTY}/")
    assert figure(dashboard, "sessions") == 0
    assert figure(dashboard, "participants") == 0
    loaded_at = dashboard.evaluate("performance.timeOrigin")

    phone = open_page(phone=True)
    sign_in(phone, leader.username)
    assert phone.url.endswith("/m/")
    phone.wait_for_selector("[data-phone][data-drawn]")
    phone.click(f'[data-card="{HOBBY_GRID}"] [data-open-form]')
    phone.fill('input[name="participants"]', "27")
    phone.fill('input[name="start_time"]', "00:00")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.click('form[data-outbox-form] button[type="submit"]')
    phone.wait_for_selector('[data-record][data-state="done"]')
    assert Session.objects.standing().filter(area_code=HOBBY_GRID, participants=27).count() == 1

    dashboard.wait_for_selector(
        '[data-measure="sessions"][data-value="1"]', timeout=SHOWN_WITHIN_MS
    )
    assert figure(dashboard, "participants") == 27
    assert figure(dashboard, "active_grids") == 1
    assert dashboard.evaluate("performance.timeOrigin") == loaded_at, "the page was reloaded"

    dashboard.click('[data-measure="sessions"] dd a')
    rows = re.findall(r'data-row="(\d+)"', dashboard.content())
    assert rows == [HOBBY_GRID]
