"""Long work: a row that says what, who, with what result or error; a task runs it.

The row is the job, not the message: a message that is lost, doubled or late changes nothing. Each
claim raises ``attempt``, and only the holder of the current attempt may finish the job, so a
worker that was thought dead cannot overwrite what its successor did. What a job writes and that it
is done are one transaction: a worker killed at any point has done all of it or nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, Protocol
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiaozuo_grid.reach import Actor, System

log = logging.getLogger(__name__)

# Without a sign of life for this long a running job is taken from its worker.
SILENCE = timedelta(minutes=5)
MAX_ATTEMPTS = 5
# A waiting job whose message may be lost is sent again after this long.
SEND_AGAIN = timedelta(minutes=1)
KEEP_UPLOADS = timedelta(days=7)
# Progress is written at most this often, in seconds.
REPORT_EVERY = 0.5
# Faults of the surroundings, which may be gone at the next attempt.
TRANSIENT = (OperationalError, InterfaceError, OSError)


class Superseded(Exception):
    """Another attempt holds the job; this one must write nothing."""


class Cancelled(Exception):
    """The owner cancelled the job while it ran."""


class State(models.TextChoices):
    PENDING = "pending", gettext_lazy("waiting")
    RUNNING = "running", gettext_lazy("running")
    DONE = "done", gettext_lazy("done")
    FAILED = "failed", gettext_lazy("failed")
    CANCELLED = "cancelled", gettext_lazy("cancelled")


OPEN = [State.PENDING, State.RUNNING]


class Job(models.Model):
    """One piece of long work. Two jobs with the same ``key`` are never open at once."""

    kind = models.CharField(gettext_lazy("kind"), max_length=50)
    key = models.CharField(gettext_lazy("key"), max_length=100)
    params = models.JSONField(gettext_lazy("parameters"), default=dict, blank=True)
    upload = models.FileField(gettext_lazy("uploaded file"), upload_to="jobs/", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("started by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    # The language in which the owner reads results and errors.
    language = models.CharField(gettext_lazy("language"), max_length=10, editable=False)
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    attempt = models.PositiveSmallIntegerField(gettext_lazy("attempt"), default=0)
    result = models.JSONField(gettext_lazy("result"), null=True, blank=True)
    error = models.TextField(gettext_lazy("error"), blank=True)
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    seen_at = models.DateTimeField(gettext_lazy("last sign of life"), null=True, blank=True)
    not_before = models.DateTimeField(gettext_lazy("not before"), null=True, blank=True)
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
        indexes = [models.Index(fields=["state", "seen_at"], name="job_by_state")]

    def __str__(self) -> str:
        return f"{self.label} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def label(self) -> str:
        """What the owner calls this kind of work."""
        kind = _kinds.get(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def back_url(self) -> str:
        """The page that starts this kind of work."""
        kind = _kinds.get(self.kind)
        return reverse(kind.back) if kind and kind.back else reverse("home")

    @property
    def all_or_nothing(self) -> bool:
        """Whether a job that did not get done has changed nothing."""
        kind = _kinds.get(self.kind)
        return kind is None or kind.atomic

    @property
    def result_template(self) -> str:
        kind = _kinds.get(self.kind)
        return kind.result_template if kind else DEFAULT_RESULT

    @property
    def progress(self) -> tuple[int, int]:
        """Steps done, of how many; (0, 0) while not known."""
        return _recall(self._cache_key("progress")) or (0, 0)

    @property
    def percent(self) -> int:
        if self.state == State.DONE:
            return 100
        steps_done, steps = self.progress
        return min(99, steps_done * 100 // steps) if steps else 0

    def report(self, steps_done: int, steps: int) -> None:
        """Progress and a sign of life. Raises ``Cancelled`` when the owner no longer wants it.

        Kept in the cache, so that it is seen while the work's own transaction is still open.
        """
        now = monotonic()
        if now - getattr(self, "_reported_at", -REPORT_EVERY) < REPORT_EVERY:
            return
        self._reported_at = now
        _remember(self._cache_key("progress"), (steps_done, steps))
        if _recall(self._cache_key("cancel")):
            raise Cancelled
        if not connection.in_atomic_block:
            self._current().update(seen_at=timezone.now())

    def _current(self) -> models.QuerySet[Job]:
        return Job.objects.filter(pk=self.pk, attempt=self.attempt, state=State.RUNNING)

    def _cache_key(self, what: str) -> str:
        return f"job:{self.pk}:{self.created_at.timestamp()}:{what}"


def _remember(key: str, value: Any) -> None:
    try:
        cache.set(key, value, timeout=24 * 3600)
    except Exception:  # progress is a courtesy: a cache that is away must not fail the job
        log.debug("cache is away", exc_info=True)


def _recall(key: str) -> Any:
    try:
        return cache.get(key)
    except Exception:
        log.debug("cache is away", exc_info=True)
        return None


class Work(Protocol):
    def __call__(self, job: Job) -> dict[str, Any]: ...


DEFAULT_RESULT = "jiaozuo_grid/_job_result.html"


@dataclass(frozen=True)
class Kind:
    """What is known of one kind of work."""

    work: Work
    label: str | Promise
    atomic: bool
    back: str
    result_template: str


_kinds: dict[str, Kind] = {}


def works_as(
    kind: str,
    *,
    label: str | Promise = "",
    atomic: bool = True,
    back: str = "",
    result_template: str = DEFAULT_RESULT,
) -> Callable[[Work], Work]:
    """Register the function that does jobs of a kind; it returns the job's result as JSON.

    ``atomic`` work runs in one transaction with the end of its job, so it happens once or not at
    all. Work that only reads, or that commits in idempotent pieces, turns it off and must call
    ``job.report`` at least every few minutes. ``back`` names the URL of the page that starts it;
    ``result_template`` shows ``job.result`` on the job's page.
    """

    def register(work: Work) -> Work:
        _kinds[kind] = Kind(work, label or kind, atomic, back, result_template)
        return work

    return register


def start_job(kind: str, owner: Actor, *, key: str = "", upload: Any = None, **params: Any) -> Job:
    """Put a job in the queue; the message goes out after the commit.

    Asking again for the same open work (same key, owner and parameters, no upload) returns the
    open job. Other work under an open key raises ``ValidationError``: nothing is dropped in
    silence. Without a key each job stands alone.
    """
    key = key or f"{kind}:{uuid4()}"
    owner = None if isinstance(owner, System) else owner
    with transaction.atomic():
        job, created = Job.objects.get_or_create(
            key=key,
            state__in=OPEN,
            defaults={
                "kind": kind,
                "owner": owner,
                "params": params,
                "language": translation.get_language() or settings.LANGUAGE_CODE,
                "state": State.PENDING,
            },
        )
        if not created:
            if upload is None and job.owner == owner and job.params == params:
                return job
            raise ValidationError(
                _("Work of this kind is still running. Try again when it has finished."),
                code="busy",
            )
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


def cancel(job: Job) -> None:
    """Ask for an end: at once when it waits, at its next sign of life when it runs."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, state=State.PENDING)
    if not waiting.update(state=State.CANCELLED, finished_at=now):
        _remember(job._cache_key("cancel"), True)


def run(job_id: int) -> None:
    """Claim a waiting job and do it. Safe to call any number of times for the same job."""
    job = _claim(job_id)
    if job is None:
        return
    with translation.override(job.language):
        try:
            _do(job)
        except Superseded:
            log.warning("job %s attempt %s came too late", job.pk, job.attempt)
        except Cancelled:
            _finish_if_current(job, State.CANCELLED)
        except ValidationError as error:
            _finish_if_current(job, State.FAILED, error="\n".join(error.messages))
        except PermissionDenied as error:
            _finish_if_current(job, State.FAILED, error=str(error))
        except TRANSIENT:
            _try_later(job)
        except Exception:
            log.exception("job %s failed", job_id)
            _finish_if_current(
                job,
                State.FAILED,
                error=_("An unexpected error (job %(id)s); it has been logged.") % {"id": job.pk},
            )


def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    claimed = Job.objects.filter(due, pk=job_id, state=State.PENDING).update(
        state=State.RUNNING, attempt=F("attempt") + 1, seen_at=now
    )
    return Job.objects.select_related("owner").get(pk=job_id) if claimed else None


def _do(job: Job) -> None:
    kind = _kinds[job.kind]
    if not kind.atomic:
        _finish(job, State.DONE, result=kind.work(job))
        return
    with transaction.atomic():
        # The lock says that this worker lives: the sweep passes over locked rows, and the
        # database lets go of it when the worker dies.
        if job._current().select_for_update().first() is None:
            raise Superseded
        _finish(job, State.DONE, result=kind.work(job))


def _finish(job: Job, state: State, **fields: Any) -> None:
    if not job._current().update(state=state, finished_at=timezone.now(), **fields):
        raise Superseded


def _finish_if_current(job: Job, state: State, **fields: Any) -> None:
    job._current().update(state=state, finished_at=timezone.now(), **fields)


def _try_later(job: Job) -> None:
    """After a fault of the surroundings: again with growing pauses, and not for ever."""
    log.warning("job %s attempt %s met a fault", job.pk, job.attempt, exc_info=True)
    if job.attempt >= MAX_ATTEMPTS:
        _finish_if_current(
            job,
            State.FAILED,
            error=_("It failed %(n)s times; it has been logged.") % {"n": job.attempt},
        )
        return
    pause = timedelta(seconds=30 * 2 ** (job.attempt - 1))
    now = timezone.now()
    job._current().update(state=State.PENDING, seen_at=now, not_before=now + pause)


def sweep() -> int:
    """Send again what nobody took, and take from silent workers what they did not finish.

    Returns how many jobs were sent. Also removes the uploads of jobs that ended a week ago.
    """
    now = timezone.now()
    _take_from_the_silent(now)
    last_sign = Coalesce("seen_at", "created_at")
    waiting = list(
        Job.objects.filter(Q(not_before__isnull=True) | Q(not_before__lte=now), state=State.PENDING)
        .annotate(last_sign=last_sign)
        .filter(last_sign__lt=now - SEND_AGAIN)
        .values_list("pk", flat=True)[:100]
    )
    Job.objects.filter(pk__in=waiting, state=State.PENDING).update(seen_at=now)
    for job_id in waiting:
        send(job_id)
    for job in Job.objects.filter(finished_at__lt=now - KEEP_UPLOADS).exclude(upload="")[:100]:
        job.upload.delete()
    return len(waiting)


@transaction.atomic
def _take_from_the_silent(now: Any) -> None:
    skip = connection.features.has_select_for_update_skip_locked
    silent = list(
        Job.objects.select_for_update(skip_locked=skip)
        .filter(state=State.RUNNING, seen_at__lt=now - SILENCE)
        .values_list("pk", "attempt", "language")
    )
    for job_id, attempt, language in silent:
        job = Job.objects.filter(pk=job_id)
        if attempt < MAX_ATTEMPTS:
            # Waiting since long ago, so that this very sweep sends it.
            job.update(state=State.PENDING)
            continue
        with translation.override(language):
            error = _("The worker stopped %(n)s times; it has been logged.") % {"n": attempt}
        log.error("job %s: its worker stopped %s times", job_id, attempt)
        job.update(state=State.FAILED, finished_at=now, error=error)
