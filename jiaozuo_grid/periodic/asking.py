"""The messages: each only asks "are you due?", so that none of them matters.

Beat asks every job every few seconds, or as often as its period. A question that is lost, late,
doubled, delivered ten times or answered by two workers changes nothing: what is due stands in the
database, and the lock lets one in.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from celery.beat import PersistentScheduler
from django.core.cache import cache
from django.db import DatabaseError

from jiaozuo_grid.periodic.declaring import PeriodicJob, declared
from jiaozuo_grid.periodic.schedules import Every

log = logging.getLogger(__name__)

TASK = "jiaozuo_grid.run_periodic"
# How often a job is asked whose period is longer.
LOOK = timedelta(seconds=20)
# After the soft limit has had its chance, the worker's child is ended by force.
GRACE = timedelta(seconds=30)


# While cache or broker do not answer, writers are not held up by asking for so many seconds.
LET_ALONE = 5.0
_let_alone_until = 0.0


def soon(name: str) -> None:
    """Have a job with ``waiting`` run now, not when it is due; call it after the commit.

    A wish only, told at most once a second: when nobody hears it, the job is due soon anyway.
    """
    global _let_alone_until
    if monotonic() < _let_alone_until:
        return
    try:
        if cache.add(f"periodic-soon:{name}", True, timeout=1):
            _send(declared()[name], early=True)
    except Exception:  # cache and broker raise their own; a write must not fail for either
        _let_alone_until = monotonic() + LET_ALONE
        log.warning("%s could not be asked; beat will", name, exc_info=True)


def ask(job: PeriodicJob) -> None:
    """Send a question now; when the broker is away, beat asks later."""
    try:
        _send(job)
    except Exception:  # the broker's own exceptions differ by transport
        log.warning("%s could not be asked; beat will", job.name, exc_info=True)


def _send(job: PeriodicJob, *, early: bool = False) -> None:
    from jiaozuo_grid.tasks import run_periodic

    run_periodic.apply_async(args=(job.name, early), expires=60, **_options(job))


def _options(job: PeriodicJob) -> dict[str, Any]:
    return {
        "queue": job.queue,
        "soft_time_limit": job.limit.total_seconds(),
        "time_limit": (job.limit + GRACE).total_seconds(),
    }


def questions() -> dict[str, dict[str, Any]]:
    """What beat sends, by job. A question nobody took before the next one expires."""
    entries = {}
    for job in declared().values():
        between = min(LOOK, job.schedule.period) if isinstance(job.schedule, Every) else LOOK
        entries[job.name] = {
            "task": TASK,
            "schedule": between,
            "args": (job.name,),
            "options": {"expires": between.total_seconds(), **_options(job)},
        }
    return entries


class Beat(PersistentScheduler):
    """Celery's beat, which asks all periodic jobs and does not stop when the clock is set back."""

    _ticked: datetime | None = None

    def setup_schedule(self) -> None:
        self.app.conf.beat_schedule = questions()
        super().setup_schedule()
        self._forget_the_future()
        from jiaozuo_grid.periodic.running import make_clocks  # which needs this module

        with suppress(DatabaseError):  # it is away just now: the first worker makes them
            make_clocks()

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        now = self.app.now()
        if self._ticked is not None and now < self._ticked:
            self._forget_the_future()
        self._ticked = now
        return super().tick(*args, **kwargs)

    def _forget_the_future(self) -> None:
        """Else nothing would be asked until the clock has caught up with what it once said."""
        now = self.app.now()
        for entry in self.schedule.values():
            if entry.last_run_at is not None:
                entry.last_run_at = min(entry.last_run_at, now)
        self._heap = None
