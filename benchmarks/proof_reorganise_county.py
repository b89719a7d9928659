"""G6: renumber a whole county while people elsewhere work; all of it or nothing, and nobody waits.

python -m benchmarks.proof_reorganise_county [--scale city]

The demo city stands for the rows. Workers of the other counties log sessions and read dashboards
without a pause, first while nothing else happens, then while the county with most rows gets another
number from a day some months ago, so that its sessions since move too. Printed: the rows that
moved, the others' 95th percentile with and without, and the longest wait for a lock.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from datetime import timedelta
from statistics import quantiles
from typing import Any
from uuid import uuid4

from benchmarks import scratch

WORKERS = 3
QUIET = 30.0
BACK = timedelta(days=180)
NEW_CODE = "410899"


RENUMBER = """
import django; django.setup()
from datetime import date
from grids.reorganise import renumber_division
from jiaozuo_grid.reach import SYSTEM
day = date.fromisoformat("{day}")
report = renumber_division(SYSTEM, "{county}", "{new}", day, reason="proof")
print(sum(report.moved.values()))
"""


class Others:
    """People of other counties at work; ``take()`` gives the times since the last call, in ms."""

    def __init__(self, groups: list[str], areas: list[str]) -> None:
        self.groups, self.areas = groups, areas
        self.times: list[float] = []
        self.faults: list[str] = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(WORKERS)]

    def work(self, number: int) -> None:
        from coverage.reading import coverage_of
        from jiaozuo_grid.lasting import today

        turn = number
        while not self.stop.is_set():
            turn += WORKERS
            began = time.perf_counter()
            try:
                if turn % 2:
                    log(self.groups[turn % len(self.groups)])
                else:
                    coverage_of(self.areas[turn % len(self.areas)], today())
            except Exception as fault:
                self.faults.append(repr(fault)[:200])
            self.times.append((time.perf_counter() - began) * 1000)
            time.sleep(0.05)

    def take(self) -> float:
        times, self.times = self.times, []
        return quantiles(times, n=20)[-1]


def log(area_code: str) -> None:
    """Write a session down as the phone's action does, by a sender who may log anywhere."""
    from datetime import time as clock

    from django.db import transaction

    from accounts.models import User
    from activities.models import Session
    from grids.models import HobbyGrid
    from grids.writing import keep
    from jiaozuo_grid.lasting import today
    from jiaozuo_grid.reach import SYSTEM

    with transaction.atomic():
        HobbyGrid.objects.select_for_update().get(area_code=area_code)
        session = Session(
            id=uuid4(),
            area_code=area_code,
            held_on=today(),
            start_time=clock(0),
            minutes=1,
            participants=1,
            logged_by=User.objects.order_by("pk").first(),
        )
        keep(SYSTEM, session, "log")


class Watch:
    """Looks ten times a second for the longest wait for a lock."""

    def __init__(self, url: str) -> None:
        self.url, self.longest, self.stop = url, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self) -> None:
        import psycopg

        asked = (
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0) "
            "FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL"
        )
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self.stop.wait(0.1):
                row: Any = connection.execute(asked).fetchone()
                self.longest = max(self.longest, float(row[0]))


def largest_county() -> tuple[str, int]:
    from activities.models import Session
    from grids.models import Division

    counts = {
        code: Session.objects.within(code).count()
        for code in Division.objects.filter(digits=6).values_list("area_code", flat=True)
    }
    code = max(counts, key=lambda key: counts[key])
    return code, counts[code]


def prove(url: str, scale: str) -> int:
    from django.core.management import call_command

    from coverage.folding import fold
    from coverage.recount import drift
    from grids.models import Division, HobbyGrid, Reorganisation
    from jiaozuo_grid.lasting import today

    call_command("seed_demo", scale=scale, verbosity=0)
    county, sessions = largest_county()
    away = HobbyGrid.objects.filter(ended_on=None).exclude(area_code__startswith=county)
    groups = list(away.values_list("area_code", flat=True)[:2000])
    areas = Division.objects.filter(digits__lte=9).exclude(area_code__startswith=county)
    others = Others(groups, list(areas.values_list("area_code", flat=True)))
    watch = Watch(url)
    for thread in (*others.threads, watch.thread):
        thread.start()
    time.sleep(QUIET)
    quiet = others.take()
    began = time.monotonic()
    # In a process of its own, as a worker does it.
    day = f"{today() - BACK:%Y-%m-%d}"
    told = subprocess.run(
        [sys.executable, "-c", RENUMBER.format(county=county, new=NEW_CODE, day=day)],
        check=True,
        capture_output=True,
        text=True,
    )
    took = time.monotonic() - began
    busy = others.take()
    for event in (others.stop, watch.stop):
        event.set()
    for thread in (*others.threads, watch.thread):
        thread.join()
    moved = int(told.stdout.split()[-1])
    print(f"county {county}: {sessions:,} sessions; {moved:,} rows moved in {took:.1f} s")
    print(f"others' p95: quiet {quiet:.0f} ms, meanwhile {busy:.0f} ms ({busy / quiet:.2f} times)")
    print(f"longest wait for a lock: {watch.longest:.2f} s; faults: {others.faults[:3]}")
    began = time.monotonic()
    fold()
    print(f"folded in {time.monotonic() - began:.1f} s; drift: {drift()[:3]}")
    whole = Reorganisation.objects.count() == 1
    return int(not whole or bool(others.faults) or watch.longest > 1)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--scale", default="city")
    asked = arguments.parse_args()
    with scratch.database() as url:
        sys.exit(prove(url, asked.scale))


if __name__ == "__main__":
    main()
