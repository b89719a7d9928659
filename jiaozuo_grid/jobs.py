"""Long work: a row that says what, who, how far, with what result or error; a task runs it.

The row is the job, not the message: a message that is lost, doubled or late changes nothing. Each
claim raises ``attempt``, and only the holder of the current attempt may finish the job, so a
worker that was thought dead cannot overwrite what its successor did.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

log = logging.getLogger(__name__)

# Without a sign of life for this long a running job is taken from its worker.
SILENCE = timedelta(minutes=5)
MAX_ATTEMPTS = 5


class State(models.TextChoices):
    PENDING = "pending", gettext_lazy("waiting")
    RUNNING = "running", gettext_lazy("running")
    DONE = "done", gettext_lazy("done")
    FAILED = "failed", gettext_lazy("failed")


class Job(models.Model):
    """One piece of long work. Two jobs with the same ``key`` are never open at once."""

    kind = models.CharField(gettext_lazy("kind"), max_length=50)
    key = models.CharField(gettext_lazy("key"), max_length=100)
    params = models.JSONField(gettext_lazy("parameters"), default=dict)
    upload = models.FileField(gettext_lazy("uploaded file"), upload_to="jobs/", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("started by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    attempt = models.PositiveSmallIntegerField(gettext_lazy("attempt"), default=0)
    steps_done = models.PositiveIntegerField(gettext_lazy("steps done"), default=0)
    steps = models.PositiveIntegerField(gettext_lazy("steps"), default=0)
    result = models.JSONField(gettext_lazy("result"), null=True, blank=True)
    error = models.TextField(gettext_lazy("error"), blank=True)
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    seen_at = models.DateTimeField(gettext_lazy("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(gettext_lazy("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("job")
        verbose_name_plural = gettext_lazy("jobs")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_job_per_key",
                fields=["key"],
                condition=Q(state__in=["pending", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def open(self) -> bool:
        return self.state in (State.PENDING, State.RUNNING)

    @property
    def percent(self) -> int:
        if self.state == State.DONE:
            return 100
        return min(99, self.steps_done * 100 // self.steps) if self.steps else 0

    def report(self, steps_done: int, steps: int) -> None:
        """Progress and a sign of life, written outside the work's own transaction if it can be."""
        self._current().update(steps_done=steps_done, steps=steps, seen_at=timezone.now())

    def _current(self) -> models.QuerySet[Job]:
        return Job.objects.filter(pk=self.pk, attempt=self.attempt, state=State.RUNNING)


class Work(Protocol):
    def __call__(self, job: Job) -> dict[str, Any]: ...


_works: dict[str, Work] = {}


def works_as(kind: str) -> Callable[[Work], Work]:
    """Register the function that does jobs of a kind; it returns the job's result."""

    def register(work: Work) -> Work:
        _works[kind] = work
        return work

    return register


def start_job(kind: str, owner: Any, *, key: str = "", upload: Any = None, **params: Any) -> Job:
    """Put a job in the queue, or return the open one with the same key.

    Without a key each job stands alone. The message goes out after the commit.
    """
    key = key or f"{kind}:{uuid4()}"
    with transaction.atomic():
        job, created = Job.objects.get_or_create(
            key=key,
            state__in=[State.PENDING, State.RUNNING],
            defaults={"kind": kind, "owner": owner, "params": params, "state": State.PENDING},
        )
        if not created:
            return job
        if upload is not None:
            job.upload.save(upload.name, upload)
        transaction.on_commit(lambda: send(job.pk))
    return job


def send(job_id: int) -> None:
    """Tell a worker; when the broker is away, ``sweep`` finds the row later."""
    from jiaozuo_grid.tasks import run_job

    try:
        run_job.delay(job_id)
    except Exception:  # the broker's own exceptions differ by transport
        log.warning("job %s could not be sent; it will be swept up", job_id, exc_info=True)


def run(job_id: int) -> None:
    """Claim a pending job and do it. Safe to call any number of times for the same job."""
    claimed = Job.objects.filter(pk=job_id, state=State.PENDING).update(
        state=State.RUNNING, attempt=F("attempt") + 1, seen_at=timezone.now()
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    try:
        result = _works[job.kind](job)
    except ValidationError as error:
        _finish(job, State.FAILED, error=" ".join(error.messages))
    except Exception:
        log.exception("job %s failed", job_id)
        _finish(job, State.FAILED, error=_("An unexpected error; it has been logged."))
    else:
        _finish(job, State.DONE, result=result)


def _finish(job: Job, state: State, **fields: Any) -> None:
    job._current().update(state=state, finished_at=timezone.now(), **fields)


def sweep() -> int:
    """Send again what nobody took, and take from silent workers what they did not finish."""
    now = timezone.now()
    silent = Job.objects.filter(state=State.RUNNING, seen_at__lt=now - SILENCE)
    silent.filter(attempt__gte=MAX_ATTEMPTS).update(
        state=State.FAILED, finished_at=now, error=_("The worker stopped several times.")
    )
    silent.update(state=State.PENDING)
    waiting = list(
        Job.objects.filter(
            state=State.PENDING, created_at__lt=now - timedelta(minutes=1)
        ).values_list("pk", flat=True)[:100]
    )
    for job_id in waiting:
        send(job_id)
    return len(waiting)
