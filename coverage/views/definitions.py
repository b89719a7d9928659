"""The data dictionary: what every measure, indicator and gap means, from the registry itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coverage.registry import GAPS, INDICATORS, MEASURES
from coverage.shown import CLOSE, STATE_NAMES, share
from jiaozuo_grid.pages import Needs


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
                    "target": share(indicator.target),
                }
                for indicator in INDICATORS.values()
            ],
            "gaps": list(GAPS.values()),
            "states": STATE_NAMES,
            "close": share(CLOSE),
        }
        return render(request, "coverage/definitions.html", context)
