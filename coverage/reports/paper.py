"""A printed report: A4, Chinese fonts embedded, the same bytes for the same content.

Headings are set in Noto Sans SC, text in Noto Serif SC, as official papers use 黑体 and 宋体.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import segno
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path, serif_path

MARGIN, FOOT = 18.0, 16.0
INK, SOFT, ACCENT, RULE, GROUND = (28, 37, 48), (85, 97, 110), (10, 79, 143), (154, 167, 180), 240


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its share of the width, and whether numbers stand in it."""

    head: str
    share: float
    number: bool = False


class Paper(FPDF):
    """The sheet with its title block, headings, tables and feet."""

    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__(format="A4")
        self.content = content
        self.add_font("sans", "", str(sans_path()))
        self.add_font("serif", "", str(serif_path()))
        # Nothing of the moment in which it is made.
        self.set_creation_date(datetime.fromisoformat(content["on"]).replace(tzinfo=UTC))
        self.set_title(content["title"])
        self.set_author(content["issuer"])
        self.set_lang("zh-CN" if content["language"].startswith("zh") else "en")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, FOOT + 4)
        self.set_draw_color(*RULE)
        self.set_text_color(*INK)
        self.set_line_width(0.2)
        self.add_page()

    def header(self) -> None:
        if self.page_no() == 1:
            return
        self.set_font("sans", size=8)
        self.set_text_color(*SOFT)
        self.cell(0, 5, self.content["title"], new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(3)
        self.set_text_color(*INK)

    def footer(self) -> None:
        self.set_y(-FOOT)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.set_font("sans", size=8)
        self.set_text_color(*SOFT)
        receipt = self.content.get("receipt", {}).get("code", "")
        page = _("Page %(n)s of %(m)s") % {"n": self.page_no(), "m": "{nb}"}
        width = self.epw / 3
        self.cell(width, 6, self.content["issuer"])
        self.cell(width, 6, page, align="C")
        self.cell(width, 6, f"{_('Receipt')} {receipt}" if receipt else "", align="R")
        self.set_text_color(*INK)

    # --- Title and headings ---

    def title_block(self, facts: Sequence[tuple[str, str]]) -> None:
        """Who issues it over a double rule, the title, and what it is about."""
        content = self.content
        self.set_font("sans", size=13)
        self.set_text_color(*ACCENT)
        self.cell(0, 8, content["issuer"], align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        y = self.get_y() + 1
        self.set_draw_color(*ACCENT)
        self.set_line_width(0.9)
        self.line(self.l_margin, y, self.w - self.r_margin, y)
        self.set_line_width(0.25)
        self.line(self.l_margin, y + 1.2, self.w - self.r_margin, y + 1.2)
        self.set_draw_color(*RULE)
        self.set_text_color(*INK)
        self.set_y(y + 7)
        self.set_font("sans", size=18)
        self.multi_cell(
            0,
            10,
            content["title"],
            align="C",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
            wrapmode=self._wrap,
        )
        self.ln(4)
        top = self.get_y()
        size = 30.0 if content.get("receipt") else 0.0
        self._facts(facts, self.epw - (size + 6 if size else 0))
        bottom = self.get_y()
        if size:
            self._code(content["receipt"]["address"], self.w - self.r_margin - size, top, size)
        self.set_y(max(bottom, top + size) + 3)

    def _facts(self, facts: Sequence[tuple[str, str]], width: float) -> None:
        for name, text in facts:
            self.set_font("sans", size=9)
            self.set_text_color(*SOFT)
            self.cell(30 if self._chinese else 40, 5.6, name)
            self.set_text_color(*INK)
            self.set_font("serif", size=9.5)
            rest = width - (30 if self._chinese else 40)
            self.multi_cell(
                rest,
                5.6,
                text,
                align="L",
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
                wrapmode=self._wrap,
            )

    def _code(self, address: str, x: float, y: float, size: float) -> None:
        """The QR code, drawn: sharp at any size."""
        rows = list(segno.make(address, error="m", micro=False).matrix)
        step = size / len(rows)
        self.set_fill_color(0, 0, 0)
        for down, row in enumerate(rows):
            for across, dark in enumerate(row):
                if dark:
                    # A hair wider, or seams show between the modules.
                    self.rect(x + across * step, y + down * step, step * 1.04, step * 1.04, "F")

    def section(self, text: str, room: float = 40) -> None:
        """A heading that is not left alone at the foot of a page."""
        if self.will_page_break(room):
            self.add_page()
        self.ln(3)
        self.set_font("sans", size=13)
        self.set_text_color(*ACCENT)
        self.cell(0, 8, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(*INK)

    def subsection(self, text: str, room: float = 25) -> None:
        if self.will_page_break(room):
            self.add_page()
        self.set_font("sans", size=10.5)
        self.cell(0, 7, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def say(self, text: str, size: float = 9) -> None:
        self.set_font("serif", size=size)
        self.multi_cell(
            0,
            size * 0.56,
            text,
            align="L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
            wrapmode=self._wrap,
        )
        self.ln(1)

    # --- Tables ---

    def grid(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float = 8.5
    ) -> None:
        """A table; its heads stand again on each page."""
        whole = sum(column.share for column in columns)
        widths = [self.epw * column.share / whole for column in columns]
        self._line([column.head for column in columns], columns, widths, size, head=True)
        for row in rows:
            height = self._height(row, widths, size)
            if self.get_y() + height > self.page_break_trigger:
                self.add_page()
                self._line([column.head for column in columns], columns, widths, size, head=True)
            self._line(row, columns, widths, size)
        self.ln(2)

    def _lines(self, text: str, width: float, size: float) -> list[str]:
        found: Any = self.multi_cell(
            width, size * 0.5, text, dry_run=True, output="LINES", wrapmode=self._wrap
        )
        return found or [""]

    def _height(self, cells: Sequence[str], widths: Sequence[float], size: float) -> float:
        self.set_font("serif", size=size)
        most = max(len(self._lines(t, w, size)) for t, w in zip(cells, widths, strict=True))
        return most * size * 0.47 + 1.8

    def _line(
        self,
        cells: Sequence[str],
        columns: Sequence[Column],
        widths: Sequence[float],
        size: float,
        *,
        head: bool = False,
    ) -> None:
        height = self._height(cells, widths, size)
        x, y = self.l_margin, self.get_y()
        self.set_font("sans" if head else "serif", size=size)
        if head:
            self.set_fill_color(GROUND)
            self.rect(x, y, sum(widths), height, "F")
        for text, column, width in zip(cells, columns, widths, strict=True):
            self.rect(x, y, width, height)
            lines = self._lines(text, width, size)
            inset = (height - len(lines) * size * 0.47) / 2
            for number, line in enumerate(lines):
                self.set_xy(x, y + inset + number * size * 0.47)
                align = "R" if column.number else "L"
                self.cell(width, size * 0.47, line, align=align)
            x += width
        self.set_xy(self.l_margin, y + height)

    # --- Ways of breaking lines ---

    @property
    def _chinese(self) -> bool:
        return bool(self.content["language"].startswith("zh"))

    @property
    def _wrap(self) -> WrapMode:
        return WrapMode.CHAR if self._chinese else WrapMode.WORD
