"""The values of rules that the bureau sets (grids/rules.py declares which there are)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.area import AreaRow
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.listeners import Fact
from jiaozuo_grid.reach import ScopedLastingQuerySet


class RuleValue(AreaRow, LastingRow):
    """What a rule's number is from a day on, at the city; without a row the declared value holds.

    A rule that changed still tells what it was on an earlier day.
    """

    key = models.CharField(_("rule"), max_length=50)
    value = models.FloatField(_("value"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = ScopedLastingQuerySet.as_manager()

    class Meta(LastingRow.Meta):
        verbose_name = _("rule value")
        verbose_name_plural = _("rule values")
        ordering = ["key", "-started_on"]
        constraints = [
            *LastingRow.Meta.constraints,
            models.UniqueConstraint(
                name="one_current_rule_value", fields=["key"], condition=Q(ended_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value:g}"

    def facts(self) -> list[Fact]:
        """A rule is asked of everything everywhere."""
        return [Fact(self.area_code, about=f"rule {self.key}")]
