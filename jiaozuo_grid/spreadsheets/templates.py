"""The template of a sheet: headers, an example, drop-downs, notes."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from jiaozuo_grid.spreadsheets.choices import SomeOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.extents import MAX_ROWS
from jiaozuo_grid.spreadsheets.sheet import Sheet
from jiaozuo_grid.spreadsheets.text import guard

# Down to this row cells have drop-downs and the format of text.
PREPARED_ROWS = 5000


def template(sheet: Sheet) -> bytes:
    """An empty xlsx workbook to fill in, in the reader's language."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    columns = [column for column in sheet.bound_columns() if not column.informative]
    page = book.add_worksheet(str(sheet.title)[:31])
    lists = book.add_worksheet(_("Choices")[:31])
    lists.hide()
    _fill(book, page, lists, columns)
    _notes(book, sheet, columns)
    book.close()
    return target.getvalue()


def _fill(book: Any, page: Any, lists: Any, columns: list[Column]) -> None:
    head = {"bold": True, "border": 1, "valign": "vcenter", "text_wrap": True}
    needed = book.add_format({**head, "bg_color": "#0A4F8F", "font_color": "#FFFFFF"})
    optional = book.add_format({**head, "bg_color": "#E1EDF7", "font_color": "#17212B"})
    text = book.add_format({"num_format": "@"})
    number = book.add_format({})
    grey = book.add_format({"num_format": "@", "italic": True, "font_color": "#687480"})
    page.freeze_panes(1, 0)
    page.set_row(0, 30)
    for position, column in enumerate(columns):
        kind = column.kind
        page.set_column(position, position, column.width, text if kind.as_text else number)
        star = "*" if column.required else ""
        page.write_string(0, position, column.header + star, needed if star else optional)
        page.write_string(1, position, guard(str(column.example)), grey)
        if hint := _hint(column):
            page.write_comment(0, position, hint, {"x_scale": 2})
        options = kind.options()
        if not options:
            continue
        letters = xl_col_to_name(position, True)
        for row, option in enumerate(options):
            lists.write_string(row, position, guard(option))
        several = isinstance(kind, SomeOf)
        page.data_validation(
            1,
            position,
            PREPARED_ROWS,
            position,
            {
                "validate": "list",
                "source": f"='{lists.get_name()}'!{letters}$1:{letters}${len(options)}",
                # Several values are typed with 、 between them, which a list cannot offer.
                "show_error": not several,
                "error_title": column.header[:32],
                "error_message": _("Choose from the list."),
            },
        )


def _hint(column: Column) -> str:
    parts = [str(column.note), column.kind.hint()]
    return " ".join(part for part in parts if part)


def _notes(book: Any, sheet: Sheet, columns: list[Column]) -> None:
    page = book.add_worksheet(_("Notes")[:31])
    bold = book.add_format({"bold": True, "bg_color": "#EEF2F6", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 12)
    page.set_column(2, 2, 70, wrapped)
    lines = [
        str(sheet.title),
        str(sheet.note),
        _("Row 2 is an example; overwrite it, or leave it: it is not imported."),
        _("Dark headers (with *) must be filled. Any other empty cell changes nothing."),
        _("At most %(rows)s rows and 20 MB; xlsx, xls, ods or csv.") % {"rows": f"{MAX_ROWS:,}"},
        _("If a single cell is wrong nothing is imported, and every wrong cell is shown."),
    ]
    lines = [line for line in lines if line]
    for row, line in enumerate(lines):
        page.write_string(row, 0, line)
    start = len(lines) + 1
    for position, name in enumerate([_("Column"), _("Required"), _("How to fill it")]):
        page.write_string(start, position, name, bold)
    for offset, column in enumerate(columns, start + 1):
        page.write_string(offset, 0, column.header)
        page.write_string(offset, 1, _("yes") if column.required else "")
        page.write_string(offset, 2, _hint(column), wrapped)
