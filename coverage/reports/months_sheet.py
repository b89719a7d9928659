"""The months of a report's workbook: the figures in columns, and charts that read them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from coverage.reports.sheets import Book, Page

# What charts show, where the area has it.
CHARTED = ("sessions", "participants", "grids", "led_grids", "active_grids", "instructors")


def write_months(book: Book) -> None:
    content = book.content
    days, series = content["months"]["days"], content["months"]["measures"]
    measures = [one for one in content["measures"] if one["key"] in series]
    page = book.page(_("Months"), [14, *[12] * len(measures)], landscape=True, repeat=2)
    page.title()
    page.row += 1
    page.heads([_("Month"), *(one["name"] for one in measures)], height=48)
    first = page.row
    for position, day in enumerate(days):
        page.put(0, day[:7])
        for column, measure in enumerate(measures, 1):
            page.put(column, series[measure["key"]][position])
        page.row += 1
    last = page.row - 1
    if content["kind"] == "yearly":
        _write_year(page, measures, first, last)
    _charts(page, measures, first, last)


def _write_year(page: Page, measures: list[dict[str, Any]], first: int, last: int) -> None:
    """The year: what happens is added up, what stands is as of its last day."""
    book, series = page.book, page.book.content["months"]["measures"]
    page.put(0, _("The year"), book.strong)
    for column, measure in enumerate(measures, 1):
        values = series[measure["key"]]
        span = page.span(column, first, last)
        if values[-1] is None:
            page.put(column, None)
        elif not measure["flow"]:
            page.formula(column, f"={span.split(':')[1]}", values[-1], book.total)
        elif measure["adds_up"] and None not in values:
            page.formula(column, f"=SUM({span})", sum(values), book.total)
        else:
            page.put(column, "—", book.unknown)
    page.row += 1


def _charts(page: Page, measures: list[dict[str, Any]], first: int, last: int) -> None:
    """Columns for what happens in a month, lines for what stands at its end."""
    place = page.row + 1
    shown = [(n, one) for n, one in enumerate(measures, 1) if one["key"] in CHARTED]
    for number, (column, measure) in enumerate(shown):
        chart = page.book.book.add_chart({"type": "column" if measure["flow"] else "line"})
        look = {"color": "#0A4F8F"} if measure["flow"] else {"color": "#0A4F8F", "width": 2.25}
        chart.add_series(
            {
                "name": [page.name, first - 1, column],
                "categories": [page.name, first, 0, last, 0],
                "values": [page.name, first, column, last, column],
                "fill" if measure["flow"] else "line": look,
            }
        )
        chart.set_title({"name": measure["name"], "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"min": 0, "num_format": "#,##0", "major_gridlines": {"visible": True}})
        chart.show_blanks_as("gap")
        chart.set_size({"width": 470, "height": 250})
        down, across = divmod(number, 2)
        page.sheet.insert_chart(place + down * 14, across * 6, chart)
