"""Periodic jobs for the tests, declared on the spot and forgotten with the test."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jiaozuo_grid.periodic import Counts, PeriodicJob, every
from jiaozuo_grid.periodic.models import JobClock
from jiaozuo_grid.periodic.running import clock_of


class Work:
    """Counts its calls; fails or does as it is told."""

    def __init__(self, counts: Counts = None, error: Exception | None = None) -> None:
        self.calls, self.counts, self.error = 0, counts, error

    def __call__(self) -> Counts:
        self.calls += 1
        if self.error is not None:
            raise self.error
        return self.counts


def job(work: Any, **fields: Any) -> PeriodicJob:
    """A job whose time has come."""
    fields = {"schedule": every(minutes=10), **fields}
    made = PeriodicJob("test", "Test", "", work, **fields)
    clock_of(made)
    is_due("test")
    return made


def is_due(name: str, since: timedelta = timedelta(seconds=1)) -> None:
    """Let the job's time, and the pause after a failure, have passed."""
    due_at = timezone.now() - since
    JobClock.objects.filter(name=name).update(due_at=due_at, not_before=None)
