"""Take the pictures of docs/screenshots.md from a running demo city: ``make screenshots``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

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
    log = first_link(page, 'a[href^="/m/log/"]')
    page.context.clear_cookies()
    sign_in(page, base, "bureau")
    return {
        "": [("sign-in", "/sign-in/")],
        "bureau": [
            ("coverage-city", "/coverage/4108/"),
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
        "county": [("coverage-county", "/coverage/410882/"), ("grids", "/grids/")],
        "township": [("village", f"/grids/{log.strip('/').split('/')[-1][:12]}/")],
        "leader": [("phone-home", "/m/"), ("log-session", log)],
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
        shoot(chromium, sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
        chromium.close()
