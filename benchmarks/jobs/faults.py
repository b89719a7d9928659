"""J6: a job that hangs, a full disk, media that are gone, too little memory."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.jobs import asking
from benchmarks.jobs.rig import Stage, end, wait_until

VISIBLE = 60.0
ATTEMPTS = 5


def prove(stage: Stage) -> int:
    import benchmarks.jobs.works  # noqa: F401  (declares the jobs here too)

    media = stage.folder / "media"
    media.mkdir(exist_ok=True)
    faults = _trouble(stage, "proof-stuck", "too_long")
    with_full = _full_disk(stage.folder / "tmp")
    if with_full is not None:
        faults += _trouble(stage, "proof-files", "files")
        with_full()
        faults += _good_again(stage)
    shutil.rmtree(media)
    media.write_text("no folder")
    faults += _trouble(stage, "proof-files", "files")
    media.unlink()
    faults += _good_again(stage)
    faults += _trouble(stage, "proof-memory", "memory", limits=_little_memory)
    return faults


def _little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, 4 * 1024**3))


def _full_disk(place: Path) -> Callable[[], None] | None:
    """A disk of a megabyte where temporary files go; None where mounting is not allowed."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        print("J6: a full disk is left out: this user may not mount one")
        return None

    def away() -> None:
        subprocess.run(["umount", "-l", str(place)], check=True)

    return away


def _trouble(stage: Stage, name: str, reason: str, limits: Callable[[], None] | None = None) -> int:
    """Five attempts with growing pauses, of which the proof waits only for the first."""
    crew = stage.crew("benchmarks.jobs.works", EFFECTS=str(stage.folder / "effects"))
    crew.worker(children=1, limits=limits)
    known = len(asking.runs(name))
    pauses, visible = [], 0.0
    try:
        asking.make_due(name)
        for attempt in range(1, ATTEMPTS + 1):
            began = time.monotonic()
            asking.ask(name)
            wait_until(partial(_has_runs, name, known + attempt), 120, f"{name} fails")
            visible = max(visible, time.monotonic() - began)
            run, clock = asking.runs(name)[-1], asking.clock(name)
            if clock.not_before:
                pauses.append(round((clock.not_before - run.ended_at).total_seconds()))
            if attempt == 1:
                # One pause is really waited for, with the questions that beat would ask.
                while time.monotonic() < began + visible + pauses[0] - 1:
                    asking.ask(name)
                    time.sleep(1)
                assert len(asking.runs(name)) == known + 1, "tried again too early"
            asking.make_due(name) if attempt < ATTEMPTS else None
    finally:
        for process in crew.processes:
            end(process)
    last = asking.runs(name)[known:]
    temporary = [path for path in (stage.folder / "tmp").rglob("*") if path.is_file()]
    good = (
        {run.reason for run in last} == {reason}
        and [run.outcome for run in last] == ["failed"] * (ATTEMPTS - 1) + ["given_up"]
        and pauses == sorted(set(pauses))
        and visible <= VISIBLE
        and not temporary
    )
    print(
        f"J6: {name}: {last[0].get_reason_display()} {last[0].detail!r}; on record after"
        f" {visible:.1f} s at most, pauses {pauses} s, attempts {len(last)}, then"
        f" {last[-1].outcome}; temporary files left {len(temporary)};"
        f" {'as promised' if good else 'WRONG'}"
    )
    return 0 if good else 1


def _has_runs(name: str, number: int) -> bool:
    return len(asking.runs(name)) == number


def _good_again(stage: Stage) -> int:
    """When the trouble is over, "run again" has it done."""
    crew = stage.crew("benchmarks.jobs.works", EFFECTS=str(stage.folder / "effects"))
    crew.worker(children=1)
    try:
        asking.make_due("proof-files")
        asking.ask("proof-files")
        wait_until(lambda: asking.is_done("proof-files"), 60, "it is done when it can be")
        good = asking.runs("proof-files")[-1].outcome == "done"
    finally:
        crew.end()
    return 0 if good and asking.clock("proof-files").given_up_at is None else 1
