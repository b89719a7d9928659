"""Web process and worker side by side, until one is told to stop: evaluation, or one office."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.request import urlopen

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from jiaozuo_grid.checks import refuse_unsafe_start

# Seconds from the wish to stop until the children are stopped by force.
GRACE = 15
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = "Start the web server and a worker with beat, and stop both on Ctrl-C or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--web-workers", type=int, default=1, help="web processes")
        parser.add_argument(
            "--prepare", action="store_true", help="migrate first; in demo mode seed the demo city"
        )

    def handle(self, **options: Any) -> None:
        self.stopping = False
        self.preparing = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        if settings.PRODUCTION:
            refuse_unsafe_start()
        self._refuse_a_taken_port(options["host"], options["port"])
        if options["prepare"]:
            self._prepare()
        connections.close_all()
        if not self.stopping:
            self._supervise(options)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
        if self.preparing:
            # Migrations and seeding are transactions; the next start begins them anew.
            raise CommandError("Stopped before it was ready.")

    def _refuse_a_taken_port(self, host: str, port: int) -> None:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is taken ({error.strerror}). Choose another: make run PORT=8001"
                ) from error

    def _prepare(self) -> None:
        self.preparing = True
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO_MODE and "seed_demo" in get_commands():
            call_command("seed_demo", scale="small", if_empty=True, stdout=self.stdout)
        self.preparing = False

    def _supervise(self, options: dict[str, Any]) -> None:
        children = {"web": _start(_web(options)), "worker": _start(_worker())}
        try:
            self._announce(options, children)
            fallen = self._watch(children)
        finally:
            self.stdout.write("Stopping …")
            self.stdout.flush()
            _end(children.values())
        if fallen:
            raise CommandError(f"The {fallen} process ended by itself; everything was stopped.")
        self.stdout.write("Stopped.")

    def _announce(self, options: dict[str, Any], children: dict[str, Any]) -> None:
        host = "127.0.0.1" if options["host"] in ("0.0.0.0", "::") else options["host"]  # noqa: S104
        address = f"http://{f'[{host}]' if ':' in host else host}:{options['port']}/"
        while not self.stopping and not self._fallen(children):
            with suppress(OSError), urlopen(f"{address}ready/", timeout=2):  # noqa: S310
                break
            time.sleep(0.1)
        else:
            return
        if settings.DEMO_MODE and "demo_accounts" in get_commands():
            call_command("demo_accounts", stdout=self.stdout)
            connections.close_all()
        self.stdout.write(self.style.SUCCESS(f"\n{_title()}: {address}   (Ctrl-C stops it)\n"))
        self.stdout.flush()

    def _watch(self, children: dict[str, subprocess.Popen[bytes]]) -> str:
        """Wait for the wish to stop, or for a child that falls; return the name of that child."""
        while not self.stopping:
            if fallen := self._fallen(children):
                return fallen
            time.sleep(0.2)
        return ""

    def _fallen(self, children: dict[str, subprocess.Popen[bytes]]) -> str:
        return next((name for name, child in children.items() if child.poll() is not None), "")


def _title() -> str:
    return str(apps.get_app_config("jiaozuo_grid").verbose_name)


def _web(options: dict[str, Any]) -> list[str]:
    return [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--host", options["host"], "--port", str(options["port"])),
        *("--workers", str(options["web_workers"]), "--blocking-threads", "4"),
        *("--workers-kill-timeout", str(GRACE - 5), "--log-level", "warning"),
        "jiaozuo_grid.wsgi:application",
    ]


def _worker() -> list[str]:
    """One worker for all queues: three processes, so that two long jobs do not hold up figures."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "jiaozuo_grid", "worker", "--beat"),
        *("--queues", "interactive,statistics,long", "--concurrency", "3"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
    ]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches it once, through us."""
    return subprocess.Popen(  # noqa: S603
        command, cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=_end_with_parent
    )


def _end_with_parent() -> None:
    """Ask the kernel (Linux) to end this child when the supervisor is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(children: Any) -> None:
    """Ask all to end, wait, and end by force the whole family of who does not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
