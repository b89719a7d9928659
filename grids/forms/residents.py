"""The form of resident counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grids.forms.fields import count_field, day_field


class ResidentsForm(forms.Form):
    on = day_field(_("Known from"))
    population = count_field(_("Population"))
    households = count_field(_("Households"))
    villager_groups = count_field(_("Villager groups"), max_value=999)
    source = forms.CharField(
        label=_("Source"),
        max_length=100,
        required=False,
        help_text=_("Where the figures come from, such as the census or the village's own list."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        population, households = data.get("population"), data.get("households")
        if population is not None and households is not None and households > population:
            raise ValidationError({"households": _("There are more households than people.")})
        return data
