"""What lets the phone's page open without a network."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from activities.outbox.author import author_key
from activities.outbox.kinds import phone_forms
from activities.version import app_version
from jiaozuo_grid.lasting import today
from tests.builders import GRID, HOBBY_GRID, small_city, user

pytestmark = pytest.mark.django_db
PHONE = Path(settings.BASE_DIR) / "static/js/phone"


@pytest.fixture
def leader() -> Any:
    small_city()
    return user("grid_leader", GRID)


def test_the_shell_is_the_same_for_everybody(leader: Any, signed_in: Any) -> None:
    """S7: nothing of anybody stands in what the phone keeps."""
    mine = signed_in(leader).get("/m/shell/")
    theirs = Client().get("/m/shell/")
    assert mine.content == theirs.content
    assert leader.person.name not in mine.content.decode()
    assert "csrfmiddlewaretoken" not in mine.content.decode()


def test_the_shell_keeps_no_message_for_somebody(leader: Any, signed_in: Any) -> None:
    """S7: it is told on their next page, and not kept on the phone for the next user."""
    client = signed_in(leader)
    client.post(
        f"/m/off/{HOBBY_GRID}/",
        {"id": uuid4(), "held_on": today(), "start_time": "19:30", "reason": "weather"},
    )

    assert client.get("/m/shell/").content == Client().get("/m/shell/").content
    assert "已记为没有举行" in client.get("/m/").content.decode()


def test_the_page_brings_who_is_signed_in_and_all_forms(leader: Any, signed_in: Any) -> None:
    page = signed_in(leader).get("/m/").content.decode()
    bundle = json.loads(re.search(r'<script id="bundle"[^>]*>(.*?)</script>', page)[1])  # type: ignore[index]
    assert bundle["author"] == author_key(leader)
    assert [group["code"] for group in bundle["groups"]] == [HOBBY_GRID]
    offered = set(re.findall(r'<template data-form="([^"]+)"', page))
    # Called off by a tap on the reason.
    assert offered >= {form.key for form in phone_forms()} - {"session/called-off"}


def test_the_page_asks_for_one_script_and_at_once(leader: Any, signed_in: Any) -> None:
    """L3: on a slow network each file more is a wait more, and so is one found late."""
    page = signed_in(leader).get("/m/").content.decode()
    preloaded = re.findall(r'rel="preload" as="script" href="/static/([^"]+)"', page)
    scripts = re.findall(r'<script[^>]* src="/static/([^"]+)"', page)
    assert preloaded == scripts == ["bundles/phone/main.js"]


def test_the_bundles_ask_for_nothing_more_and_are_small() -> None:
    """L3: with the page's words and forms they are far from 150 KB, as they go over the line."""
    made = sorted((Path(settings.BASE_DIR) / "var/bundles/phone").glob("*.js"))
    texts = {path.name: path.read_text() for path in made}
    assert set(texts) >= {"main.js", "worker.js", "signing_out.js", "signed_out.js", "log.js"}
    for name, text in texts.items():
        assert not re.search(r"(?<![\w.$])(?:import|require)\s*[({\"']", text), name
        assert len(gzip.compress(text.encode())) < 25 * 1024, name


def test_the_scripts_are_read_by_old_browsers() -> None:
    """Web views of old phones: no optional chaining, no nullish coalescing, no private fields."""
    newer = re.compile(r"\?\.[\w\[(]|\?\?|^\s+#\w|\.replaceAll\(|structuredClone|\.at\(-", re.M)
    found = {
        path.name: newer.findall(re.sub(r"//.*", "", path.read_text()))
        for path in PHONE.glob("*.js")
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_words_stand_in_the_scripts() -> None:
    for path in PHONE.glob("*.js"):
        assert not re.search(r"[\u4e00-\u9fff]", path.read_text()), path.name


def test_every_text_that_a_script_says_stands_in_the_page() -> None:
    page = Client().get("/m/shell/").content.decode()
    there = set(re.findall(r'data-text="([^"]+)"', page))
    said = set()
    for path in PHONE.glob("*.js"):
        said |= set(re.findall(r'\bsay\("([^"]+)"[,)]', path.read_text()))
    assert said - there == set()


def test_the_worker_names_what_it_keeps() -> None:
    """Without modules: every browser that has service workers runs it."""
    response = Client().get("/m/sw.js")
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert text.lstrip().startswith('importScripts("/static/bundles/phone/worker.js")')
    shell = json.loads(text.split("self.SHELL = ")[1].rstrip().rstrip(";"))
    assert shell["version"] == app_version()
    assert "/static/bundles/phone/main.js" in shell["assets"]


def test_the_page_can_stand_on_the_home_screen() -> None:
    manifest = Client().get("/m/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"]) == ("/m/", "/m/")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
