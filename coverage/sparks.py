"""Small lines without axes: how an indicator went within a year, drawn on the server as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 120, 28, 3


@dataclass(frozen=True)
class Spark:
    """Lines through the known points (a gap where nothing is known); the target's height."""

    lines: list[str]
    target: str = ""


def _scale(values: Sequence[float | None], span: tuple[float, float]) -> list[float | None]:
    low, high = span
    room = HEIGHT - 2 * MARGIN
    flat = high - low <= 1e-12
    return [
        None
        if value is None
        else HEIGHT / 2
        if flat
        else HEIGHT - MARGIN - (value - low) / (high - low) * room
        for value in values
    ]


def span_of(values: Sequence[float | None]) -> tuple[float, float] | None:
    """From the lowest to the highest known value."""
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else None


def spark(
    values: Sequence[float | None],
    span: tuple[float, float] | None = None,
    target: float | None = None,
) -> Spark | None:
    """A line through ``values``, oldest first; None where fewer than two are known.

    ``span`` is what the height stands for: several lines side by side share one.
    """
    own = span_of(values)
    if own is None or sum(value is not None for value in values) < 2:
        return None
    low, high = span or own
    # A change of less than a hundredth is no cliff.
    least = max(abs(high), abs(low)) * 0.01
    if high - low < least:
        low, high = low - least / 2, high + least / 2
    heights = _scale(values, (low, high))
    step = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    lines: list[list[str]] = [[]]
    for place, height in enumerate(heights):
        if height is None:
            lines.append([])
            continue
        lines[-1].append(f"{MARGIN + place * step:.1f},{height:.1f}")
    mark = ""
    if target is not None and low <= target <= high:
        mark = f"{_scale([target], (low, high))[0]:.1f}"
    return Spark([" ".join(line) for line in lines if len(line) > 1], mark)
