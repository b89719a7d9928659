"""When hobby grids meet, and when a meeting did not take place."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities import querysets
from jiaozuo_grid.area import AreaRow, Level
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.listeners import Fact

_month_and_day = RegexValidator(
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", _("Month and day, as 05-01.")
)


class Holidays(models.TextChoices):
    """What official holidays and make-up days (调休) mean for a schedule."""

    MEETS = "meets", _("meets on holidays too")
    OFF = "off", _("off on official holidays")
    WORKDAYS = "workdays", _("off on holidays, meets on make-up working days")


class Schedule(AreaRow, LastingRow):
    """A weekly pattern of a hobby grid, for the whole year or a season of it.

    A hobby grid may have several. One that has none meets as its register says
    (``HobbyGrid.usual_days`` and ``usual_start``).
    """

    # ISO weekdays, "135" is Monday, Wednesday and Friday.
    weekdays = models.CharField(
        _("weekdays"), max_length=7, validators=[RegexValidator(r"^1?2?3?4?5?6?7?$")]
    )
    start_time = models.TimeField(_("start"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    place = models.CharField(_("place"), max_length=50, blank=True)
    # Both or neither; a season may pass over New Year ("11-01" to "03-31").
    season_from = models.CharField(
        _("season from"), max_length=5, blank=True, validators=[_month_and_day]
    )
    season_until = models.CharField(
        _("season until"), max_length=5, blank=True, validators=[_month_and_day]
    )
    holidays = models.CharField(
        _("holidays"), max_length=10, choices=Holidays.choices, default=Holidays.OFF
    )

    objects = querysets.ScheduleQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["area_code", "start_time", "id"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.CheckConstraint(
                name="schedule_code_length", condition=Q(area_code__length=Level.HOBBY_GRID)
            ),
            models.CheckConstraint(name="schedule_has_days", condition=~Q(weekdays="")),
            models.CheckConstraint(
                name="schedule_season_whole",
                condition=Q(season_from="", season_until="")
                | (~Q(season_from="") & ~Q(season_until="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekdays} {self.start_time:%H:%M}"

    def clean(self) -> None:
        if bool(self.season_from) != bool(self.season_until):
            raise ValidationError({"season_until": _("Give both ends of the season, or neither.")})


class Reason(models.TextChoices):
    """Why a meeting did not take place; no blame in any of them."""

    WEATHER = "weather", _("weather")
    FEW = "few", _("too few came")
    AWAY = "away", _("leader away")
    HOLIDAY = "holiday", _("holiday or farm work")
    OTHER = "other", _("other")


class CalledOff(AreaRow):
    """An expected session that did not take place. ``id`` was made on the phone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    held_on = models.DateField(_("day"))
    start_time = models.TimeField(_("start"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("logged by"), on_delete=models.PROTECT
    )
    logged_at = models.DateTimeField(_("logged at"), default=timezone.now)
    # Taken back: it took place after all.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = querysets.HeldQuerySet.as_manager()

    class Meta:
        verbose_name = _("session not held")
        verbose_name_plural = _("sessions not held")
        ordering = ["-held_on", "-start_time", "id"]
        constraints = [
            models.CheckConstraint(
                name="called_off_code_length", condition=Q(area_code__length=Level.HOBBY_GRID)
            ),
            models.UniqueConstraint(
                name="called_off_once",
                fields=["area_code", "held_on", "start_time"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["area_code", "held_on"], name="called_off_area_day")]

    def facts(self) -> list[Fact]:
        return [Fact(self.area_code, self.held_on)]

    def __str__(self) -> str:
        return f"{self.held_on} {self.start_time:%H:%M}"
