"""Writing the pages of a report's workbook: the same bytes for the same content.

Rows go out one after the other (constant memory); nothing in a file depends on the clock, on the
machine or on chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from jiaozuo_grid.spreadsheets.text import guard

A4 = 9
INK, ACCENT, SOFT = "#1C2530", "#0A4F8F", "#E1EDF7"


class Book:
    """A workbook with the formats that all its pages share."""

    def __init__(self, target: IO[bytes], content: dict[str, Any], folder: str) -> None:
        self.content = content
        self.book = xlsxwriter.Workbook(
            target,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        stands_at = datetime.fromisoformat(content["on"]).replace(tzinfo=UTC)
        self.book.set_properties(
            {"title": content["title"], "author": content["issuer"], "created": stands_at}
        )
        self.book.set_calc_mode("auto")
        add = self.book.add_format
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        line = {**base, "border": 1, "border_color": "#9AA7B4"}
        self.title = add({**base, "font_size": 16, "bold": True})
        self.note = add({**base, "font_color": "#55616E"})
        self.wrapped = add({**line, "text_wrap": True, "valign": "top"})
        self.heading = add({**base, "font_size": 12, "bold": True, "font_color": ACCENT})
        self.head = add({**line, "bold": True, "bg_color": SOFT, "text_wrap": True})
        self.head_number = add(
            {**line, "bold": True, "bg_color": SOFT, "text_wrap": True, "align": "right"}
        )
        self.text = add(line)
        self.strong = add({**line, "bold": True})
        self.unknown = add({**line, "align": "right", "font_color": "#55616E"})
        self.number = add({**line, "num_format": "#,##0"})
        self.rate = add({**line, "num_format": "#,##0.00"})
        self.share = add({**line, "num_format": "0.0%"})
        self.total = add({**line, "bold": True, "num_format": "#,##0", "top": 2})

    def page(
        self, name: str, widths: Sequence[float], *, landscape: bool = False, repeat: int = -1
    ) -> Page:
        return Page(self, name, widths, landscape=landscape, repeat=repeat)

    def close(self) -> None:
        self.book.close()


class Page:
    """A worksheet that is written from top to bottom."""

    def __init__(
        self, book: Book, name: str, widths: Sequence[float], *, landscape: bool, repeat: int
    ) -> None:
        self.book, self.row = book, 0
        self.name = name
        self.sheet = book.book.add_worksheet(name)
        sheet = self.sheet
        for position, width in enumerate(widths):
            sheet.set_column(position, position, width)
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        sheet.set_default_row(18)
        content = book.content
        sheet.set_header(f"&L&9{_plain(content['title'])}&R&9{_plain(name)}")
        page = _("Page %(n)s of %(m)s") % {"n": "&P", "m": "&N"}
        receipt = content.get("receipt", {}).get("code", "")
        sheet.set_footer(f"&L&9{_plain(content['issuer'])}&C&9{page}&R&9{_plain(receipt)}")
        if repeat >= 0:
            sheet.repeat_rows(repeat)
            sheet.freeze_panes(repeat + 1, 1)

    def say(self, text: str, format: Any = None) -> None:
        """A line of text of its own."""
        if text:
            self.sheet.write_string(self.row, 0, guard(text), format or self.book.note)
        self.row += 1

    def title(self) -> None:
        self.say(self.book.content["title"], self.book.title)
        self.sheet.set_row(self.row - 1, 26)

    def heads(self, names: Sequence[str], numbers_from: int = 1, height: float = 32) -> None:
        self.sheet.set_row(self.row, height)
        for position, name in enumerate(names):
            format = self.book.head if position < numbers_from else self.book.head_number
            self.sheet.write_string(self.row, position, guard(name), format)
        self.row += 1

    def put(self, column: int, value: Any, format: Any = None) -> None:
        """A cell of the row being written; what is not known says so."""
        book = self.book
        if value is None:
            self.sheet.write_string(self.row, column, _("no data"), book.unknown)
        elif isinstance(value, str):
            self.sheet.write_string(self.row, column, guard(value), format or book.text)
        else:
            self.sheet.write_number(self.row, column, value, format or book.number)

    def formula(self, column: int, formula: str, value: Any, format: Any = None) -> None:
        """A formula, with its value for who reads without calculating."""
        shown = _("no data") if value is None else value
        self.sheet.write_formula(self.row, column, formula, format or self.book.number, shown)

    def cell(self, column: int, row: int | None = None) -> str:
        """The address of a cell from other pages."""
        row = self.row if row is None else row
        return f"'{self.name}'!${xl_col_to_name(column)}${row + 1}"

    def span(self, column: int, first: int, last: int) -> str:
        letter = xl_col_to_name(column)
        return f"{letter}{first + 1}:{letter}{last + 1}"


def _plain(text: str) -> str:
    """Text in which the codes of headers and footers mean nothing."""
    return text.replace("&", "&&")
