"""Charts of a printed report, drawn as lines and rectangles: sharp at any size, small to store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from coverage.reports.paper import ACCENT, INK, RULE, SOFT, Paper

HEIGHT = 42.0


@dataclass(frozen=True)
class Series:
    """A measure month by month; None where it is not known, which is drawn as a gap."""

    name: str
    labels: Sequence[str]
    values: Sequence[float | None]
    # Columns for what happens in a month, a line for what stands at its end.
    flow: bool


def ceiling(value: float) -> float:
    """A round number not below ``value``: the top of the scale."""
    if value <= 4:
        return 4
    step = 10 ** math.floor(math.log10(value))
    tops = (step * n for n in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10))
    return float(next(top for top in tops if top >= value))


def chart(paper: Paper, series: Series, x: float, y: float, width: float) -> None:
    """A chart of ``HEIGHT`` at a place of the page."""
    paper.set_font("sans", size=8.5)
    paper.set_xy(x, y)
    paper.cell(width, 5, series.name)
    left, top, right, bottom = x + 13, y + 7, x + width - 2, y + HEIGHT - 7
    known = [value for value in series.values if value is not None]
    high = ceiling(max(known, default=0))
    _scale(paper, high, (left, top, right, bottom))
    step = (right - left) / max(len(series.values), 1)
    points: list[tuple[float, float] | None] = []
    for number, value in enumerate(series.values):
        middle = left + (number + 0.5) * step
        if number % max(1, round(len(series.values) / 6)) == 0 or number == len(series.values) - 1:
            _label(paper, series.labels[number], middle, bottom, step)
        if value is None:
            points.append(None)
            continue
        height = (bottom - top) * value / high
        points.append((middle, bottom - height))
        if series.flow and height > 0:
            paper.set_fill_color(*ACCENT)
            paper.rect(middle - step * 0.32, bottom - height, step * 0.64, height, "F")
    if not series.flow:
        _line(paper, points)
    _last(paper, series, points)


def _scale(paper: Paper, high: float, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    paper.set_font("sans", size=6.5)
    paper.set_text_color(*SOFT)
    paper.set_draw_color(*RULE)
    paper.set_line_width(0.1)
    for part in (0, 0.5, 1):
        y = bottom - (bottom - top) * part
        paper.line(left, y, right, y)
        paper.set_xy(left - 14, y - 1.5)
        paper.cell(13, 3, f"{high * part:,.0f}", align="R")
    paper.set_text_color(*INK)
    paper.set_line_width(0.2)


def _label(paper: Paper, text: str, middle: float, bottom: float, step: float) -> None:
    paper.set_font("sans", size=6.5)
    paper.set_text_color(*SOFT)
    paper.set_xy(middle - 8, bottom + 0.6)
    paper.cell(16, 3.2, text, align="C")
    paper.set_text_color(*INK)


def _line(paper: Paper, points: Sequence[tuple[float, float] | None]) -> None:
    paper.set_draw_color(*ACCENT)
    paper.set_line_width(0.5)
    for start, end in pairwise(points):
        if start and end:
            paper.line(*start, *end)
    paper.set_fill_color(*ACCENT)
    for point in points:
        if point:
            paper.circle(point[0], point[1], 0.6, "F")
    paper.set_draw_color(*RULE)
    paper.set_line_width(0.2)


def _last(paper: Paper, series: Series, points: Sequence[tuple[float, float] | None]) -> None:
    """The report's own month is written out."""
    if not points or points[-1] is None:
        return
    x, y = points[-1]
    paper.set_font("sans", size=7)
    paper.set_xy(x - 14, y - 4)
    paper.cell(16, 3, f"{series.values[-1]:,.0f}", align="R")
