"""The day for which figures are asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.lasting import today


class DayForm(forms.Form):
    """``?on=YYYY-MM-DD``: from the day figures begin to today; empty is today."""

    on = forms.DateField(
        label=_("Figures as of"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {"min": settings.FIGURES_BEGIN, "max": today().isoformat()}
        self.fields["on"].widget.attrs.update(limits)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"] or today()
        if day > today():
            raise ValidationError(_("There are no figures for days to come."))
        if day < date.fromisoformat(settings.FIGURES_BEGIN):
            raise ValidationError(
                _("Figures begin on %(day)s.") % {"day": settings.FIGURES_BEGIN}, "too early"
            )
        return day
