"""What tests of several apps share: clients, a language, a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from accounts.models import User

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


def pytest_sessionfinish() -> None:
    """What periodic jobs locked beside the test database (jiaozuo_grid/periodic/alone.py)."""
    database = Path(settings.DATABASES["default"].get("TEST", {}).get("NAME") or "")
    for folder in database.parent.glob(f"{database.name}*-locks") if database.name else ():
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _chinese(settings: Any) -> Iterator[None]:
    """Every test begins in the default language, whatever the one before left."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _files_elsewhere(settings: Any, media_folder: Path) -> None:
    """Uploads of tests do not land among the installation's own."""
    settings.MEDIA_ROOT = media_folder


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """``signed_in(user)`` is a client in which that user is signed in."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium; tests that use it carry the mark ``e2e``."""
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; Django would refuse to touch the database in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """``open_page(user=…, phone=True, path="/m/")``: a browser tab on the live server.

    Each call is a browser of its own (no shared cookies). The test fails when a page raised a
    script error or broke the content security policy.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def listen(message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_tab(
        user: User | None = None, *, phone: bool = False, path: str = "", locale: str = "zh-CN"
    ) -> Any:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            locale=locale,
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session_cookie(user, live_server.url)])
        tab = context.new_page()
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", listen)
        if path:
            tab.goto(path)
        return tab

    yield open_tab
    for context in contexts:
        context.close()
    assert complaints == []


def _session_cookie(user: User, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
