"""Periodic jobs: on time, once, with an end that the bureau can read (pitfalls, "Jobs")."""

from __future__ import annotations

import errno
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils import timezone

from jiaozuo_grid.periodic import daily, every, monthly
from jiaozuo_grid.periodic.models import JobClock, JobRun, Outcome, Reason
from jiaozuo_grid.periodic.running import ATTEMPTS, PAUSES, REST, run
from jiaozuo_grid.periodic.tidying import KEEP_GOOD, tidy_runs
from tests.jiaozuo_grid.periodic_works import Work, is_due, job

pytestmark = pytest.mark.django_db


def clock() -> JobClock:
    return JobClock.objects.get(name="test")


# --- due ---


def test_a_question_asked_ten_times_runs_a_due_job_once() -> None:
    """J2."""
    work = Work({"things": 3})
    declared = job(work)
    for _delivery in range(10):
        run(declared)
    assert work.calls == 1
    only = JobRun.objects.get()
    assert (only.outcome, only.counts, only.attempt) == (Outcome.DONE, {"things": 3}, 1)


def test_a_job_missed_a_hundred_times_is_caught_up_once() -> None:
    work = Work({"things": 1})
    declared = job(work, schedule=daily(2, 30))
    is_due("test", since=timedelta(days=100))
    run(declared)
    run(declared)
    assert work.calls == 1
    assert timezone.now() < clock().due_at <= timezone.now() + timedelta(days=1)


def test_a_job_that_is_new_waits_for_its_first_regular_time() -> None:
    work = Work()
    declared = job(work, schedule=daily(2, 30))
    JobClock.objects.all().delete()
    run(declared)
    assert work.calls == 0
    assert clock().due_at == daily(2, 30).after(timezone.now())


def test_a_due_time_written_by_a_clock_since_set_back_is_not_waited_for() -> None:
    """S5."""
    declared = job(Work(), schedule=every(seconds=5))
    JobClock.objects.update(due_at=timezone.now() + timedelta(days=365))
    run(declared)
    assert clock().due_at <= timezone.now() + timedelta(seconds=5)


def test_a_pause_written_by_a_clock_since_set_back_is_not_waited_for() -> None:
    """S5."""
    work = Work()
    declared = job(work)
    JobClock.objects.update(failures=1, not_before=timezone.now() + timedelta(days=365))
    run(declared)
    assert work.calls == 1


def test_what_waits_is_asked_before_the_work_is_called() -> None:
    work = Work({"things": 1})
    run(job(work, waiting=lambda: False))
    assert work.calls == 0
    assert clock().quiet_at is not None


def test_a_job_with_something_waiting_runs_early_when_it_is_told_of_it() -> None:
    work = Work({"things": 1})
    declared = job(work, waiting=lambda: True)
    JobClock.objects.update(due_at=timezone.now() + timedelta(minutes=9))
    run(declared)
    assert work.calls == 0
    run(declared, early=True)
    assert work.calls == 1


def test_times_of_day_are_the_citys() -> None:
    """02:30 in Jiaozuo is 18:30 of the day before in UTC."""
    moment = datetime.fromisoformat("2026-03-04T18:29:00+00:00")
    assert daily(2, 30).after(moment).isoformat() == "2026-03-05T02:30:00+08:00"
    assert daily(2, 30).after(daily(2, 30).after(moment)).isoformat() == "2026-03-06T02:30:00+08:00"


def test_a_month_has_one_due_time() -> None:
    at = monthly(day=5, hour=4)
    moment = datetime.fromisoformat("2026-12-05T04:00:00+08:00")
    assert at.after(moment).isoformat() == "2027-01-05T04:00:00+08:00"
    assert at.after(moment - timedelta(seconds=1)) == moment


# --- alone ---


def test_a_job_that_runs_is_not_run_a_second_time_meanwhile() -> None:
    """J2: asked again in the middle, in the same database session."""
    calls: list[int] = []

    def work() -> dict[str, int]:
        calls.append(1)
        is_due("test")
        run(declared)
        return {"things": 1}

    declared = job(work)
    run(declared)
    assert calls == [1]


def test_a_run_whose_worker_died_is_on_record_and_taken_over_at_once() -> None:
    """J1."""
    work = Work({"things": 1})
    declared = job(work)
    began = timezone.now() - timedelta(seconds=5)
    JobClock.objects.update(started_at=began, run_no=7)
    run(declared)
    assert work.calls == 1
    stopped, done = JobRun.objects.order_by("id")
    assert (stopped.outcome, stopped.reason) == (Outcome.FAILED, Reason.STOPPED)
    assert stopped.started_at == began
    assert (done.outcome, done.attempt) == (Outcome.DONE, 2)
    assert clock().started_at is None


def test_a_worker_thought_dead_cannot_end_the_run_of_its_successor() -> None:
    """J1: the zombie's end changes nothing, and is not on record."""

    def work() -> dict[str, int]:
        JobClock.objects.update(run_no=99)
        return {"things": 1}

    run(job(work))
    assert clock().started_at is not None
    assert not JobRun.objects.exists()


# --- failures ---


def test_a_failure_is_tried_again_with_growing_pauses_and_the_fifth_is_given_up() -> None:
    """J6."""
    work = Work(error=KeyError("secret detail"))
    declared = job(work)
    for attempt in range(1, ATTEMPTS + 1):
        run(declared)
        run(declared)  # too early: nothing happens
        assert work.calls == attempt
        latest = JobRun.objects.first()
        assert latest is not None
        assert latest.attempt == attempt
        if attempt < ATTEMPTS:
            assert latest.outcome == Outcome.FAILED
            pause = clock().not_before
            assert pause is not None
            assert abs(pause - latest.ended_at - PAUSES[attempt - 1]) < timedelta(seconds=1)
            JobClock.objects.update(not_before=timezone.now())
    assert latest is not None
    assert latest.outcome == Outcome.GIVEN_UP
    assert clock().given_up_at is not None
    assert "secret" not in latest.detail


def test_what_was_given_up_rests_and_is_tried_again_at_its_regular_time() -> None:
    work = Work(error=KeyError())
    declared = job(work, schedule=every(seconds=5))
    JobClock.objects.update(failures=ATTEMPTS - 1)
    run(declared)
    resting = clock()
    assert resting.not_before is not None
    assert resting.not_before > timezone.now() + REST - timedelta(minutes=1)
    is_due("test")
    work.error = None
    run(declared)
    assert work.calls == 2
    assert clock().given_up_at is None


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Reason.FILES, "No space left"),
        (MemoryError(), Reason.MEMORY, ""),
        (OperationalError("host 10.0.0.7"), Reason.DATABASE, "OperationalError"),
        (SoftTimeLimitExceeded(), Reason.TOO_LONG, ""),
        (ValidationError("the month is not signed"), Reason.REFUSED, "the month is not signed"),
        (KeyError("13800000000"), Reason.UNEXPECTED, "KeyError"),
    ],
)
def test_a_failure_says_why_and_no_more(error: Exception, reason: str, detail: str) -> None:
    """J6: the words are for the bureau; the log has the rest."""
    run(job(Work(error=error)))
    failed = JobRun.objects.get()
    assert failed.reason == reason
    assert failed.detail.startswith(detail)
    assert "10.0.0.7" not in failed.detail
    assert "138" not in failed.detail


def test_a_good_run_forgets_the_failures_before_it() -> None:
    work = Work({"things": 1}, error=KeyError())
    declared = job(work)
    run(declared)
    work.error = None
    is_due("test")
    run(declared)
    assert (clock().failures, clock().not_before) == (0, None)


def test_a_database_that_is_away_fails_no_task(monkeypatch: pytest.MonkeyPatch) -> None:
    """J4: the next question finds everything as it was."""
    declared = job(Work())

    def away(*args: Any) -> None:
        raise OperationalError("no route")

    monkeypatch.setattr("jiaozuo_grid.periodic.running.clock_of", away)
    run(declared)


# --- the record ---


def test_runs_that_found_nothing_to_do_leave_only_the_time_of_the_latest() -> None:
    declared = job(Work({"things": 0}))
    for _time in range(3):
        is_due("test")
        run(declared)
    assert not JobRun.objects.exists()
    assert clock().quiet_at is not None


def _old_run(outcome: str, days: int) -> JobRun:
    ago = timezone.now() - timedelta(days=days)
    return JobRun.objects.create(
        name="test", due_at=ago, started_at=ago, ended_at=ago, attempt=1, outcome=outcome
    )


def test_runs_are_forgotten_after_ninety_days() -> None:
    job(Work())
    _old_run(Outcome.FAILED, 91)
    kept = _old_run(Outcome.FAILED, 89)
    assert tidy_runs() == 1
    assert JobRun.objects.get() == kept


def test_of_good_runs_the_newest_thousand_are_kept_and_every_failure() -> None:
    job(Work())
    failed = _old_run(Outcome.FAILED, 2)
    first = _old_run(Outcome.DONE, 2)
    moment = timezone.now()
    JobRun.objects.bulk_create(
        JobRun(
            name="test",
            due_at=moment,
            started_at=moment,
            ended_at=moment,
            attempt=1,
            outcome=Outcome.DONE,
        )
        for _n in range(KEEP_GOOD)
    )
    assert tidy_runs() == 1
    assert JobRun.objects.filter(pk=failed.pk).exists()
    assert not JobRun.objects.filter(pk=first.pk).exists()
