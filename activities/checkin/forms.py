"""What a resident's phone sends when checking in."""

from __future__ import annotations

from math import isfinite
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Beyond these a position is a fault of the phone, and is left out.
EAST, NORTH = (73.0, 136.0), (3.0, 54.0)


class CheckInForm(forms.Form):
    """One tap; the position only with consent, and never a reason to refuse."""

    ticket = forms.CharField(widget=forms.HiddenInput, max_length=400)
    consent = forms.BooleanField(label=_("Also say roughly where I am"), required=False)
    longitude = forms.CharField(widget=forms.HiddenInput, required=False)
    latitude = forms.CharField(widget=forms.HiddenInput, required=False)

    def position(self) -> dict[str, float]:
        """Longitude and latitude where consented to and possible; otherwise nothing."""
        values = self.cleaned_data
        longitude = _degrees(values["longitude"], EAST)
        latitude = _degrees(values["latitude"], NORTH)
        if not values["consent"] or longitude is None or latitude is None:
            return {}
        return {"longitude": longitude, "latitude": latitude}


def _degrees(sent: str, bounds: tuple[float, float]) -> float | None:
    try:
        degrees = float(sent)
    except ValueError:
        return None
    low, high = bounds
    return degrees if isfinite(degrees) and low <= degrees <= high else None


def ticket_form(ticket: str) -> Any:
    return CheckInForm(initial={"ticket": ticket})
