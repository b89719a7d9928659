"""J7: hours of writing; transactions, connections and memory end as they began."""

from __future__ import annotations

import subprocess
import time
from typing import Any

from benchmarks.jobs.city import Writers, build, differences, is_folded, lost
from benchmarks.jobs.rig import Stage, children_of, wait_until

GROWTH = 0.05
_OPEN = "state LIKE 'idle in transaction%'"
_HANGING = f"{_OPEN} AND xact_start < now() - interval '5 s'"


def prove(stage: Stage, minutes: float) -> int:
    build(60)
    crew = stage.crew()
    processes = [crew.worker(), crew.beat()]
    try:
        wait_until(is_folded, 60, "the crew folds")
        time.sleep(10)
        # Each of the worker's children keeps one, once it has worked.
        base = len(children_of(processes[0]))
        writers = Writers(threads=2, pause=0.2)
        # What is loaded on first use is loaded in the first tenth.
        time.sleep(max(60.0, minutes * 6))
        first = _memory(processes)
        idle = 0
        until = time.monotonic() + minutes * 60 * 0.9
        while time.monotonic() < until:
            time.sleep(5)
            idle = max(idle, _connections(_HANGING))
        last = _memory(processes)
        writers.stop()
        wait_until(is_folded, 60, "everything is folded")
        time.sleep(15)
        left, opened = _connections(), _connections(_OPEN)
    finally:
        crew.end()
    growth = {pid: last[pid] / kb - 1 for pid, kb in first.items() if pid in last}
    most = max(growth.values())
    gone, found = lost(writers), differences()
    print(
        f"J7: {minutes:g} minutes, {len(writers.acknowledged)} written, {gone} lost, {found}"
        f" differences; open transactions {opened} (at most {idle} on the way); connections"
        f" {left} after, for {base} processes that work; memory of {len(growth)}"
        f" processes grew by at most {most:.1%} ({sum(last.values()) / 1024:.0f} MB in all)"
    )
    return gone + found + opened + (left > base) + (most > GROWTH)


def _connections(condition: str = "true") -> int:
    from django.db import connection

    mine = "datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_stat_activity WHERE {mine} AND {condition}")  # noqa: S608
        count = int(cursor.fetchone()[0])
    connection.close()
    return count


def _memory(processes: list[Any]) -> dict[int, int]:
    """Resident kilobytes, by process."""
    pids = [pid for process in processes for pid in (process.pid, *children_of(process))]
    found = subprocess.run(
        ["ps", "--no-headers", "-o", "pid,rss", "-p", ",".join(map(str, pids))],
        capture_output=True,
        check=False,
        text=True,
    )
    return {int(pid): int(rss) for pid, rss in (line.split() for line in found.stdout.splitlines())}
