"""S1: many identical creates at the same moment, through four web processes; one row each.

    python -m benchmarks.proof_parallel_creates --ids 500 --parallel 200

Sends only to 127.0.0.1, to the server that it starts and stops itself.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from random import Random
from typing import Any
from uuid import UUID

from benchmarks import scratch

WEB_PROCESSES = 4
# Sockets that send at once; each sends its share of the identical requests one after another.
SOCKETS = 50


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(port: int) -> subprocess.Popen[bytes]:
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WEB_PROCESSES), "--no-access-log", "jiaozuo_grid.wsgi:application"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command], env={**os.environ, "DATABASE_POOL": "8"}
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return server
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise RuntimeError("the server did not start")


def _headers() -> dict[str, str]:
    """A grid leader's session, with the token that the API asks for."""
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    from tests.builders import GRID, user

    client = Client()
    client.force_login(user("grid_leader", GRID))
    token = _get_new_csrf_string()
    session = client.cookies["sessionid"].value
    return {
        "Content-Type": "application/json",
        "Cookie": f"sessionid={session}; csrftoken={token}",
        "X-CSRFToken": token,
    }


def _bodies(ids: int) -> list[bytes]:
    from datetime import timedelta

    from jiaozuo_grid.lasting import today
    from tests.builders import HOBBY_GRID

    rng = Random(1)
    return [
        json.dumps(
            {
                "id": str(UUID(int=rng.getrandbits(128), version=4)),
                "area_code": HOBBY_GRID,
                "held_on": str(today() - timedelta(days=1 + n)),
                "start_time": "19:30",
                "minutes": 60,
                "participants": 20,
            }
        ).encode()
        for n in range(ids)
    ]


class Storm:
    """Sends each body ``parallel`` times from ``SOCKETS`` threads that start together."""

    def __init__(self, port: int, headers: dict[str, str], parallel: int) -> None:
        self.port, self.headers, self.each = port, headers, max(1, parallel // SOCKETS)
        self.statuses: Counter[int] = Counter()
        self.answers: dict[int, set[bytes]] = {}
        self.lock = threading.Lock()

    def send(self, bodies: list[bytes]) -> None:
        gate = threading.Barrier(SOCKETS)
        threads = [
            threading.Thread(target=self._socket, args=(bodies, gate)) for _n in range(SOCKETS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _socket(self, bodies: list[bytes], gate: threading.Barrier) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for number, body in enumerate(bodies):
            gate.wait()
            for _n in range(self.each):
                connection.request("POST", "/api/v1/activities/", body, self.headers)
                answer = connection.getresponse()
                content = answer.read()
                with self.lock:
                    self.statuses[answer.status] += 1
                    self.answers.setdefault(number, set()).add(content)


def prove(ids: int, parallel: int) -> bool:
    from activities.models import Session
    from tests.builders import small_city

    small_city()
    headers, bodies = _headers(), _bodies(ids)
    port = _free_port()
    server = _start(port)
    storm: Any = Storm(port, headers, parallel)
    began = time.monotonic()
    try:
        storm.send(bodies)
    finally:
        server.terminate()
        server.wait()
    rows = Session.objects.count()
    different = sum(len(contents) > 1 for contents in storm.answers.values())
    print(
        f"S1: {sum(storm.statuses.values()):,} requests for {ids} ids in "
        f"{time.monotonic() - began:.0f} s: {rows} rows, statuses {dict(storm.statuses)}, "
        f"{different} ids with more than one body"
    )
    return rows == ids and set(storm.statuses) <= {200, 201} and different == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ids", type=int, default=500)
    parser.add_argument("--parallel", type=int, default=200)
    arguments = parser.parse_args()
    with scratch.database():
        sys.exit(0 if prove(arguments.ids, arguments.parallel) else 1)
