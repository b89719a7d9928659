"""Asking and watching the jobs from outside, as beat and the page do."""

from __future__ import annotations

from typing import Any


def clock(name: str) -> Any:
    """Where the job stands, read on a connection that is given back at once."""
    from django.db import connection

    from jiaozuo_grid.periodic.declaring import declared
    from jiaozuo_grid.periodic.running import clock_of

    try:
        return clock_of(declared()[name])
    finally:
        connection.close()


def make_due(name: str) -> None:
    """Its time has come, and any pause after a failure has passed."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from jiaozuo_grid.periodic.models import JobClock

    clock(name)
    past = timezone.now() - timedelta(seconds=1)
    JobClock.objects.filter(name=name).update(due_at=past, not_before=None)
    connection.close()


def ask(name: str, times: int = 1) -> None:
    from jiaozuo_grid.periodic import asking
    from jiaozuo_grid.periodic.declaring import declared

    for _time in range(times):
        asking.ask(declared()[name])


def is_done(name: str) -> bool:
    """Nothing is owed: the last run had a good end."""
    from django.utils import timezone

    row = clock(name)
    return row.started_at is None and not row.failures and row.due_at > timezone.now()


def runs(name: str) -> list[Any]:
    from django.db import connection

    from jiaozuo_grid.periodic.models import JobRun

    try:
        return list(JobRun.objects.filter(name=name).order_by("id"))
    finally:
        connection.close()
