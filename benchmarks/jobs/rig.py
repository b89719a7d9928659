"""What the proofs of the jobs stand on: Redis, PostgreSQL, workers and beats of their own.

Everything is started on free ports with folders of its own, and ended by its process number.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

ROOT = Path(__file__).resolve().parents[2]
QUEUES = "interactive,statistics,long"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(command: list[str], before: Callable[[], None] | None = None, **options: Any) -> Any:
    """Start a process in a group of its own, which dies with the proof."""

    def prepare() -> None:
        # PR_SET_PDEATHSIG: nobody is left over when the proof itself is killed.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if before is not None:
            before()

    return subprocess.Popen(command, start_new_session=True, preexec_fn=prepare, **options)


def wait_until(what: Callable[[], Any], seconds: float, said: str, every: float = 0.1) -> float:
    """Seconds until ``what()`` is true (an exception is no); raises when it takes too long."""
    began = time.monotonic()
    while True:
        with suppress(Exception):
            if what():
                return time.monotonic() - began
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{said}: not within {seconds:.0f} s")
        time.sleep(every)


def end(process: subprocess.Popen[bytes], how: int = signal.SIGKILL) -> None:
    """End a process with its whole group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Redis:
    """A server that keeps nothing, so that a kill is a flush as well."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=2)

    def start(self) -> None:
        self.process = begin(
            [
                *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_until(lambda: self.client.ping(), 10, "redis answers")

    def kill(self) -> None:
        end(self.process)


class Postgres:
    """A cluster in a temporary folder, which may be killed."""

    def __init__(self, folder: Path) -> None:
        self.bin = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path())
        self.port, self.data = free_port(), folder / "cluster"
        # The server refuses to run as root.
        self.user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        self.data.mkdir()
        if self.user:
            folder.chmod(0o711)
            shutil.chown(self.data, "postgres", "postgres")
        self._call("initdb", "-D", str(self.data), "-U", "root", "-A", "trust", "-E", "UTF8")
        self.start()
        wait_until(self.answers, 30, "the cluster answers")
        self._call("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "root", "jobs")

    @property
    def url(self) -> str:
        return f"postgres://root@127.0.0.1:{self.port}/jobs"

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.bin / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **self.user,  # type: ignore[call-overload]
        )

    def start(self) -> None:
        self.process = begin(
            [
                *(str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port)),
                *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.data}"),
            ],
            stderr=subprocess.DEVNULL,
            cwd="/",
            before=None,
            **self.user,
        )

    def answers(self) -> bool:
        ready = [str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    def kill(self) -> None:
        """SIGKILL to the postmaster and all its children, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Crew:
    """Workers and beats; ``app`` is the Celery application that they load.

    ``supervised``: who falls is started again, as ``Restart=always`` does in production.
    """

    folder: Path
    environment: dict[str, str]
    app: str = "jiaozuo_grid"
    supervised: bool = False
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    fallen: int = 0

    def __post_init__(self) -> None:
        self.ending = threading.Event()
        if self.supervised:
            threading.Thread(target=self._supervise, daemon=True).start()

    def _supervise(self) -> None:
        while not self.ending.wait(1):
            for place, process in enumerate(self.processes):
                if process.poll() is not None:
                    self.fallen += 1
                    self.processes[place] = self._open([*map(str, process.args)])  # type: ignore[arg-type]

    def worker(self, *, children: int = 2, limits: Callable[[], None] | None = None) -> Any:
        return self._start(
            *("worker", "--queues", QUEUES, "--concurrency", str(children)),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--hostname", f"w{len(self.processes)}@%h", "--loglevel", "ERROR"),
            before=limits,
        )

    def beat(self) -> Any:
        schedule = self.folder / f"beat-{len(self.processes)}"
        return self._start("beat", "--pidfile=", "--schedule", str(schedule), "-l", "ERROR")

    def _start(self, *arguments: str, before: Callable[[], None] | None = None) -> Any:
        command = [sys.executable, "-m", "celery", "--quiet", "-A", self.app, *arguments]
        process = self._open(command, before)
        self.processes.append(process)
        return process

    def _open(self, command: list[str], before: Callable[[], None] | None = None) -> Any:
        return begin(
            command,
            before,
            cwd=ROOT,
            env=self.environment,
            stdout=(self.folder / "crew.log").open("ab"),
            stderr=subprocess.STDOUT,
        )

    def end(self) -> None:
        self.ending.set()
        for process in self.processes:
            if process.poll() is None:
                end(process, signal.SIGTERM)


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    found = subprocess.run(
        ["ps", "--no-headers", "-o", "pid", "--ppid", str(process.pid)],
        capture_output=True,
        check=False,
        text=True,
    )
    return [int(pid) for pid in found.stdout.split()]


@dataclass
class Stage:
    folder: Path
    redis: Redis

    def crew(
        self, app: str = "jiaozuo_grid", *, supervised: bool = False, **environment: str
    ) -> Crew:
        return Crew(self.folder, {**os.environ, **environment}, app, supervised)


@contextmanager
def stage() -> Iterator[Stage]:
    """A folder and a Redis; set before Django is: the proof itself writes as the web does."""
    with tempfile.TemporaryDirectory(prefix="jobs-") as name:
        folder = Path(name)
        server = Redis(folder)
        os.environ |= {"VAR_DIR": name, "REDIS_URL": server.url, "TMPDIR": str(folder / "tmp")}
        (folder / "tmp").mkdir()
        try:
            yield Stage(folder, server)
        except BaseException:
            if (folder / "crew.log").exists():
                print((folder / "crew.log").read_text()[-3000:], file=sys.stderr)
            raise
        finally:
            end(server.process)
