"""One question answered: is the job due, is it free, then run it and write down what came of it.

Everything stands in the job's ``JobClock``. Under the job's lock (``alone``) a run that was begun
and not ended belongs to a worker that is dead: it is written down as stopped, and the job begins
again. A worker that lost its lock without noticing (its connection went) may still be at work when
another has taken over; the number of the run keeps it from ending what is no longer its own.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation

from jiaozuo_grid.periodic.alone import alone, end_holder
from jiaozuo_grid.periodic.asking import GRACE
from jiaozuo_grid.periodic.declaring import Counts, PeriodicJob, declared
from jiaozuo_grid.periodic.models import JobClock, JobRun, Outcome, Reason

log = logging.getLogger(__name__)

# After the first failure, the second …; the fifth is the last.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 90, 270))
ATTEMPTS = len(PAUSES) + 1
# A job that was given up is let alone for so long, however short its period.
REST = timedelta(hours=1)


@dataclass(frozen=True)
class Failure:
    reason: Reason
    detail: str = ""


def run(job: PeriodicJob, *, early: bool = False) -> None:
    """Run the job if it is due and nobody runs it. Safe to call any number of times, anywhere.

    ``early``: a job that can tell whether something waits runs before its time if something does.
    """
    try:
        with alone(job.name) as mine:
            if not mine:
                _free_from_the_stuck(job)
            elif (clock := _claim(job, early)) is not None:
                _work(job, clock)
    except (OperationalError, InterfaceError) as error:
        # Nothing can be written down either; the next question finds it as it was.
        log.warning("%s could not be run, the database is away: %s", job.name, error)


def clock_of(job: PeriodicJob) -> JobClock:
    """Where the job stands; a job that is new here is due at its next regular time."""
    clock = JobClock.objects.filter(name=job.name).first()
    if clock is None:
        due_at = job.schedule.after(timezone.now())
        JobClock.objects.bulk_create(
            [JobClock(name=job.name, due_at=due_at)], ignore_conflicts=True
        )
        clock = JobClock.objects.get(name=job.name)
    return clock


def make_clocks() -> None:
    """A clock for every job, so that one which no worker ever takes becomes late too."""
    for job in declared().values():
        clock_of(job)


def _claim(job: PeriodicJob, early: bool) -> JobClock | None:
    clock = clock_of(job)
    now = timezone.now()
    if clock.started_at is not None:
        _fail(job, clock, Failure(Reason.STOPPED))
        clock.refresh_from_db()
    _mend_due_time(job, clock, now)
    due = clock.due_at <= now or (early and job.waiting is not None)
    if not due or not _is_free(clock, now):
        return None
    if job.waiting is not None and not _waits(job):
        _end(job, clock, None)
        return None
    claimed = JobClock.objects.filter(pk=clock.pk, run_no=clock.run_no, started_at=None).update(
        started_at=now, run_no=clock.run_no + 1
    )
    if not claimed:
        return None
    clock.started_at, clock.run_no = now, clock.run_no + 1
    return clock


def _mend_due_time(job: PeriodicJob, clock: JobClock, now: datetime) -> None:
    """Later than the next regular time: another schedule, or a clock set back since, said so."""
    following = job.schedule.after(now)
    if clock.due_at > following:
        clock.due_at = following
        clock.save(update_fields=["due_at"])


def _is_free(clock: JobClock, now: datetime) -> bool:
    """No pause after a failure; one longer than any was set by a clock set back since."""
    return clock.not_before is None or not now < clock.not_before <= now + REST


def _waits(job: PeriodicJob) -> bool:
    try:
        return job.waiting is None or job.waiting()
    except Exception:  # whatever keeps it from telling will fail the run, which is on record
        log.warning("%s cannot tell whether something waits", job.name, exc_info=True)
        return True


def _work(job: PeriodicJob, clock: JobClock) -> None:
    try:
        with translation.override(settings.LANGUAGE_CODE):
            counts = job.work()
    except Exception as error:  # a run has an end, whatever happened
        log.exception("periodic job %s failed", job.name)
        # The lock hangs on this connection: it is given up only where it is broken anyway.
        broken = connection.errors_occurred and not connection.is_usable()
        if broken and not connection.in_atomic_block:
            connection.close()
        _fail(job, clock, _explained(error))
    else:
        _end(job, clock, counts)


def _explained(error: Exception) -> Failure:
    match error:
        case SoftTimeLimitExceeded():
            return Failure(Reason.TOO_LONG)
        case ValidationError():
            return Failure(Reason.REFUSED, "\n".join(error.messages))
        case MemoryError():
            return Failure(Reason.MEMORY)
        case OSError():
            return Failure(Reason.FILES, error.strerror or "")
        case DatabaseError() | InterfaceError():
            return Failure(Reason.DATABASE, type(error).__name__)
        case _:
            return Failure(Reason.UNEXPECTED, type(error).__name__)


@transaction.atomic
def _end(job: PeriodicJob, clock: JobClock, counts: Counts) -> None:
    """A good end: nothing is owed any more."""
    now = timezone.now()
    did = dict(counts or {})
    quiet = {} if any(did.values()) else {"quiet_at": now}
    fresh = {
        "due_at": job.schedule.after(now),
        "not_before": None,
        "failures": 0,
        "given_up_at": None,
        "wanted_by": None,
    }
    if not _step(clock, {**fresh, **quiet}):
        log.warning("periodic job %s ended after another worker had taken it over", job.name)
    elif not quiet:
        _record(job, clock, Outcome.DONE, counts=did)


@transaction.atomic
def _fail(job: PeriodicJob, clock: JobClock, failure: Failure) -> None:
    now = timezone.now()
    failures = clock.failures + 1
    if failures < ATTEMPTS:
        outcome = Outcome.FAILED
        # A worker that was stopped once was stopped by hand or by an update: follow it at once.
        follow = failure.reason == Reason.STOPPED and failures == 1
        pause = None if follow else now + PAUSES[failures - 1]
        changes: dict[str, object] = {"failures": failures, "not_before": pause}
    else:
        outcome = Outcome.GIVEN_UP
        changes = {
            "failures": 0,
            "given_up_at": now,
            "due_at": job.schedule.after(now),
            "not_before": now + REST if job.schedule.after(now) < now + REST else None,
            "wanted_by": None,
        }
    if _step(clock, changes):
        log.error("periodic job %s failed (%s), attempt %s", job.name, failure.reason, failures)
        _record(job, clock, outcome, reason=failure.reason, detail=failure.detail)
    else:
        log.warning("periodic job %s failed after another worker had taken it over", job.name)


def _step(clock: JobClock, changes: dict[str, object]) -> bool:
    """End the run if it is still this one."""
    mine = JobClock.objects.filter(pk=clock.pk, run_no=clock.run_no, started_at=clock.started_at)
    return bool(mine.update(started_at=None, **changes))


def _record(job: PeriodicJob, clock: JobClock, outcome: Outcome, **fields: object) -> None:
    now = timezone.now()
    JobRun.objects.create(
        name=job.name,
        due_at=clock.due_at,
        started_at=clock.started_at or now,
        ended_at=now,
        attempt=clock.failures + 1,
        outcome=outcome,
        asked_by_id=clock.wanted_by_id,
        **fields,
    )


def _free_from_the_stuck(job: PeriodicJob) -> None:
    """A lock held beyond the time limit: its holder hangs, or was lost with its machine."""
    clock = clock_of(job)
    since = clock.started_at or clock.due_at
    if timezone.now() - since > job.limit + 2 * GRACE and end_holder(job.name):
        log.error("periodic job %s hung since %s; its session was ended", job.name, since)
