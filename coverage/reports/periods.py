"""The months and years of which there are reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coverage.models.reports import ReportKind
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_end, months_between


@dataclass(frozen=True)
class Period:
    """A month or a year: its first day, and the day of its figures."""

    first: date
    on: date
    yearly: bool

    @property
    def last(self) -> date:
        return date(self.first.year, 12, 31) if self.yearly else month_end(self.first)

    @property
    def is_over(self) -> bool:
        return self.last < today()

    @property
    def months(self) -> list[date]:
        """The months of the period as far as they have begun."""
        return months_between(self.first, self.on.replace(day=1))

    @property
    def key(self) -> str:
        return f"{self.first:%Y}" if self.yearly else f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        if self.yearly:
            return _("Year %(year)s") % {"year": self.first.year}
        return date_format(self.first, "YEAR_MONTH_FORMAT")


def period_of(kind: str, first: date) -> Period:
    """The period that begins on ``first``; its figures are of its last day, or of today."""
    yearly = kind != ReportKind.MONTHLY
    whole = Period(first.replace(month=1) if yearly else first, first, yearly)
    return Period(whole.first, min(whole.last, today()), yearly)


def months_on_offer() -> list[date]:
    """The months since figures begin, newest first."""
    begin = date.fromisoformat(settings.FIGURES_BEGIN)
    return months_between(begin, today())[::-1]


def years_on_offer() -> list[date]:
    begin = date.fromisoformat(settings.FIGURES_BEGIN)
    return [date(year, 1, 1) for year in range(today().year, begin.year - 1, -1)]
