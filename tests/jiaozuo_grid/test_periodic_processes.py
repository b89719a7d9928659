"""Periodic jobs in real processes: alone, taken over from the dead, freed from the stuck."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from grids.models import Sport
from jiaozuo_grid.periodic.models import JobClock, JobRun, Outcome, Reason
from jiaozuo_grid.periodic.running import GRACE, run
from tests import processes
from tests.jiaozuo_grid.periodic_works import job

pytestmark = pytest.mark.django_db(transaction=True)
# A bound against hanging; usually it takes two or three seconds.
PATIENCE = 60


def work() -> dict[str, int]:
    created = [
        Sport.objects.get_or_create(code=code, defaults={"name_zh": code})[1]
        for code in ("first", "second")
    ]
    return {"sports": sum(created)}


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process in the middle of the job."""
    job(work)
    reached = tmp_path / "reached"
    process = processes.start(tmp_path, "-m", "tests.jiaozuo_grid.periodic_process", str(reached))
    deadline = time.monotonic() + PATIENCE
    while not reached.exists():
        assert process.poll() is None, "it ended by itself"
        assert time.monotonic() < deadline, "it did not get there"
        time.sleep(0.05)
    yield process
    processes.kill(process)


def test_what_another_process_runs_is_not_run_here(hanging: subprocess.Popen[bytes]) -> None:
    """J2."""
    declared = job(work)
    run(declared)
    assert not Sport.objects.filter(code="second").exists()
    assert JobClock.objects.get().started_at is not None


def test_a_killed_process_is_followed_at_once_and_leaves_the_same_end(
    hanging: subprocess.Popen[bytes],
) -> None:
    """J1: SIGKILL in the middle; no silence is waited for."""
    processes.kill(hanging)
    declared = job(work)
    run(declared)
    assert set(Sport.objects.values_list("code", flat=True)) == {"first", "second"}
    reasons = list(JobRun.objects.order_by("id").values_list("outcome", "reason", "counts"))
    assert reasons == [
        (Outcome.FAILED, Reason.STOPPED, {}),
        (Outcome.DONE, "", {"sports": 1}),
    ]


def test_a_process_that_hangs_beyond_its_limit_is_ended_and_followed(
    hanging: subprocess.Popen[bytes],
) -> None:
    """J6: also what a machine without power left behind; its connection still holds the lock."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite there is one machine, whose worker ends what hangs")
    declared = job(work)
    long_ago = timezone.now() - declared.limit - 3 * GRACE
    JobClock.objects.update(started_at=long_ago)
    deadline = time.monotonic() + PATIENCE
    while not Sport.objects.filter(code="second").exists():
        run(declared)
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert JobRun.objects.filter(reason=Reason.STOPPED).exists()
