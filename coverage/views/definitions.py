"""The data dictionary: what every measure, indicator and gap means, from the registry itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from coverage.registry import GAPS, INDICATORS, MEASURES
from coverage.shown import STATE_NAMES, State, target_text
from jiaozuo_grid.pages import Needs

STATE_MEANINGS = {
    State.MET: _("The target is reached."),
    State.CLOSE: _("At least nine tenths of the target are reached."),
    State.SHORT: _("Less than that."),
    State.UNTARGETED: _("No target is set for it."),
    State.UNKNOWN: _("What the indicator is calculated from is not known."),
}


class Definitions(Needs):
    """Open to everyone who signs in: a definition is no secret."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "measures": list(MEASURES.values()),
            "indicators": [
                {
                    "indicator": indicator,
                    "numerator": MEASURES[indicator.numerator],
                    "denominator": MEASURES[indicator.denominator],
                    "target": target_text(indicator),
                }
                for indicator in INDICATORS.values()
            ],
            "gaps": list(GAPS.values()),
            "states": [
                {"key": state, "name": name, "meaning": STATE_MEANINGS[state]}
                for state, name in STATE_NAMES.items()
            ],
        }
        return render(request, "coverage/definitions.html", context)
