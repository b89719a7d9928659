"""The figures of an area as an official paper: A4, black and white, with a receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from coverage.cards import Year, group_of
from coverage.compared import Line, line_of
from coverage.movements import is_read_from_tallies
from coverage.reading import Coverage
from coverage.receipts import PAGE, address_of, drawing_of, issue
from coverage.registry import INDICATORS, MEASURES
from coverage.registry.kinds import GROUP_NAMES
from coverage.series import year_of
from coverage.shown import STATE_NAMES, address
from coverage.views.page import CHILDREN, CoverageAnswer
from jiaozuo_grid.area import Level

# So many columns stand legibly beside the name on a page of A4.
COLUMNS = 7


class CoveragePaper(CoverageAnswer):
    """What is printed are the figures that the receipt vouches for, read under the same lock."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if self.status != 200:
            return redirect(address("coverage", self.asked, code))
        path = address("coverage-print", self.asked, code)
        issued = issue(code, self.on, PAGE, request.user, restated=self.asked.restated, path=path)
        context = {
            **self.figures(issued.coverage),
            "form": self.form,
            "issued_at": timezone.localtime(),
            "code": issued.code,
            "receipt_url": address_of(issued.receipt, request),
            "drawing": drawing_of(issued.receipt, request),
            "tables": self.tables(issued.coverage),
            "children_title": CHILDREN.get(self.area.level),
            "states": list(STATE_NAMES.items()),
            "back": address("coverage", self.asked, code),
        }
        return render(request, "coverage/paper.html", context)

    def year(self, coverage: Coverage) -> Year:
        """All of it: paper has a line to each indicator."""
        if not is_read_from_tallies(self.code):
            return []
        return year_of(self.code, coverage.area.name, self.asked)

    def tables(self, coverage: Coverage) -> list[dict[str, Any]]:
        """The children by group of the registry, so many columns to a table."""
        found = []
        known = [*coverage.children, coverage.area]
        for group, name in GROUP_NAMES.items():
            keys = [
                key
                for key in (*INDICATORS, *MEASURES)
                if group_of(key) is group
                and any(_value(area, key) is not None for area in known)
                and any(key in child.ratios or key in child.figures for child in coverage.children)
            ]
            for number, columns in enumerate(_batches(keys)):
                found.append(
                    {
                        "name": name,
                        "goes_on": number > 0,
                        "headings": [(INDICATORS.get(k) or MEASURES[k]).name for k in columns],
                        "lines": self.lines(coverage, columns),
                    }
                )
        return found

    def lines(self, coverage: Coverage, keys: list[str]) -> list[Line]:
        counts = len(self.code) >= Level.TOWNSHIP
        areas = [*coverage.children, coverage.area]
        return [line_of(area, keys, self.asked, as_counts=counts) for area in areas]


def _batches(keys: list[str]) -> list[list[str]]:
    """As few tables as can be, as wide as one another: none of a single stray column."""
    tables = -(-len(keys) // COLUMNS) or 1
    wide, rest = divmod(len(keys), tables)
    found, start = [], 0
    for number in range(tables):
        end = start + wide + (number < rest)
        found.append(keys[start:end])
        start = end
    return found


def _value(area: Any, key: str) -> float | None:
    if key in area.ratios:
        return area.ratios[key].value
    return area.figures[key].value if key in area.figures else None
