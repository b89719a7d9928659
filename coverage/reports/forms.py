"""Which report: of which area, of which kind, of which month or year."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.models import ReportKind
from coverage.reports.archive import levels_of
from coverage.reports.periods import months_on_offer, years_on_offer
from grids.models import Division
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, reach_of

ANY = gettext_lazy("All")


def areas_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """City, counties and townships at and below the areas whose coverage one may view."""
    codes = reach_of(actor).areas_for("view coverage")
    rows = Division.objects.within_any(codes).on(today()).filter(digits__lte=Level.TOWNSHIP)
    return list(rows.order_by("area_code").values_list("area_code", "name"))


def grouped(areas: list[tuple[str, str]]) -> list[Any]:
    """Choices of a select: each county with its townships, the city before them."""
    names = dict(areas)
    choices: list[Any] = [(code, name) for code, name in areas if len(code) == Level.CITY]
    below = [one for one in areas if len(one[0]) > Level.CITY]
    for county, members in groupby(below, key=lambda one: one[0][: Level.COUNTY]):
        choices.append((names.get(county, ""), list(members)))
    return choices


def period_choices() -> list[Any]:
    months = [(f"{m:%Y-%m}", date_format(m, "YEAR_MONTH_FORMAT")) for m in months_on_offer()]
    years = [(f"{y:%Y}", _("Year %(year)s") % {"year": y.year}) for y in years_on_offer()]
    return [(_("Years"), years), (_("Months"), months)]


class FindForm(forms.Form):
    """What the list is narrowed to; what cannot be used narrows nothing."""

    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        fields: Any = self.fields
        fields["area"].choices = [("", ANY), *grouped(areas)]
        fields["kind"].choices = [("", ANY), *ReportKind.choices]
        fields["period"].choices = [("", ANY), *period_choices()]

    def narrow(self, rows: Any) -> Any:
        self.is_valid()
        found = self.cleaned_data
        if found.get("area"):
            rows = rows.filter(area_code=found["area"])
        if found.get("kind"):
            rows = rows.filter(kind=found["kind"])
        period = found.get("period", "")
        if len(period) > 4:
            rows = rows.filter(period=first_of(period), kind=ReportKind.MONTHLY)
        elif period:
            # A year takes the reports of its months too.
            rows = rows.filter(period__year=int(period))
        return rows


def first_of(period: str) -> date:
    return date(int(period[:4]), int(period[5:] or 1), 1)


class OrderForm(FindForm):
    """The report to be made: a month for a monthly one, a year for the others."""

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, areas=areas, **kwargs)
        fields: Any = self.fields
        for field in fields.values():
            field.required = True
            field.choices = [choice for choice in field.choices if choice[0] != ""]
        fields["period"].choices = period_choices()[::-1]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        kind, period, area = (found.get(name, "") for name in ("kind", "period", "area"))
        if not (kind and period and area):
            return found
        if (kind == ReportKind.MONTHLY) != (len(period) > 4):
            text = (
                _("A monthly report is of a month: choose one.")
                if kind == ReportKind.MONTHLY
                else _("This report is of a whole year: choose one.")
            )
            self.add_error("period", text)
        if len(area) > levels_of(kind):
            self.add_error("area", ValidationError(_("This form is of the city or a county.")))
        return found

    @property
    def first(self) -> date:
        return first_of(self.cleaned_data["period"])
