"""J2: jobs that outlast the broker's patience, two beats, every message ten times."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

from benchmarks.jobs import asking
from benchmarks.jobs.rig import Stage, wait_until


def prove(stage: Stage, seconds: int) -> int:
    """Returns the overlaps and doubles."""
    import benchmarks.jobs.works  # noqa: F401  (declares the jobs here too)

    effects = stage.folder / "effects"
    crew = stage.crew("benchmarks.jobs.works", EFFECTS=str(effects), VISIBILITY_TIMEOUT="1")
    try:
        for _worker in range(2):
            crew.worker(children=4)
        for _beat in range(2):
            crew.beat()
        asking.make_due("proof-once")
        asking.ask("proof-once")
        wait_until(effects.exists, 60, "the workers have begun")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            asking.ask("proof-slow", times=10)
            asking.ask("proof-once", times=10)
            time.sleep(1)
        wait_until(lambda: _idle(), 60, "the last run ends")
    finally:
        crew.end()
    return _judge(effects)


def _idle() -> bool:
    return all(asking.clock(name).started_at is None for name in ("proof-slow", "proof-once"))


def _judge(effects: Path) -> int:
    lines = [line.split() for line in effects.read_text().splitlines()]
    overlaps = 0
    for name in ("proof-slow", "proof-once"):
        of_job = sorted((float(at), what) for job, what, _pid, at in lines if job == name)
        for (_at, before), (_then, after) in pairwise(of_job):
            overlaps += before == "begins" and after == "begins"
    began = Counter(job for job, what, *_rest in lines if what == "begins")
    recorded = {name: len(asking.runs(name)) for name in ("proof-slow", "proof-once")}
    dues = [run.due_at for run in asking.runs("proof-slow")]
    doubled = (len(dues) - len(set(dues))) + abs(began["proof-once"] - 1)
    doubled += sum(abs(began[name] - recorded[name]) for name in recorded)
    print(
        f"J2: {began['proof-slow']} runs of 5 s each on a period of 2 s with 1 s of patience,"
        f" {began['proof-once']} of the job due once; {overlaps} overlaps, {doubled} doubles"
    )
    return overlaps + doubled + (began["proof-slow"] < 2)
