"""The tree of areas, and the figures its rows are measured against."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grids import querysets
from jiaozuo_grid.area import AreaRow, Level
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.reach import ScopedQuerySet


class Division(AreaRow, LastingRow):
    """A city, county, township, village or community of the official list. One row per code."""

    name = models.CharField(_("name"), max_length=100)
    # Kept by the database, so that it can be indexed and can never disagree with the code.
    digits = models.GeneratedField(
        expression=Length("area_code"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    urban_rural_class = models.CharField(
        _("urban-rural class"),
        max_length=3,
        blank=True,
        help_text=_("城乡分类代码 of the statistics bureau: 111 to 220."),
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

    objects = querysets.DivisionQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        ordering = ["area_code"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(name="one_division_per_code", fields=["area_code"]),
            models.CheckConstraint(
                name="division_code_length", condition=Q(area_code__length__in=[4, 6, 9, 12])
            ),
        ]
        indexes = [
            models.Index(fields=["digits", "area_code"], name="division_by_level"),
            # What lies near a point is looked for in a box around it.
            models.Index(fields=["digits", "latitude", "longitude"], name="division_by_point"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def official_code(self) -> str:
        """The 12-digit statistical code."""
        return self.area_code.ljust(12, "0")

    @property
    def is_community(self) -> bool:
        """Whether a level-4 division is an urban community (居委会) rather than a village."""
        sequence = self.area_code[9:12]
        return bool(sequence) and (sequence < "200" or "400" <= sequence < "500")


class ResidentCount(AreaRow, LastingRow):
    """Population, households and villager groups of a division, as known from a day on.

    Each is empty where it is not known, never 0. Only those of villages and communities are added
    up; a figure published for a larger area is shown at that area and counted nowhere.
    """

    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    villager_groups = models.PositiveSmallIntegerField(_("villager groups"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True)

    objects = querysets.LastingAreaQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("resident count")
        verbose_name_plural = _("resident counts")
        ordering = ["area_code", "-started_on"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_current_resident_count",
                fields=["area_code"],
                condition=Q(ended_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.area_code


class Outline(models.Model):
    """The boundary of a division for the maps, as GeoJSON geometry in WGS-84 degrees."""

    area_code = models.CharField(_("area code"), max_length=12, unique=True)
    geometry = models.JSONField(_("geometry"))
    schematic = models.BooleanField(
        _("schematic"), default=False, help_text=_("Invented for the demo city; not a boundary.")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("outline")
        verbose_name_plural = _("outlines")
        ordering = ["area_code"]

    def __str__(self) -> str:
        return self.area_code


class Sport(models.Model):
    """A sport or exercise that hobby grids are formed around."""

    code = models.SlugField(_("code"), unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=30, unique=True)
    name_en = models.CharField(_("English name"), max_length=50)

    class Meta:
        verbose_name = _("sport")
        verbose_name_plural = _("sports")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


class GridKind(models.TextChoices):
    URBAN = "urban", _("urban, about 400 households")
    RURAL = "rural", _("rural, one villager group")


class Grid(AreaRow, LastingRow):
    """The "1": a grid fitness organisation, at a 15-digit code that is never used twice."""

    name = models.CharField(_("name"), max_length=50)
    kind = models.CharField(_("kind"), max_length=5, choices=GridKind.choices)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    # Its households and population were apportioned when a grid was split: shown with ≈.
    estimated = models.BooleanField(_("estimated"), default=False)

    objects = querysets.GridQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("grid")
        verbose_name_plural = _("grids")
        ordering = ["area_code"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(name="one_grid_per_code", fields=["area_code"]),
            models.CheckConstraint(
                name="grid_code_length", condition=Q(area_code__length=Level.GRID)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HobbyGrid(AreaRow, LastingRow):
    """The "N": a group around one sport, at a 17-digit code; ``…000NN`` serves a whole village."""

    name = models.CharField(_("name"), max_length=50)
    sport = models.ForeignKey(Sport, verbose_name=_("sport"), on_delete=models.PROTECT)
    usual_place = models.CharField(_("usual place"), max_length=50, blank=True)
    # ISO weekdays, "135" is Monday, Wednesday and Friday.
    usual_days = models.CharField(_("usual days"), max_length=7, blank=True)
    usual_start = models.TimeField(_("usual start"), null=True, blank=True)
    usual_minutes = models.PositiveSmallIntegerField(
        _("usual minutes"), null=True, blank=True, validators=[MaxValueValidator(24 * 60)]
    )
    members_count = models.PositiveIntegerField(_("members"), null=True, blank=True)

    objects = querysets.HobbyGridQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("hobby grid")
        verbose_name_plural = _("hobby grids")
        ordering = ["area_code"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(name="one_hobby_grid_per_code", fields=["area_code"]),
            models.CheckConstraint(
                name="hobby_grid_code_length", condition=Q(area_code__length=Level.HOBBY_GRID)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def serves_village(self) -> bool:
        """Whether it serves the whole village instead of one grid."""
        return self.area_code[12:15] == "000"
