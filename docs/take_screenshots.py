"""Take the pictures of docs/screenshots.md from a running demo city: ``make screenshots``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright
from pypdfium2 import PdfDocument

FOLDER = Path(__file__).parent / "screenshots"
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}


def sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/sign-in/")
    page.locator(f'form[action$="/demo/sign-in/{username}/"] button').first.click()
    page.wait_for_load_state("networkidle")


def first_link(page: Page, selector: str) -> str:
    return page.locator(selector).first.get_attribute("href") or ""


def first_of(page: Page, base: str, path: str) -> str:
    """The page of the first row of a list."""
    page.goto(base + path)
    return first_link(page, "main table tbody th a[href]")


def take(page: Page, base: str, path: str, name: str, size: str) -> None:
    page.goto(base + path)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(900)  # the charts' entrance
    page.screenshot(path=FOLDER / f"{name}-{size}.png", animations="disabled")


def pages_of(page: Page, base: str) -> dict[str, list[tuple[str, str]]]:
    """The paths to show, by account; found by walking the demo city as its users do."""
    sign_in(page, base, "leader")
    page.goto(f"{base}/m/")
    code = page.locator("[data-card]").first.get_attribute("data-card") or ""
    page.context.clear_cookies()
    sign_in(page, base, "bureau")
    return {
        "": [("sign-in", "/sign-in/")],
        "bureau": [
            ("coverage-city", "/coverage/4108/"),
            ("compare-distribution", "/compare/spread/?of=4108&indicator=active_hobby_share"),
            ("compare-lines", "/compare/lines/?of=4108&indicator=active_hobby_share"),
            ("compare-areas", "/compare/?of=4108"),
            ("instructors", "/instructors/"),
            ("instructor", first_of(page, base, "/instructors/?judged=eligible")),
            ("ladder", "/instructors/ladder/4108/"),
            ("stations", "/stations/"),
            ("station", first_of(page, base, "/stations/")),
            ("organisations", "/organisations/"),
            ("spreadsheets", "/sheets/instructors/"),
            ("duplicates", "/people/duplicates/"),
            ("reorganisation", first_of(page, base, "/reorganisations/")),
        ],
        "county": [
            ("coverage-county", "/coverage/410882/"),
            ("who-can-act", "/coverage/410882/todo/"),
            ("compare-periods", "/compare/periods/?of=410882"),
            ("grids", "/grids/"),
        ],
        "township": [
            ("village", f"/grids/{code[:12]}/"),
            ("paper", f"/sessions/paper/{code[:12]}/"),
            ("waiting-on-phones", "/phones/waiting/"),
            ("burden", "/burden/"),
        ],
        "leader": [
            ("phone-home", "/m/"),
            ("log-session", f"/m/log/{code}/"),
            ("schedule", f"/schedules/{code}/"),
            ("check-in-code", f"/m/qr/{code}/"),
            ("lectures", "/lectures/"),
        ],
    }


def shoot_phone_states(browser: Browser, base: str) -> None:
    """The states of the phone's outbox. What is entered stays on the phone, or is refused."""
    width, height = SIZES["phone"]
    viewport: Any = {"width": width, "height": height}
    for name, step in PHONE_STEPS.items():
        with browser.new_context(
            locale="zh-CN",
            viewport=viewport,
            is_mobile=True,
            has_touch=True,
            # A worker would send past the routes of this page.
            service_workers="allow" if name == "offline" else "block",
        ) as context:
            page = context.new_page()
            sign_in(page, base, "leader")
            page.goto(f"{base}/m/")
            page.locator("[data-phone][data-drawn]").wait_for(state="attached")
            step(page)
            page.wait_for_timeout(700)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=FOLDER / f"phone-{name}.png", animations="disabled")
            discard_all(page)


def shoot_wall_and_paper(browser: Browser, base: str) -> None:
    """The wall screen at its own size, and the first sheet of the official paper as printed."""
    wall: Any = {"width": 1920, "height": 1080}
    with browser.new_context(locale="zh-CN", viewport=wall) as context:
        page = context.new_page()
        sign_in(page, base, "county")
        page.goto(f"{base}/coverage/410882/wall/")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(900)
        page.screenshot(path=FOLDER / "wall.png", animations="disabled")
        # The paper prints itself once it has its receipt; here it is printed below.
        page.add_init_script("window.print = () => {}")
        page.goto(f"{base}/coverage/410882/print/")
        page.locator("form button").click()
        page.wait_for_url("**receipt=**")
        page.wait_for_load_state("networkidle")
        sheets = PdfDocument(page.pdf(prefer_css_page_size=True))
        sheets[0].render(scale=1.5).to_pil().save(FOLDER / "official-paper.png")


def discard_all(page: Page) -> None:
    """Nothing of a picture stays in the demo city, nor is missed there."""
    left = page.locator('[data-record]:not([data-state="done"])')
    while left.count():
        row = left.first
        row.locator("summary").tap()
        row.locator('[data-way="discard"]').tap()
        row.locator('[data-way="discard-yes"]').tap()
        page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.wait_for_timeout(1500)


def enter(page: Page, count: int, ago: int = 0) -> None:
    """Log a session of the last hobby grid, on a day so long ago that nothing is there."""
    before = page.locator("[data-record]").count()
    page.locator("[data-card] [data-open-form]").last.tap()
    form = page.locator("form[data-outbox-form]:visible")
    day = (date.today() - timedelta(days=1 + ago)).isoformat()
    form.locator('[name="held_on"]').fill(day)
    form.locator('[name="start_time"]').fill("05:10")
    form.locator('[name="minutes"]').fill("5")
    form.locator('[name="participants"]').fill(str(count))
    form.locator("button[type=submit]").tap()
    page.locator("[data-record]").nth(before).wait_for()


def waiting(page: Page) -> None:
    # The network is there, the server is not: the state that people ask about.
    page.route("**/api/v1/outbox/", lambda route: route.abort())
    enter(page, 18)
    enter(page, 22, 1)
    page.locator('[data-record][data-state="waiting"]').nth(1).wait_for()


def sent(page: Page) -> None:
    page.route("**/api/v1/outbox/", acknowledge)
    enter(page, 18)
    page.locator('[data-record][data-state="done"]').first.wait_for()


def acknowledge(route: Route) -> None:
    """The server's yes, without a session in the demo city for each picture."""
    key = json.loads(route.request.post_data or "{}")["id"]
    answer = {"id": key, "state": "done", "record": {}, "told": []}
    route.fulfill(status=201, json=answer)


def refused(page: Page) -> None:
    enter(page, 99999)
    page.locator('[data-record][data-state="refused"]').first.wait_for()


def offline(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    enter(page, 18)
    page.reload()
    page.locator('[data-record][data-state="waiting"]').first.wait_for()


PHONE_STEPS: dict[str, Callable[[Page], None]] = {
    "empty": lambda page: None,
    "waiting": waiting,
    "refused": refused,
    "offline": offline,
    # Last: what only seemed to arrive would be missed by the others.
    "sent": sent,
}


def shoot(browser: Browser, base: str) -> None:
    with browser.new_context(locale="zh-CN") as context:
        plan = pages_of(context.new_page(), base)
    for size, (width, height) in SIZES.items():
        for username, paths in plan.items():
            viewport = {"width": width, "height": height}
            with browser.new_context(locale="zh-CN", viewport=viewport) as context:  # type: ignore[arg-type]
                page = context.new_page()
                if username:
                    sign_in(page, base, username)
                for name, path in paths:
                    take(page, base, path, name, size)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
        shoot(chromium, address)
        shoot_wall_and_paper(chromium, address)
        shoot_phone_states(chromium, address)
        chromium.close()
