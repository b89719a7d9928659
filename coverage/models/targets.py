"""What an area is to reach in a year: one lasting row an area, indicator and year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.area import AreaRow, Level
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.reach import Actor, ScopedLastingQuerySet, reach_of, right


class TargetQuerySet(ScopedLastingQuerySet):
    """A target is set from above: who answers for an area never sets its own."""

    def reached(self, actor: Actor, verb: str, on: Any = None) -> Self:
        rows = super().reached(actor, verb, on)
        reach = reach_of(actor, on)
        if verb != "change" or reach.everywhere:
            return rows
        # Nobody stands above the city here: its bureau enters what the province or the city's
        # government decided.
        own = reach.ground_of(right(verb, self.model))
        return rows.exclude(Q(area_code__in=own) & ~Q(area_code__length=Level.CITY))


class Target(AreaRow, LastingRow):
    """The value of an indicator that an area is to reach by the end of ``year``.

    ``value`` is in the indicator's own unit: a share of 1, or per so many people. A target that
    changes ends, and another begins, so that an earlier day is judged by what was asked then. One
    that is withdrawn only ends: the area takes the next target above it again.
    """

    indicator = models.CharField(_("indicator"), max_length=50)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    value = models.DecimalField(
        _("target"), max_digits=13, decimal_places=6, validators=[MinValueValidator(Decimal(0))]
    )
    reason = models.CharField(_("reason"), max_length=200)
    end_reason = models.CharField(_("reason of the end"), max_length=200, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["area_code", "indicator", "-started_on", "-id"]
        indexes = [models.Index(fields=["year", "area_code"], name="target_year_area")]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_current_target",
                fields=["area_code", "indicator", "year"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("This area has a target for that year already."),
            ),
            models.CheckConstraint(name="target_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(
                name="target_of_a_division", condition=Q(area_code__length__in=[4, 6, 9, 12])
            ),
            models.CheckConstraint(name="target_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.indicator} {self.year}: {self.value:g}"

    def facts(self) -> list[Any]:
        """What is asked of an area changes none of its figures."""
        return []
