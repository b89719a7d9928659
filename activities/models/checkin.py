"""Checking in by QR: for participants who like it, never a duty, never of staff."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.listeners import Fact
from jiaozuo_grid.reach import ScopedQuerySet
from stations.models import Station


class CheckIn(AreaRow):
    """Somebody said "I am here": at a hobby grid's session, or at a station.

    Without an account only the count remains: ``browser`` (a keyed hash that tells the same phone
    on the same day) and the position are emptied after 30 days.
    """

    # The trail is kept for ever, these are not.
    NOT_IN_TRAIL: ClassVar[frozenset[str]] = frozenset({"browser", "longitude", "latitude"})

    station = models.ForeignKey(
        Station, verbose_name=_("station"), on_delete=models.PROTECT, null=True, blank=True
    )
    held_on = models.DateField(_("day"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, null=True, blank=True
    )
    browser = models.CharField(max_length=32, blank=True, editable=False)
    # Only with consent, rounded to 0.01 degrees (about a kilometre).
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(73.0), MaxValueValidator(136.0)],
    )
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(3.0), MaxValueValidator(54.0)],
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-at", "-id"]
        constraints = [
            *(
                models.UniqueConstraint(
                    name=f"check_in_once_{where}_{who}",
                    fields=[where, "held_on", who],
                    condition=there & known,
                )
                for where, there in (
                    ("area_code", Q(station__isnull=True)),
                    ("station", Q(station__isnull=False)),
                )
                for who, known in (("browser", ~Q(browser="")), ("person", Q(person__isnull=False)))
            ),
        ]
        indexes = [
            models.Index(fields=["area_code", "held_on"], name="check_in_area_day"),
            # The list by day and place, in its order; it reads no more than it shows.
            models.Index(fields=["-held_on", "area_code", "station"], name="check_in_newest"),
            # What is to be forgotten, each night: never more than a month of it is there.
            models.Index(
                fields=["held_on"],
                name="check_in_to_forget",
                condition=~Q(browser="") | Q(longitude__isnull=False) | Q(latitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.area_code}"

    def facts(self) -> list[Fact]:
        """No figure counts check-ins: they are offered to who logs, and nothing else."""
        return []
