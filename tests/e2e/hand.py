"""A hand on a phone: taps and types as a person does, and counts both."""

from __future__ import annotations

from typing import Any

from activities.effort import Effort

# The bottom of the phone's screen (tests/conftest.py): what is above it is within reach.
REACH = 844
# A finger needs this much.
FINGER = 44
# Choosing in the phone's own calendar, clock or list: open it, choose, confirm.
DAY, HOUR, CHOICE = 3, 4, 2


class Hand:
    """What it taps is in sight and large enough. ``effort`` says what it took so far."""

    def __init__(self, tab: Any) -> None:
        self.tab, self.taps, self.characters = tab, 0, 0

    @property
    def effort(self) -> Effort:
        return Effort(self.taps, self.characters)

    def tap(self, selector: str) -> None:
        """Tap the first of what is shown."""
        target = self.tab.locator(selector).locator("visible=true").first
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box, selector
        assert box["height"] >= FINGER, f"{selector} is {box['height']} px high"
        assert box["width"] >= FINGER, f"{selector} is {box['width']} px wide"
        target.tap()
        self.taps += 1

    def write(self, selector: str, text: str) -> None:
        self.tap(selector)
        self.tab.locator(selector).locator("visible=true").first.fill(text)
        self.characters += len(text)

    def pick(self, selector: str, value: str, taps: int) -> None:
        """Choose in what the phone itself opens; ``taps`` it takes, the first one included."""
        self.tap(selector)
        field = self.tab.locator(selector).locator("visible=true").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
        self.taps += taps - 1

    def ready(self) -> None:
        """The phone's page is drawn."""
        self.tab.wait_for_selector("[data-phone][data-drawn]", state="attached")

    def open(self, code: str) -> None:
        """Tap the card of a hobby grid; its form opens in the page."""
        self.tap(f'[data-card="{code}"] [data-open-form]')
        self.tab.wait_for_selector("form[data-outbox-form]:visible")

    def send(self) -> None:
        """Tap the one obvious button, and wait for the server's yes."""
        arrived = self.arrived()
        button = self.tab.locator("form[data-outbox-form]:visible button[type=submit]")
        box = button.bounding_box()
        assert box["y"] + box["height"] <= REACH, "the button is within reach of the thumb"
        self.tap("form[data-outbox-form] button[type=submit]")
        self.wait_for_one_more(arrived)
        self.tab.wait_for_selector("[data-view=today]:visible")

    def arrived(self) -> int:
        """How many of the phone's records have the server's yes."""
        count: int = self.tab.locator('[data-record][data-state="done"]').count()
        return count

    def wait_for_one_more(self, arrived: int) -> None:
        self.tab.wait_for_function(
            "n => document.querySelectorAll('[data-record][data-state=\"done\"]').length > n",
            arg=arrived,
        )

    def fits(self) -> None:
        assert self.tab.evaluate("document.documentElement.scrollWidth") <= 390
