"""J3: Redis killed, flushed, silent, read-only, away; people go on writing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from benchmarks.jobs.city import Writers, build, differences, is_folded, lost
from benchmarks.jobs.rig import Stage, wait_until

PROMISED = 60.0


def prove(stage: Stage, away: int) -> int:
    build(60)
    crew = stage.crew(supervised=True)
    crew.worker()
    crew.beat()
    faults = 0
    try:
        wait_until(is_folded, 60, "the crew folds")
        for name, begin, finish in _troubles(stage):
            faults += _one(name, begin, finish, away)
    finally:
        crew.end()
    found = differences()
    print(f"J3: {found} differences to a recount; {crew.fallen} times a worker was started again")
    return faults + found


def _troubles(stage: Stage) -> list[tuple[str, Callable[[], object], Callable[[], object]]]:
    server = stage.redis
    pause = lambda how: lambda: os.kill(server.process.pid, how)  # noqa: E731
    return [
        ("killed and empty", server.kill, server.start),
        ("flushed", lambda: server.client.flushall(), lambda: None),
        (
            "read-only",
            lambda: server.client.replicaof("127.0.0.1", "1"),
            lambda: server.client.replicaof("NO", "ONE"),
        ),
        ("silent", pause(signal.SIGSTOP), pause(signal.SIGCONT)),
    ]


def _one(name: str, begin: Callable[[], object], finish: Callable[[], object], away: int) -> int:
    from jiaozuo_grid.jobs import Job

    writers = Writers()
    time.sleep(2)
    before = len(writers.acknowledged)
    begin()
    # Asked for while nobody can be told; the kind is unknown, so its end is "failed", at once.
    job = _long_work()
    time.sleep(away)
    during = len(writers.acknowledged) - before
    finish()
    writers.stop()
    caught_up = wait_until(is_folded, 300, "the fold catches up")
    started = time.monotonic()
    wait_until(lambda: not Job.objects.get(pk=job).open, 300, "long work is taken")
    taken = caught_up + time.monotonic() - started
    gone = lost(writers)
    print(
        f"J3: {name} for {away} s: {during} written meanwhile, the slowest {writers.longest:.1f} s,"
        f" {len(writers.refused)} refused, {gone} lost; caught up {caught_up:.0f} s after the"
        f" return, long work taken after {taken:.0f} s"
    )
    late = (caught_up > PROMISED) + (taken > PROMISED + 50)
    return gone + len(writers.refused) + late + (during == 0)


def _long_work() -> int:
    from django.db import connection

    from jiaozuo_grid.jobs import start_job
    from jiaozuo_grid.reach import SYSTEM

    try:
        return int(start_job("no such work", SYSTEM).pk)
    finally:
        connection.close()
