"""Lasting rows: what was in force on a day. They end and another begins; they are never deleted."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def today() -> date:
    """The city's calendar day (Asia/Shanghai)."""
    return timezone.localdate()


def in_force_q(day: date, prefix: str = "") -> Q:
    """A condition for rows in force on ``day``: ``started_on <= day < ended_on``."""
    return Q(**{f"{prefix}started_on__lte": day}) & (
        Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": day})
    )


class LastingRow(models.Model):
    """A row in force from ``started_on`` (included) to ``ended_on`` (excluded; empty: still)."""

    started_on = models.DateField(_("in force from"), default=today)
    ended_on = models.DateField(
        _("ended on"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is no longer in force."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("The end cannot be before the start."),
            )
        ]

    def in_force(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)
