"""Sessions: what was held, where, when, by whom, with how many."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from activities import querysets
from jiaozuo_grid.area import AreaRow, Level
from jiaozuo_grid.listeners import Fact


class Session(AreaRow):
    """One held activity of a hobby grid. ``id`` was made on the phone, so a resend is known.

    Never deleted: a mistake is withdrawn, a correction leaves a ``SessionRevision`` of what stood
    before. Day and time are the city's wall clock.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    held_on = models.DateField(_("day"))
    start_time = models.TimeField(_("start"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    participants = models.PositiveIntegerField(_("participants"), validators=[MinValueValidator(1)])
    place = models.CharField(_("place"), max_length=50, blank=True)
    led_by = models.ForeignKey(
        Person,
        verbose_name=_("led by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        # The index below begins with it.
        db_index=False,
        related_name="led_sessions",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    photo = models.ImageField(_("photo"), upload_to="sessions/%Y/%m/", blank=True)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("logged by"), on_delete=models.PROTECT
    )
    logged_at = models.DateTimeField(_("logged at"), default=timezone.now)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = querysets.SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-held_on", "-start_time", "id"]
        constraints = [
            models.CheckConstraint(
                name="session_code_length", condition=Q(area_code__length=Level.HOBBY_GRID)
            ),
            models.CheckConstraint(
                name="session_length", condition=Q(minutes__gte=1, minutes__lte=24 * 60)
            ),
            models.CheckConstraint(name="session_attended", condition=Q(participants__gte=1)),
        ]
        indexes = [
            models.Index(fields=["area_code", "held_on"], name="session_area_day"),
            models.Index(fields=["-held_on", "-start_time", "id"], name="session_newest"),
            models.Index(fields=["led_by", "held_on"], name="session_led"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.start_time:%H:%M}"

    @property
    def started_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.held_on, self.start_time))

    @property
    def ends_at(self) -> datetime:
        return self.started_at + timedelta(minutes=self.minutes)

    def facts(self) -> list[Fact]:
        return [Fact(self.area_code, self.held_on)]


class SessionRevision(models.Model):
    """What a session said before it was corrected or withdrawn, and why it changed."""

    session = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.PROTECT, related_name="revisions"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    values = models.JSONField(_("values before"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("changed by"), on_delete=models.PROTECT
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("session revision")
        verbose_name_plural = _("session revisions")
        ordering = ["session", "version"]
        constraints = [
            models.UniqueConstraint(name="one_revision_per_version", fields=["session", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.session_id} v{self.version}"
