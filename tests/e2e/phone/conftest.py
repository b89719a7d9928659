"""A phone in a hand: what the tests of the phone's page do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from jiaozuo_grid.lasting import today
from tests.activities.acting import log
from tests.builders import GRID, HOBBY_GRID, small_city, user
from tests.conftest import _session_cookie

WITHOUT_WORKER = "Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: undefined});"
OUTBOX = "/api/v1/outbox/"


class Phone:
    """One tab of a phone's browser on ``/m/``."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab

    def ready(self) -> Phone:
        """The script has drawn the page."""
        self.tab.wait_for_selector("[data-phone][data-drawn]", state="attached")
        return self

    def open(self, path: str = "/m/") -> Phone:
        self.tab.goto(path)
        return self.ready()

    def cut(self, away: bool = True) -> None:
        self.tab.context.set_offline(away)

    def open_form(self, code: str = HOBBY_GRID) -> Any:
        self.tab.locator(f'[data-card="{code}"] [data-open-form]').tap()
        form = self.tab.locator("form[data-outbox-form]:visible")
        form.wait_for()
        return form

    def enter(self, count: int = 20, *, ago: int = 1, hour: int = 19, **fields: str) -> None:
        """Log a session as a hand does; done when it stands in the list."""
        before = self.tab.locator("[data-record]").count()
        form = self.open_form()
        form.locator('[name="held_on"]').fill((today() - timedelta(days=ago)).isoformat())
        form.locator('[name="start_time"]').fill(f"{hour:02}:00")
        form.locator('[name="participants"]').fill(str(count))
        if fields:
            form.locator("summary").first.tap()
        for name, value in fields.items():
            form.locator(f'[name="{name}"]').fill(value)
        form.locator("button[type=submit]").tap()
        self.tab.wait_for_function(
            "n => document.querySelectorAll('[data-record]').length > n", arg=before
        )
        self.tab.wait_for_selector("[data-view=today]")

    def wait_for(self, state: str, count: int = 1) -> Any:
        """Wait until so many records stand in a state; returns them."""
        selector = f'[data-record][data-state="{state}"]'
        self.tab.wait_for_function(
            "([s, n]) => document.querySelectorAll(s).length === n", arg=[selector, count]
        )
        return self.tab.locator(selector)

    def states(self) -> list[str]:
        states: list[str] = self.tab.evaluate(
            "Array.from(document.querySelectorAll('[data-record]')).map(e => e.dataset.state)"
        )
        return states

    def way(self, name: str, of: str = "[data-record]") -> None:
        """Tap what can be done about a record, unfolding it where it is folded."""
        button = self.tab.locator(f'{of} [data-way="{name}"]').first
        if not button.is_visible():
            self.tab.locator(f"{of} summary").first.tap()
        button.tap()

    def sign_in(self, who: User) -> None:
        """That user, and nobody else, is signed in from now on; the page does not know yet."""
        origin = self.tab.evaluate("location.origin")
        self.tab.context.clear_cookies()
        self.tab.context.add_cookies([_session_cookie(who, origin)])

    def stored(self, store: str) -> Any:
        """All rows of one of the phone's own stores."""
        return self.tab.evaluate(
            """store => new Promise((done, fail) => {
                 const opening = indexedDB.open("grid");
                 opening.onerror = () => fail(opening.error);
                 opening.onsuccess = () => {
                   const db = opening.result;
                   const all = db.transaction(store).objectStore(store).getAll();
                   all.onsuccess = () => { db.close(); done(all.result); };
                 };
               })""",
            store,
        )


@pytest.fixture
def leader() -> User:
    """A leader whose group met before, with 25."""
    small_city()
    log(user("township_officer", "410882001"), held_on=today() - timedelta(days=9), participants=25)
    return user("grid_leader", GRID)


@pytest.fixture
def phone_of(open_page: Any) -> Callable[..., Phone]:
    """``phone_of(user)``: a phone on which that user is signed in, on ``/m/``."""

    def opened(who: User | None, *, worker: bool = True, path: str = "/m/") -> Phone:
        tab = open_page(who, phone=True)
        if not worker:
            tab.add_init_script(WITHOUT_WORKER)
        return Phone(tab).open(path)

    return opened
