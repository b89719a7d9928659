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


class Held(AreaRow):
    """Something that was held: when, how long, with how many, and who wrote it down.

    ``id`` was made on the phone, so a resend is known. Never deleted: a mistake is withdrawn. Day
    and time are the city's wall clock. ``version`` rises with each amendment.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    held_on = models.DateField(_("day"))
    start_time = models.TimeField(_("start"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    participants = models.PositiveIntegerField(_("participants"), validators=[MinValueValidator(1)])
    place = models.CharField(_("place"), max_length=50, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("logged by"),
        on_delete=models.PROTECT,
        # Nobody asks for it alone; sessions have an index that begins with it.
        db_index=False,
    )
    logged_at = models.DateTimeField(_("logged at"), default=timezone.now)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-held_on", "-start_time", "id"]

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


def held_constraints(name: str) -> list[models.CheckConstraint]:
    """What must hold of every held thing; ``name`` begins the constraints' names."""
    return [
        models.CheckConstraint(
            name=f"{name}_length", condition=Q(minutes__gte=1, minutes__lte=24 * 60)
        ),
        models.CheckConstraint(name=f"{name}_attended", condition=Q(participants__gte=1)),
    ]


class Session(Held):
    """One held activity of a hobby grid; a correction leaves a ``SessionRevision``."""

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
    photo = models.ImageField(_("photo"), upload_to="sessions/%Y/%m/", blank=True)
    # What the picture looks like (activities/likeness.py), so that the same one twice is seen.
    photo_print = models.CharField(max_length=16, blank=True, editable=False)

    objects = querysets.SessionQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                name="session_code_length", condition=Q(area_code__length=Level.HOBBY_GRID)
            ),
            *held_constraints("session"),
        ]
        indexes = [
            models.Index(fields=["area_code", "held_on"], name="session_area_day"),
            models.Index(fields=["-held_on", "-start_time", "id"], name="session_newest"),
            models.Index(fields=["led_by", "held_on"], name="session_led"),
            # How many one person logged of a day (activities/review/many_a_day.py).
            models.Index(fields=["logged_by", "held_on"], name="session_logged_by"),
            models.Index(
                fields=["photo_print"], name="session_photo_print", condition=~Q(photo_print="")
            ),
        ]

    def facts(self) -> list[Fact]:
        """It is also a service of who led it."""
        about = f"person {self.led_by_id}" if self.led_by_id else ""
        return [Fact(self.area_code, self.held_on, about)]


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
    # The id of what a phone sent, by which a later amendment says what it follows.
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("session revision")
        verbose_name_plural = _("session revisions")
        ordering = ["session", "version"]
        constraints = [
            models.UniqueConstraint(name="one_revision_per_version", fields=["session", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.session_id} v{self.version}"


class SessionJoin(models.Model):
    """Somebody else logged the same session; their record was joined to the one that stands.

    ``id`` is the id of the record that was not stored, so that a resend of it is known.
    ``participants`` is what they counted: shown beside, counted nowhere.
    """

    id = models.UUIDField(primary_key=True)
    session = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.PROTECT, related_name="joins"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("joined by"), on_delete=models.PROTECT
    )
    participants = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)

    class Meta:
        verbose_name = _("joined record")
        verbose_name_plural = _("joined records")
        ordering = ["joined_at"]

    def __str__(self) -> str:
        return str(self.id)
