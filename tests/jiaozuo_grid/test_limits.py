"""Counting what comes in, with whichever cache there is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from jiaozuo_grid import limits

HOUR = 3600
# The beginning of an hour.
NOON = 500_000 * HOUR


@pytest.fixture(params=["filebased.FileBasedCache", "locmem.LocMemCache"])
def clock(request: Any, settings: Any, tmp_path: Path, monkeypatch: Any) -> list[float]:
    """The caches of the set-up without Redis, and the time, which a test moves on."""
    settings.CACHES = {
        "default": {
            "BACKEND": f"django.core.cache.backends.{request.param}",
            "LOCATION": str(tmp_path),
        }
    }
    monkeypatch.setattr(limits, "cache", caches.create_connection("default"))
    now = [float(NOON)]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def test_a_count_lasts_its_whole_time(clock: list[float]) -> None:
    """Pitfall 21: without Redis the limits on the public page ran out after five minutes."""
    assert [limits.count_up("a", HOUR) for _n in range(3)] == [1, 2, 3]
    clock[0] += HOUR - 1
    assert limits.count_up("a", HOUR) == 4


def test_after_its_time_it_begins_anew_however_often_it_was_tried(clock: list[float]) -> None:
    for _n in range(12):
        limits.count_up("a", HOUR)
        clock[0] += HOUR / 12
    assert limits.count_up("a", HOUR) == 1


def test_a_cache_that_is_away_keeps_nobody_out(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "cache", None)
    assert limits.count_up("a", HOUR) == 0
