"""J4: PostgreSQL killed under load, again and again; nobody lends a hand."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from functools import partial
from random import Random

from benchmarks.jobs.city import Writers, build, differences, is_folded, lost
from benchmarks.jobs.rig import Postgres, Stage, wait_until

PROMISED = 30.0
# It tells of every try.
logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)


def prove(stage: Stage, cluster: Postgres, kills: int) -> int:
    build(60)
    crew = stage.crew()
    worker, beat = crew.worker(), crew.beat()
    writers, rng = Writers(), Random(4)
    slowest = {"a write": 0.0, "the fold": 0.0}
    try:
        wait_until(is_folded, 60, "the crew folds")
        for _kill in range(kills):
            time.sleep(rng.uniform(1, 6))
            cluster.kill()
            time.sleep(rng.uniform(0.2, 3))
            _start_again(cluster)
            back = time.monotonic()
            known = len(writers.acknowledged)
            wait_until(partial(_wrote_since, writers, known), 60, "somebody writes again")
            slowest["a write"] = max(slowest["a write"], time.monotonic() - back)
            folded = _folded_at()
            wait_until(partial(_folded_since, folded), 120, "somebody folds again")
            slowest["the fold"] = max(slowest["the fold"], time.monotonic() - back)
        same = worker.poll() is None and beat.poll() is None
        writers.stop()
        wait_until(is_folded, 60, "everything is folded")
    finally:
        writers.stop()
        crew.end()
    gone, found = lost(writers), differences()
    print(
        f"J4: {kills} kills, {len(writers.acknowledged)} acknowledged, {len(writers.refused)}"
        f" refused; {gone} lost, {found} differences; after the return the slowest write"
        f" came in {slowest['a write']:.1f} s, the slowest fold in {slowest['the fold']:.1f} s;"
        f" workers and beat lived on: {same}"
    )
    return gone + found + sum(seconds > PROMISED for seconds in slowest.values()) + (not same)


def _start_again(cluster: Postgres) -> None:
    """As an init system would: until the old children are gone and it stays up."""
    for _try in range(100):
        cluster.start()
        with suppress(TimeoutError):
            wait_until(lambda: cluster.process.poll() is None and cluster.answers(), 10, "up")
            return
    raise TimeoutError("the cluster does not come back")


def _wrote_since(writers: Writers, known: int) -> bool:
    return len(writers.acknowledged) > known


def _folded_since(at: float) -> bool:
    return _folded_at() > at


def _folded_at() -> float:
    from django.db import DatabaseError, InterfaceError, connection

    from coverage.models import FoldState

    try:
        at = FoldState.objects.values_list("folded_at", flat=True).first()
    except (DatabaseError, InterfaceError):
        return 0.0
    finally:
        connection.close()
    return at.timestamp() if at else 0.0
