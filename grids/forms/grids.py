"""Forms of grids and hobby grids."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.forms.fields import count_field, day_field
from grids.models import Sport

WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]


class GridForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=50,
        required=False,
        help_text=_("Left empty, the grid is named by its number."),
    )
    households = count_field(_("Households"))
    population = count_field(_("Population"))
    started_on = day_field(_("In force from"))

    def __init__(self, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["started_on"]
            self.fields["name"].required = True
            self.fields["name"].help_text = ""


class EstablishForm(forms.Form):
    started_on = day_field(_("In force from"))


class EstablishManyForm(EstablishForm):
    """Which villages of a township get their missing grids."""

    villages = forms.MultipleChoiceField(
        label=_("Villages and communities"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["villages", "started_on"]

    def __init__(self, *args: Any, villages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["villages"]
        field.choices = villages
        field.initial = [code for code, _name in villages]


class HobbyGridForm(forms.Form):
    sport = forms.ModelChoiceField(
        label=_("Sport"), queryset=Sport.objects.all(), empty_label=_("Choose a sport")
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=50,
        required=False,
        help_text=_("Left empty, it is named by its sport."),
    )
    usual_place = forms.CharField(label=_("Usual place"), max_length=50, required=False)
    usual_days = forms.MultipleChoiceField(
        label=_("Usual days"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    usual_start = forms.TimeField(
        label=_("Usual start"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    usual_minutes = count_field(_("Usual minutes"), min_value=1, max_value=24 * 60)
    members_count = count_field(_("Members"))
    started_on = day_field(_("In force from"))

    def __init__(self, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["started_on"]
            self.fields["name"].required = True
            self.fields["name"].help_text = ""

    def clean_usual_days(self) -> str:
        return "".join(self.cleaned_data["usual_days"])
