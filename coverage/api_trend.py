"""A measure of an area month by month, through the API."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coverage.api_shared import A_MEASURE, MAP, AskedForm, UnlessUnchanged
from coverage.months import figures_of_months
from coverage.registry import MEASURES
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_before, month_end, months_between

# Without an address's ``from``: a year of months and the running one.
USUAL, MOST = 13, 120
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(-[0-9]{2})?")


class MonthField(forms.CharField):
    """A month, as 2026-10 or as any day of it."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        try:
            return date(int(found[1]), int(found[2]), 1) if found else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> None:
        raise ValidationError(_("Write the month as 2026-10."))


class MonthsForm(AskedForm):
    """``?from=`` and ``?to=``; a name of Python's own, so the fields are put in by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = MonthField(required=False)
        self.fields["to"] = MonthField(required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            return self.cleaned_data
        now = today().replace(day=1)
        begin = date.fromisoformat(settings.FIGURES_BEGIN).replace(day=1)
        last = self.cleaned_data["to"] or now
        first = self.cleaned_data["from"] or max(begin, month_before(last, USUAL - 1))
        if last > now:
            self.add_error("to", _("There are no figures for days to come."))
        elif first < begin:
            text = _("Figures begin on %(day)s.") % {"day": settings.FIGURES_BEGIN}
            self.add_error("from", text)
        elif first > last:
            self.add_error("from", _("This month comes after the one at “to”."))
        elif len(months_between(first, last)) > MOST:
            self.add_error("from", _("Ask for at most %(n)s months at once.") % {"n": MOST})
        return {**self.cleaned_data, "from": first, "to": last}


class PointSerializer(serializers.Serializer[Any]):
    month = serializers.CharField(help_text="As 2026-10.")
    on = serializers.DateField(
        help_text="The day of the figure: the month's last, or today in the running month."
    )
    value = serializers.FloatField(allow_null=True, help_text="null: not known, never 0.")


class TrendSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    measure = serializers.ChoiceField(choices=list(MEASURES))
    computed_at = serializers.DateTimeField(allow_null=True)
    points = PointSerializer(many=True)


class TrendView(UnlessUnchanged):
    """A measure of an area month by month: what stands as of each month's last day, what happened
    in the month.

    With ``Accept: text/csv`` a line for each month.
    """

    form_class = MonthsForm

    @extend_schema(
        parameters=[
            A_MEASURE,
            OpenApiParameter("from", OpenApiTypes.STR, description="The first month: 2026-01."),
            OpenApiParameter("to", OpenApiTypes.STR, description="The last one; empty: this one."),
            MAP,
        ],
        responses=TrendSerializer,
    )
    def get(self, request: Request, code: str) -> Any:
        return super().get(request, code)

    def answer(self) -> Any:
        measure = self.chosen("measure", MEASURES)
        asked = self.form.cleaned_data
        months = months_between(asked["from"], asked["to"])
        days = [min(month_end(month), today()) for month in months]
        area = (self.code, str(self.area))
        found = figures_of_months(area, days, [measure.key], restated=asked["map"])
        figures = [found[day].figures.get(measure.key) for day in days]
        points = [
            {
                "month": f"{month:%Y-%m}",
                "on": f"{day:%Y-%m-%d}",
                "value": figure.value if figure else None,
            }
            for month, day, figure in zip(months, days, figures, strict=True)
        ]
        if self.wants_csv:
            lines = (list(point.values()) for point in points)
            return self.table(f"{measure.key}-{self.code}", ["month", "on", "value"], lines)
        return Response(
            {
                "code": self.code,
                "name": str(self.area),
                "measure": measure.key,
                "computed_at": self.computed_at,
                "points": points,
            }
        )
