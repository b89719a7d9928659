"""Fitness stations: so far where they are."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.reach import ScopedLastingQuerySet


class StationKind(models.TextChoices):
    STATION = "station", _("fitness station")
    EXERCISE_POINT = "point", _("morning and evening exercise point")


class Station(AreaRow, LastingRow):
    """A place where people exercise (健身站点, 晨晚练点), at a village's area code."""

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(
        _("kind"), max_length=10, choices=StationKind.choices, default=StationKind.STATION
    )
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

    objects = ScopedLastingQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["area_code", "id"]

    def __str__(self) -> str:
        return self.name
