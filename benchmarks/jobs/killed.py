"""J1: SIGKILL at random points of each job; what is made in the end equals an undisturbed run.

Each round begins with the same database, in which something is owed to every job. A worker does one
job; it, or one of its children, is killed at points spread over the whole of the run, at most three
times, and then left alone.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from benchmarks.jobs import asking
from benchmarks.jobs.city import made
from benchmarks.jobs.rig import Crew, Stage, children_of, end, wait_until

PATIENCE = 600
# Below the five after which a job is given up.
AT_ONE_RUN = 3


@dataclass
class Undisturbed:
    made: dict[str, str]
    seconds: float


def prove(stage: Stage, reset: Callable[[], None], kills: int, only: list[str]) -> int:
    from jiaozuo_grid.periodic.declaring import declared

    differences = 0
    for name in only or list(declared()):
        reference = _undisturbed(stage, reset, name)
        rng, killed, rounds, off = Random(1), 0, 0, 0
        while killed < kills:
            rounds += 1
            hit, same = _round(stage, reset, name, reference, rng, kills - killed)
            killed += hit
            off += not same
            if rounds > 3 * kills + 20:
                break
        differences += off + (killed < kills)
        print(
            f"J1: {name}: {killed} kills in {rounds} runs of {reference.seconds:.2f} s;"
            f" {off} ended otherwise than undisturbed",
            flush=True,
        )
    return differences


def _crew(stage: Stage) -> tuple[Crew, Any]:
    crew = stage.crew()
    worker = crew.worker(children=1)
    wait_until(lambda: children_of(worker), 60, "the worker has begun")
    return crew, worker


def _undisturbed(stage: Stage, reset: Callable[[], None], name: str) -> Undisturbed:
    reset()
    crew, _worker = _crew(stage)
    try:
        asking.make_due("sweep" if name != "sweep" else "tidy-outbox")
        asking.make_due(name)
        # Once to load what is loaded on first use.
        asking.ask("tidy-outbox")
        time.sleep(2)
        began = time.monotonic()
        asking.ask(name)
        wait_until(lambda: asking.is_done(name), PATIENCE, f"{name} ends", every=0.01)
        seconds = time.monotonic() - began
        _settle(name)
        return Undisturbed(made(), seconds)
    finally:
        crew.end()


def _supervised(stage: Stage, crew: Crew, worker: Any) -> tuple[Crew, Any]:
    """A worker whose child is killed while it begins gives up, and is begun again."""
    if worker.poll() is None:
        return crew, worker
    print("J1: a worker gave up and was begun again", flush=True)
    crew.end()
    return _crew(stage)


def _settle(name: str) -> None:
    """What is to be counted is counted: whether that happened by itself yet is a matter of luck.

    But by nothing else where the fold is what is proved.
    """
    if name == "fold":
        return
    asking.make_due("fold")
    asking.ask("fold")
    wait_until(lambda: asking.is_done("fold"), PATIENCE, "the fold ends", every=0.05)


def _round(
    stage: Stage,
    reset: Callable[[], None],
    name: str,
    reference: Undisturbed,
    rng: Random,
    most: int,
) -> tuple[int, bool]:
    """How often it was killed before its end, and whether that end is the same."""
    reset()
    stage.redis.client.flushall()
    crew, worker = _crew(stage)
    killed = 0
    try:
        asking.make_due(name)
        while killed < min(AT_ONE_RUN, most):
            wait_until(partial(children_of, worker), 60, "the worker has a child")
            children = children_of(worker)
            asking.ask(name)
            time.sleep(rng.uniform(0, reference.seconds))
            if killed == 1:
                end(worker)
                crew, worker = _crew(stage)
            else:
                for child in children:
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
            if asking.is_done(name):
                # Too late for this one; the next round begins anew.
                break
            killed += 1
            # The pause after a second failure need not be waited for here.
            asking.make_due(name)
            crew, worker = _supervised(stage, crew, worker)
        asking.ask(name)
        deadline = time.monotonic() + PATIENCE
        while not asking.is_done(name):
            assert time.monotonic() < deadline, f"{name} does not end"
            # As beat does.
            time.sleep(1)
            crew, worker = _supervised(stage, crew, worker)
            asking.ask(name)
        # Messages given back by the killed are answered too.
        time.sleep(0.5)
        _settle(name)
    finally:
        crew.end()
    found = made()
    for table in sorted(found):
        if found[table] != reference.made[table]:
            print(f"J1: {name}: {table} is {found[table]}, not {reference.made[table]}")
    return killed, found == reference.made
