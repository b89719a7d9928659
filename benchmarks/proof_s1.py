"""S1: 200 parallel identical creates, for 500 ids, against 4 web processes on PostgreSQL.

    .venv/bin/python -m benchmarks.proof_s1            (--ids 50 for a short one)

Makes a database of its own (benchmarks/scratch.py), starts granian on loopback, and sends each
session 200 times at once through the real API. Passes when each id is one row, all answers are 200
or 201 (201 once an id) with the same body, and so none is 423 or 5xx.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

from benchmarks import scratch

ROOT = Path(__file__).resolve().parent.parent
CSRF = "c" * 32
THREADS_PER_PROCESS = 4


@dataclass
class Seen:
    """What the answers were."""

    statuses: Counter[Any] = field(default_factory=Counter)
    bodies: dict[str, set[bytes]] = field(default_factory=dict)
    created: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        # Files of its own too; no Redis, so that only PostgreSQL is on trial.
        os.environ |= {"VAR_DIR": folder, "REDIS_URL": "", "HTTPS": "0"}
        with scratch.database():
            sent, cookie = _world(options.ids)
            seen, took = _run(options, sent, cookie)
            rows, lines = _count()
    return _report(options, seen, took, rows, lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--ids", type=int, default=500)
    parser.add_argument("--parallel", type=int, default=200, help="identical creates at once")
    parser.add_argument("--processes", type=int, default=4, help="web processes")
    return parser.parse_args()


def _world(ids: int) -> tuple[list[dict[str, Any]], str]:
    """A village's ten hobby grids, their leader's session cookie, and what will be sent."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connections

    from tests.builders import GRID, hobby_grid, small_city, user

    small_city()
    leader = user("grid_leader", GRID)
    groups = [hobby_grid(f"{GRID}{n:02}").area_code for n in range(11, 21)]
    session = SessionStore()
    session[SESSION_KEY] = str(leader.pk)
    session[BACKEND_SESSION_KEY] = "accounts.sign_ins.Backend"
    session[HASH_SESSION_KEY] = leader.get_session_auth_hash()
    session.create()
    connections.close_all()
    return [_body(number, groups) for number in range(ids)], str(session.session_key)


def _body(number: int, groups: list[str]) -> dict[str, Any]:
    """The number-th session: ten groups, twelve hours a day, then a day earlier."""
    from datetime import timedelta

    from jiaozuo_grid.lasting import today

    hour, days = number // len(groups) % 12, number // len(groups) // 12
    return {
        "id": str(uuid4()),
        "area_code": groups[number % len(groups)],
        "held_on": (today() - timedelta(days=1 + days)).isoformat(),
        "start_time": f"{8 + hour:02}:00",
        "minutes": 45,
        "participants": 10 + number % 40,
        "place": "文化广场",
    }


def _run(
    options: argparse.Namespace, sent: list[dict[str, Any]], cookie: str
) -> tuple[Seen, float]:
    port = _free_port()
    web = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("granian")),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(options.processes)),
            *("--blocking-threads", str(THREADS_PER_PROCESS), "--log-level", "warning"),
            "jiaozuo_grid.wsgi:application",
        ],
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        _await_ready(web, port)
        began = time.monotonic()
        seen = _send_all(sent, options.parallel, port, cookie)
        return seen, time.monotonic() - began
    finally:
        web.send_signal(signal.SIGTERM)
        try:
            web.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(web.pid, signal.SIGKILL)
            web.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_ready(web: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        assert web.poll() is None, "the web process ended"
        try:
            with urlopen(f"http://127.0.0.1:{port}/ready/", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the web process does not answer")


def _send_all(sent: list[dict[str, Any]], parallel: int, port: int, cookie: str) -> Seen:
    """Each body from ``parallel`` connections at once, one body after the other."""
    seen, lock = Seen(), threading.Lock()
    gate = threading.Barrier(parallel)
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"sessionid={cookie}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
    }

    def phone() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for values in sent:
            gate.wait()
            began = time.monotonic()
            try:
                connection.request("POST", "/api/v1/activities/", json.dumps(values), headers)
                response = connection.getresponse()
                status: Any = response.status
                text = response.read()
            except (OSError, http.client.HTTPException) as error:
                status, text = type(error).__name__, b""
                connection.close()
            took = time.monotonic() - began
            with lock:
                seen.statuses[status] += 1
                seen.seconds.append(took)
                seen.bodies.setdefault(values["id"], set()).add(text)
                seen.created[values["id"]] += status == 201
                if status not in (200, 201) and len(seen.faults) < 5:
                    seen.faults.append(f"{status}: {text[:300]!r}")
        connection.close()

    threads = [threading.Thread(target=phone) for _ in range(parallel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _count() -> tuple[int, int]:
    from accounts.models import AuditEntry
    from activities.models import Session

    return Session.objects.count(), AuditEntry.objects.filter(verb="log").count()


def _report(options: argparse.Namespace, seen: Seen, took: float, rows: int, lines: int) -> int:
    answers = sum(seen.statuses.values())
    several = sum(len(bodies) != 1 for bodies in seen.bodies.values())
    once = sum(number == 1 for number in seen.created.values())
    seconds = sorted(seen.seconds)
    print(f"ids {options.ids} × {options.parallel} at once, {options.processes} web processes")
    print(f"answers              {answers} in {took:.0f} s ({answers / took:.0f}/s)")
    print(f"by status            {dict(sorted(seen.statuses.items(), key=str))}")
    print(f"rows                 {rows}")
    print(f"lines of audit trail {lines}")
    print(f"ids created once     {once}")
    print(f"ids with two bodies  {several}")
    print(
        f"waiting (of {options.parallel} at once): median {statistics.median(seconds):.2f} s, "
        f"95 % {seconds[int(len(seconds) * 0.95)]:.2f} s, longest {seconds[-1]:.2f} s"
    )
    for fault in seen.faults:
        print("  ", fault)
    passed = (
        rows == lines == once == options.ids
        and several == 0
        and answers == options.ids * options.parallel
        and set(seen.statuses) <= {200, 201}
    )
    print("S1 passed" if passed else "S1 FAILED")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
