"""Where each periodic job stands, and what its runs came to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    DONE = "done", _("done")
    FAILED = "failed", _("failed, is tried again")
    GIVEN_UP = "given_up", _("given up")


class Reason(models.TextChoices):
    """Why a run failed, in words for the bureau; the log has the rest."""

    STOPPED = "stopped", _("the worker was stopped in the middle")
    TOO_LONG = "too_long", _("it took longer than it may")
    FILES = "files", _("a file could not be read or written")
    MEMORY = "memory", _("there was not enough memory")
    DATABASE = "database", _("the database was away or refused")
    REFUSED = "refused", _("it cannot be done as things are")
    UNEXPECTED = "unexpected", _("an unexpected error; it has been logged")


class JobClock(models.Model):
    """One row a declared job: when it is due, whether it runs, how often it failed since.

    The messages that ask for a run hold no state; this row does. ``run_no`` is raised by each
    claim, and only the holder of the current number may end the run.
    """

    name = models.CharField(_("job"), max_length=50, unique=True)
    # Moved on by a good end only, so that it says since when the work is owed.
    due_at = models.DateTimeField(_("due at"))
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    started_at = models.DateTimeField(_("running since"), null=True, blank=True)
    run_no = models.PositiveBigIntegerField(_("number of the run"), default=0)
    # Of this due time.
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    quiet_at = models.DateTimeField(_("found nothing to do at"), null=True, blank=True)
    wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("periodic job")
        verbose_name_plural = _("periodic jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class JobRun(models.Model):
    """A run that did something or failed; runs that found nothing to do leave no row."""

    name = models.CharField(_("job"), max_length=50)
    # The due time that it was for.
    due_at = models.DateTimeField(_("due at"))
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"))
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("run of a periodic job")
        verbose_name_plural = _("runs of periodic jobs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["name", "id"], name="runs_of_a_job")]

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> float:
        return max(0.0, (self.ended_at - self.started_at).total_seconds())
