"""Long work: once, with an end that its owner can read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from accounts.audit import coming_from, record
from accounts.models import AuditEntry, Door
from grids.models import Sport
from jiaozuo_grid import jobs
from jiaozuo_grid.jobs import Job, State, start_job
from tests.builders import user
from tests.jiaozuo_grid import works  # noqa: F401  (registers the kinds of work)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs for which a message went out; no worker takes them."""
    messages: list[int] = []
    monkeypatch.setattr(jobs, "send", messages.append)
    return messages


def long_ago(job: Job, **fields: Any) -> None:
    """Let the job look as if nothing had been heard of it for an hour."""
    hour_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(created_at=hour_ago, seen_at=hour_ago, **fields)


def test_the_message_goes_out_after_the_commit(
    sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job("test add", user(), code="chess")
        assert sent == []
    assert sent == [job.pk]


def test_a_job_delivered_ten_times_is_done_once(sent: list[int]) -> None:
    """J2."""
    job = start_job("test add", user(), code="chess")
    for _delivery in range(10):
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.result) == (State.DONE, 1, {"added": 1})
    assert Sport.objects.filter(code="chess").count() == 1


def test_asking_again_for_the_same_open_work_gives_the_open_job(sent: list[int]) -> None:
    owner = user()
    first = start_job("test add", owner, key="add", code="chess")
    assert start_job("test add", owner, key="add", code="chess") == first
    assert Job.objects.count() == 1


@pytest.mark.parametrize("other", ["owner", "params", "upload"])
def test_other_work_under_an_open_key_is_refused_and_not_dropped(
    sent: list[int], other: str
) -> None:
    owner = user()
    start_job("test add", owner, key="add", code="chess")
    with pytest.raises(ValidationError):
        start_job(
            "test add",
            user() if other == "owner" else owner,
            key="add",
            code="go" if other == "params" else "chess",
            upload=ContentFile(b"x", "list.csv") if other == "upload" else None,
        )
    assert Job.objects.count() == 1


def test_a_key_is_free_again_when_its_job_has_ended(sent: list[int]) -> None:
    first = start_job("test add", user(), key="add", code="chess")
    jobs.run(first.pk)
    assert start_job("test add", user(), key="add", code="go") != first


def test_a_refused_job_says_why_and_leaves_nothing(sent: list[int]) -> None:
    job = start_job("test refuse", user(), code="chess")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, "line 3 is wrong")
    assert not Sport.objects.filter(code="chess").exists()


def test_a_crash_is_a_failure_that_tells_no_internals(sent: list[int]) -> None:
    job = start_job("test crash", user())
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.error
    assert "secret detail" not in job.error


def test_an_unknown_kind_of_work_fails_visibly(sent: list[int]) -> None:
    job = start_job("no such work", user())
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED


def test_a_fault_of_the_surroundings_is_tried_again_with_pauses_and_then_given_up(
    sent: list[int],
) -> None:
    """J6."""
    job = start_job("test faulty surroundings", user())
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.attempt == attempt
        if attempt < jobs.MAX_ATTEMPTS:
            assert job.state == State.PENDING
            assert job.not_before is not None
            jobs.run(job.pk)  # too early: nothing happens
            long_ago(job, not_before=timezone.now() - timedelta(seconds=1))
    assert job.state == State.FAILED
    assert job.error


def test_errors_are_in_the_language_of_who_started_the_job(sent: list[int]) -> None:
    with translation.override("en"):
        job = start_job("test crash", user())
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.error.startswith("An unexpected error")


def test_a_worker_thought_dead_cannot_finish_what_another_took_over(
    sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """J1: the zombie's writes are undone with its transaction."""
    job = start_job("test add", user(), code="chess")
    taken_over = False
    report = Job.report

    def taken_over_meanwhile(self: Job, steps_done: int, steps: int) -> None:
        nonlocal taken_over
        if not taken_over:
            taken_over = True
            Job.objects.filter(pk=job.pk).update(attempt=2)
        report(self, steps_done, steps)

    monkeypatch.setattr(Job, "report", taken_over_meanwhile)
    jobs.run(job.pk)
    assert taken_over
    assert not Sport.objects.filter(code="chess").exists()
    job.refresh_from_db()
    assert job.state == State.RUNNING


def test_the_sweep_gives_a_silent_job_to_another_worker(sent: list[int]) -> None:
    job = start_job("test add", user(), code="chess")
    long_ago(job, state=State.RUNNING, attempt=1)
    assert jobs.sweep() == 1
    assert sent == [job.pk]
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.DONE, 2)


def test_the_sweep_leaves_a_lively_job_alone(sent: list[int]) -> None:
    job = start_job("test add", user(), code="chess")
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING, attempt=1, seen_at=timezone.now() - timedelta(minutes=1)
    )
    assert jobs.sweep() == 0
    job.refresh_from_db()
    assert job.state == State.RUNNING


def test_the_sweep_gives_up_a_job_whose_worker_always_stops(sent: list[int]) -> None:
    job = start_job("test add", user(), code="chess")
    long_ago(job, state=State.RUNNING, attempt=jobs.MAX_ATTEMPTS)
    assert jobs.sweep() == 0
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.error
    assert job.finished_at is not None


def test_the_sweep_sends_again_what_nobody_took(sent: list[int]) -> None:
    """J3: the work stands in the database, whatever happened to the message."""
    job = start_job("test add", user(), code="chess")
    assert jobs.sweep() == 0
    long_ago(job)
    assert jobs.sweep() == 1
    assert jobs.sweep() == 0, "just sent: not again at once"
    assert sent == [job.pk]


def test_a_broker_that_is_away_does_not_fail_the_request(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """J3."""
    from jiaozuo_grid.tasks import run_job

    def away(*args: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(run_job, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job("test add", user(), code="chess")
    assert job.state == State.PENDING


def test_a_waiting_job_is_cancelled_at_once(sent: list[int]) -> None:
    job = start_job("test add", user(), code="chess")
    jobs.cancel(job)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert not Sport.objects.filter(code="chess").exists()


def test_a_running_job_is_cancelled_at_its_next_sign_of_life(
    sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start_job("test add", user(), code="chess")
    report = Job.report

    def cancelled_meanwhile(self: Job, steps_done: int, steps: int) -> None:
        jobs.cancel(self)
        report(self, steps_done, steps)

    monkeypatch.setattr(Job, "report", cancelled_meanwhile)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert not Sport.objects.filter(code="chess").exists()


def test_progress_is_seen_while_the_work_is_going_on(sent: list[int]) -> None:
    job = start_job("test add", user(), code="chess")
    job.report(1, 4)
    assert Job.objects.get(pk=job.pk).percent == 25


def test_uploads_of_ended_jobs_are_removed_after_a_week(sent: list[int]) -> None:
    job = start_job("test add", user(), upload=ContentFile(b"a,b", "list.csv"), code="chess")
    storage, name = job.upload.storage, str(job.upload.name)
    jobs.run(job.pk)
    jobs.sweep()
    assert storage.exists(name)
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=8))
    jobs.sweep()
    assert not storage.exists(name)
    job.refresh_from_db()
    assert not job.upload


def test_what_a_task_writes_says_so_in_the_audit_trail(
    django_capture_on_commit_callbacks: Any,
) -> None:
    owner = user()
    with coming_from(Door.PAGE):
        with django_capture_on_commit_callbacks(execute=True):
            start_job("test add", owner, code="chess")
        record(owner, "after", area_code="4108")
    doors = dict(AuditEntry.objects.values_list("verb", "door"))
    assert doors == {"add": Door.TASK, "after": Door.PAGE}
