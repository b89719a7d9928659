"""The figures of an area as an official paper: A4, black and white, with a receipt."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode

from coverage.cards import Year, group_of
from coverage.compared import Line, line_of
from coverage.models import Receipt
from coverage.movements import is_read_from_tallies
from coverage.reading import Coverage, coverage_of
from coverage.receipts import PAGE, address_of, drawing_of, issue, shown, vouching
from coverage.registry import INDICATORS, MEASURES
from coverage.registry.kinds import GROUP_NAMES
from coverage.series import year_of
from coverage.shown import STATE_NAMES, address
from coverage.views.page import CHILDREN, CoverageAnswer
from jiaozuo_grid.area import Level

# So many columns stand legibly beside the name on a page of A4.
COLUMNS = 7


class CoveragePaper(CoverageAnswer):
    """Looked at it is a draft; who prints it has a receipt issued, and comes back to the paper that
    carries the code. Where the figures are no longer those of the receipt it is a draft again.
    """

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if self.status != 200:
            return redirect(address("coverage", self.asked, code))
        coverage = coverage_of(code, self.on, restated=self.asked.restated)
        asked_for = request.GET.get("receipt", "")[:40]
        receipt = vouching(asked_for, coverage) if asked_for else None
        context = {
            **self.figures(coverage),
            "form": self.form,
            "receipt": self.about(receipt) if receipt else None,
            "printed_at": timezone.now(),
            "outdated": bool(asked_for) and receipt is None,
            "print_url": self.path,
            "tables": self.tables(coverage),
            "children_title": CHILDREN.get(self.area.level),
            "states": list(STATE_NAMES.items()),
            "back": address("coverage", self.asked, code),
        }
        return render(request, "coverage/paper.html", context)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Issue the receipt, or find the one of these figures, and show the paper with it."""
        if self.status != 200:
            return redirect(address("coverage", self.asked, code))
        issued = issue(
            code, self.on, PAGE, request.user, restated=self.asked.restated, path=self.path
        )
        return redirect(f"{self.path}&{urlencode({'receipt': issued.receipt.code})}")

    @property
    def path(self) -> str:
        return address("coverage-print", self.asked, self.code)

    def about(self, receipt: Receipt) -> dict[str, Any]:
        return {
            "code": shown(receipt.code),
            "url": address_of(receipt, self.request),
            "drawing": drawing_of(receipt, self.request),
            "issued_at": receipt.issued_at,
        }

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
    if not keys:
        return []
    tables = -(-len(keys) // COLUMNS)
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
