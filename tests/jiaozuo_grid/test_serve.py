"""Web and worker side by side, as ``make run`` starts them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif(
    bool(settings.DATABASE_URL), reason="starts on SQLite files of its own; run once is enough"
)
# A bound against hanging; usually it takes three or four seconds.
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(reached: Callable[[], bool], server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert server.poll() is None, "the server ended by itself"
        assert time.monotonic() < deadline
        time.sleep(0.1)


def answers(port: int) -> bool:
    with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/ready/", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def children_of(pid: int) -> list[int]:
    """The processes below ``pid``, all generations."""
    found: list[int] = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *children_of(int(child))]
    return found


def alive(pids: list[int]) -> list[int]:
    """Those that still run; an ended process may wait for its new parent to take note."""
    return [pid for pid in pids if _state(pid) not in ("", "Z", "X")]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """``manage.py serve`` on an empty SQLite database of its own, ready."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--prepare", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env={**kept, "VAR_DIR": str(tmp_path)},
        start_new_session=True,
        text=True,
    )
    try:
        wait_until(lambda: answers(port), process)
        wait_until(lambda: len(children_of(process.pid)) >= 5, process)
        yield process
    finally:
        for pid in [process.pid, *children_of(process.pid)] if process.poll() is None else []:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@linux_only
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_and_leaves_nothing_behind(
    server: subprocess.Popen[str], how: signal.Signals, port: int
) -> None:
    children = children_of(server.pid)
    server.send_signal(how)
    assert server.wait(PATIENCE) == 0
    assert alive(children) == []
    assert not answers(port)


@linux_only
def test_when_one_process_falls_all_stop_and_the_exit_says_so(
    server: subprocess.Popen[str],
) -> None:
    children = children_of(server.pid)
    os.kill(children[0], signal.SIGKILL)
    assert server.wait(PATIENCE) != 0
    assert alive(children) == []


@linux_only
def test_a_killed_supervisor_takes_its_children_along(server: subprocess.Popen[str]) -> None:
    children = children_of(server.pid)
    server.kill()
    server.wait()
    deadline = time.monotonic() + PATIENCE
    while alive(children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alive(children) == []


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        process = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", port],
            cwd=settings.BASE_DIR,
            env={**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""},
            capture_output=True,
            text=True,
            check=False,
        )
    assert process.returncode != 0
    assert port in process.stderr
