"""Paper catch-up by keyboard alone: 20 sessions in 90 seconds, by the keystroke-level model."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from activities.effort import Desk
from activities.models import Session
from activities.paper.sheet import week_of
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today
from tests.activities.acting import log
from tests.budget import within_budget
from tests.builders import GRID, HOBBY_GRID, TOWNSHIP, VILLAGE, hobby_grid, small_city, user

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MONDAY = week_of(today()) - timedelta(weeks=1)
SESSIONS, SECONDS = 20, 90


class Keys:
    """Presses keys and counts them; there is no mouse."""

    def __init__(self, tab: Any) -> None:
        self.tab, self.pressed = tab, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)
            self.pressed += len(key.split("+"))

    def type(self, text: str) -> None:
        self.press(*text)

    def focused(self) -> str:
        name: str = self.tab.evaluate("document.activeElement.name || ''")
        return name


@pytest.fixture
def officer() -> Any:
    """A village of five groups: two meet daily, one has no schedule."""
    small_city()
    HobbyGrid.objects.filter(area_code=HOBBY_GRID).update(usual_days="1234567")
    for number, days in ((2, "1234567"), (3, "135")):
        hobby_grid(f"{GRID}{number:02}", usual_days=days, usual_start=time(number + 5))
    hobby_grid(f"{GRID}04")
    return user("township_officer", TOWNSHIP)


def test_twenty_sessions_by_keyboard_in_ninety_seconds(open_page: Any, officer: Any) -> None:
    """From the choice of village and week to the server's yes; seconds are estimated, not timed."""
    tab = open_page(officer, path="/sessions/paper/")
    keys = Keys(tab)

    # The village by its number, the week that is offered, the button.
    assert keys.focused() == "village"
    keys.type(VILLAGE[9:])
    keys.press("Tab", "Tab", "Enter")
    tab.wait_for_url(f"**/sessions/paper/{VILLAGE}/?week={MONDAY}")
    assert keys.focused() == "form-0-participants"

    # Seventeen as the schedule expects them: the number, Enter.
    for count in range(17):
        keys.type(str(20 + count))
        keys.press("Enter")
    # Three that no schedule expects: group, day, number, hour.
    for day in "246":
        assert keys.focused().endswith("-group")
        keys.type("104")
        keys.press("Tab")
        keys.type(day)
        keys.press("Tab")
        keys.type("18")
        keys.press("Tab")
        keys.type("1930")
        keys.press("Enter")
    keys.press("Control+Enter")
    tab.wait_for_selector(".message-success")

    assert Session.objects.count() == SESSIONS
    assert tab.locator("[data-known]").count() == SESSIONS
    free = Session.objects.filter(area_code=f"{GRID}04").values_list("held_on", "participants")
    assert sorted(free) == [(MONDAY + timedelta(days=n), 18) for n in (1, 3, 5)]
    # Each row of the paper is read once, and so are the village, the week and the end.
    effort = Desk(keys=keys.pressed, rows=SESSIONS + 3)
    assert effort.seconds <= SECONDS
    within_budget("paper", effort)


def test_arrows_stay_in_the_column_and_rows_never_run_out(open_page: Any, officer: Any) -> None:
    tab = open_page(officer, path=f"/sessions/paper/{VILLAGE}/?week={MONDAY}")
    keys = Keys(tab)

    keys.press("Tab", "ArrowDown")
    assert keys.focused() == "form-1-start"
    keys.press("ArrowUp", "ArrowUp")
    assert keys.focused() == "form-0-start"

    last = tab.locator('input[name$="-group"]:visible').last
    last.focus()
    before = tab.locator("[data-free] [data-row]").count()
    keys.press("Enter")
    assert tab.locator("[data-free] [data-row]").count() == before, "an empty row is enough"
    keys.type("104")
    assert tab.locator("[data-group-name]").last.text_content() == "广场舞队04"
    keys.press("Enter")
    assert tab.locator("[data-free] [data-row]").count() == before + 1
    ids = [one.input_value() for one in tab.locator('input[name$="-id"]').all()]
    assert len(set(ids)) == len(ids)


def test_a_faulty_row_stays_and_the_cursor_stands_in_it(open_page: Any, officer: Any) -> None:
    """Pitfall 22: nothing typed is lost, and what was good is saved."""
    log(officer, held_on=MONDAY, start_time=time(6, 0), participants=20)
    tab = open_page(officer, path=f"/sessions/paper/{VILLAGE}/?week={MONDAY}")
    keys = Keys(tab)

    keys.type("25")
    keys.press("Enter")
    keys.type("99999")
    keys.press("Control+Enter")
    tab.wait_for_selector("[data-faults='1']")

    assert keys.focused() == "form-1-participants"
    keys.type("99")
    keys.press("Control+Enter")
    tab.wait_for_selector(".message-success")
    assert sorted(Session.objects.values_list("participants", flat=True)) == [20, 25, 99]


@pytest.mark.parametrize("phone", [True, False])
def test_the_sheet_fits(open_page: Any, officer: Any, phone: bool) -> None:
    tab = open_page(officer, phone=phone, path=f"/sessions/paper/{VILLAGE}/?week={MONDAY}")

    width = tab.viewport_size["width"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
