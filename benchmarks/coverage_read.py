"""Reading a dashboard from tallies, as a ratio to counting the same month from the sessions.

    DATABASE_URL=… DEMO_MODE=1 python -m benchmarks.coverage_read

Needs a seeded city (``manage.py seed_demo --scale city``); changes nothing.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

RUNS = 15


def median_ms(work: Callable[[], Any]) -> float:
    """The median of some runs after one that does not count, in milliseconds."""
    work()
    times = []
    for _run in range(RUNS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def measure() -> None:
    from django.db.models import Count, Sum
    from django.db.models.functions import Substr

    from activities.models import Session
    from coverage.reading import coverage_of
    from jiaozuo_grid.lasting import today

    def yardstick() -> Any:
        """The sessions of the whole city by county and all months, counted from the rows."""
        rows = Session.objects.standing().order_by().annotate(county=Substr("area_code", 1, 6))
        return list(rows.values("county").annotate(n=Count("pk"), people=Sum("participants")))

    print(f"{Session.objects.count():,} sessions")
    counted = median_ms(yardstick)
    print(f"counting by county from the rows: {counted:.1f} ms")
    for code in ("4108", "410882"):
        read = median_ms(partial(coverage_of, code, today()))
        print(f"coverage_of({code}): {read:.1f} ms, {counted / read:.1f} times as fast")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaozuo_grid.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()
    measure()
