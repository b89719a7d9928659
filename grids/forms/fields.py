"""Inputs that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.lasting import today

# What a spreadsheet cell, an official form and the database can hold alike.
MOST = 10_000_000


def day_field(label: Any, *, initial: Any = today, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, initial=initial, **options)


def count_field(label: Any, **options: Any) -> forms.IntegerField:
    """A number of people or households; empty where it is not known."""
    options = {"required": False, "min_value": 0, "max_value": MOST, **options}
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, widget=widget, **options)


def reason_field() -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=200, required=False)
