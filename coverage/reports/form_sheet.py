"""The yearly statistical form as a workbook page."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from coverage.reports.sheets import Book, Page
from coverage.reports.words import facts


def write_form(book: Book) -> None:
    form = book.content["form"]
    columns = form["columns"]
    page = book.page(_("Form"), [22, *[9.5] * len(columns)], landscape=True)
    page.title()
    for name, text in facts(book.content):
        page.say(f"{name}: {text}")
    page.row += 1
    _heads(page, columns)
    first = page.row
    for line in form["lines"]:
        page.put(0, line["name"])
        for column, value in enumerate(line["values"], 1):
            page.put(column, value)
        page.row += 1
    _own_and_total(page, form, first)
    page.row += 1
    for note in form["notes"]:
        page.say(note)
    page.sheet.freeze_panes(first, 1)
    _chart(page, columns, first, len(form["lines"]))


def _heads(page: Page, columns: list[dict[str, Any]]) -> None:
    """Two rows of heads: the groups over their columns."""
    book, row = page.book, page.row
    page.sheet.write_string(row, 0, "", book.head)
    place = 1
    for group, members in groupby(columns, key=lambda column: column["group"]):
        width = len(list(members))
        # Merged by hand: a merge writes rows again that are out already.
        page.sheet.write_string(row, place, group, book.head)
        for column in range(place + 1, place + width):
            page.sheet.write_blank(row, column, None, book.head)
        place += width
    page.sheet.set_row(row, 20)
    page.row += 1
    names = [f"{one['name']}{'' if one['sure'] else ' *'}" for one in columns]
    page.heads([_("Area"), *names], height=52)


def _own_and_total(page: Page, form: dict[str, Any], first: int) -> None:
    """The total is a formula: the lines and what stands at the area itself."""
    book, last = page.book, page.row - 1
    page.put(0, form["own_name"])
    for column, total in enumerate(form["total"], 1):
        page.put(column, own_value(form, column - 1, total))
    page.row += 1
    page.put(0, _("Total"), book.strong)
    for column, total in enumerate(form["total"], 1):
        if total is None:
            page.put(column, None)
        else:
            formula = f"=SUM({page.span(column, first, last + 1)})"
            page.formula(column, formula, total, book.total)
    page.row += 1


def own_value(form: dict[str, Any], column: int, total: int | None) -> int | None:
    """What stands at the area itself: the total without its parts, as far as these are known."""
    parts = [line["values"][column] for line in form["lines"]]
    return None if total is None else total - sum(part or 0 for part in parts)


def _chart(page: Page, columns: list[dict[str, Any]], first: int, lines: int) -> None:
    """Instructors granted in the year, by level."""
    granted = [n for n, one in enumerate(columns, 1) if one["key"].startswith("granted_")]
    if not granted or not lines:
        return
    chart = page.book.book.add_chart({"type": "column", "subtype": "stacked"})
    for number, column in enumerate(granted):
        chart.add_series(
            {
                "name": [page.name, first - 1, column],
                "categories": [page.name, first, 0, first + lines - 1, 0],
                "values": [page.name, first, column, first + lines - 1, column],
                "fill": {"color": ["#0A4F8F", "#5B9BD0", "#A7CBE8", "#1C2530"][number]},
            }
        )
    chart.set_title({"name": columns[granted[0] - 1]["group"], "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 320})
    page.sheet.insert_chart(page.row + 1, 0, chart)
