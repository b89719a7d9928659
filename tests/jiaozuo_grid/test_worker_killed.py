"""A real worker process, killed in the middle of a job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from grids.models import Sport
from jiaozuo_grid import jobs
from jiaozuo_grid.jobs import Job, State, start_job
from tests.builders import user
from tests.jiaozuo_grid.works import app

# A bound against hanging; usually it takes two or three seconds.
PATIENCE = 60


def database_url() -> str:
    """Where the test database is, for another process."""
    db: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{db['NAME']}"
    password = f":{db['PASSWORD']}" if db["PASSWORD"] else ""
    return f"postgres://{db['USER']}{password}@{db['HOST']}:{db['PORT'] or 5432}/{db['NAME']}"


def wait_until(reached: Callable[[], bool], worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "the worker did not get there"
        time.sleep(0.05)


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start ``celery worker`` on the test database, with a queue of its own."""
    workers: list[subprocess.Popen[bytes]] = []
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "REDIS_URL"))},
        "DATABASE_URL": database_url(),
        "DEMO_MODE": "1",  # not production: no secrets are needed
        "VAR_DIR": str(tmp_path),
    }

    def start() -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "tests.jiaozuo_grid.works", "worker"),
                *("--concurrency", "1", "--queues", "interactive", "--loglevel", "WARNING"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            cwd=settings.BASE_DIR,
            env=environment,
            start_new_session=True,
        )
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        kill(worker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the worker and its children, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def put_in_queue(job: Job, folder: Path) -> None:
    """Send the message into the worker's folder, not to ourselves."""
    for name in ("messages", "processed", "control"):
        (folder / "queue" / name).mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(folder / "queue/messages"),
        "data_folder_out": str(folder / "queue/messages"),
        "control_folder": str(folder / "queue/control"),
    }
    with app.connection_for_write("folders://localhost", transport_options=options) as broker:
        app.send_task("jiaozuo_grid.run_job", args=(job.pk,), connection=broker)


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore::celery.exceptions.AlwaysEagerIgnored")
def test_a_worker_killed_in_the_middle_of_a_job_loses_and_doubles_nothing(
    start_worker: Callable[[], subprocess.Popen[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """J1 in small: SIGKILL after the write and before the commit; the sweep starts it again."""
    messages: list[int] = []
    monkeypatch.setattr(jobs, "send", messages.append)
    reached = tmp_path / "reached"
    job = start_job("test stall", user(), code="chess", reached=str(reached))

    put_in_queue(job, tmp_path)
    first = start_worker()
    wait_until(reached.exists, first)
    kill(first)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.RUNNING, 1)
    assert not Sport.objects.filter(code="chess").exists()

    messages.clear()
    Job.objects.filter(pk=job.pk).update(seen_at=timezone.now() - timedelta(hours=1))
    assert jobs.sweep() == 1
    assert messages == [job.pk]
    put_in_queue(job, tmp_path)
    put_in_queue(job, tmp_path)  # and a second time
    second = start_worker()
    wait_until(lambda: not Job.objects.get(pk=job.pk).open, second)

    job.refresh_from_db()
    assert (job.state, job.attempt, job.result) == (State.DONE, 2, {"attempt": 2})
    assert Sport.objects.filter(code="chess").count() == 1
