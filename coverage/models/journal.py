"""What became known when: every change of a figure, at the leaf at which it happened."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.reach import ScopedQuerySet


class Cause(models.TextChoices):
    """Why what is known changed."""

    # More rows count than did before: something happened, or was entered.
    ADDED = "added", _("added")
    # What was counted already is withdrawn, ended or corrected.
    CORRECTED = "corrected", _("corrected")
    REORGANISED = "reorganised", _("reorganised")
    REDEFINED = "redefined", _("definition changed")
    # Found by counting everything anew (coverage/recount.py).
    RECOUNTED = "recounted", _("counted anew")


class JournalLine(models.Model):
    """A change of a measure at its own code, as the fold of one moment found it.

    A standing measure: ``amount`` more (or less) on each day from ``started_on`` (included) to
    ``ended_on`` (excluded; None: still). A flow: ``amount`` more on the day ``started_on``, in
    the figure of that day's month. ``rows`` says by how many more rows or spells it counts. What
    was known at an earlier moment is the figure of today without the lines since.
    """

    recorded_at = models.DateTimeField(_("recorded"))
    measure = models.CharField(_("measure"), max_length=30)
    area_code = models.CharField(_("area code"), max_length=17)
    started_on = models.DateField(_("from day"))
    ended_on = models.DateField(_("until day"), null=True)
    amount = models.BigIntegerField(_("change"))
    # Of a line of sessions; what else changes has a line of its own (coverage/journal/columns.py).
    participants = models.BigIntegerField(_("participants"), default=0)
    participant_minutes = models.BigIntegerField(_("participant-minutes"), default=0)
    rows = models.IntegerField(_("rows"))
    cause = models.CharField(_("why"), max_length=12, choices=Cause.choices)
    # Whether it concerns a day before that on which it was recorded.
    late = models.BooleanField(_("recorded later"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        indexes = [
            # Of one day or month all that was recorded in it …
            models.Index(fields=["measure", "recorded_at"], name="journal_recorded"),
            # … and what was recorded afterwards, which is little.
            models.Index(
                fields=["measure", "area_code", "recorded_at"],
                name="journal_late",
                condition=models.Q(late=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.area_code} {self.amount:+d}"


class JournalOpening(models.Model):
    """From when on a measure's journal is complete (None: from the beginning), and its version."""

    measure = models.CharField(_("measure"), max_length=30, unique=True)
    opened_at = models.DateTimeField(_("complete since"), null=True)
    version = models.PositiveSmallIntegerField(_("version of the definition"), default=1)

    class Meta:
        verbose_name = _("journal opening")
        verbose_name_plural = _("journal openings")

    def __str__(self) -> str:
        return f"{self.measure} {self.opened_at or ''}"
