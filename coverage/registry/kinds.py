"""What a measure, an indicator and a gap are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from jiaozuo_grid.area import Ground, Level

Text = str | Promise
# An area of the map as it was on the day, or as it is today (grids/lineage.py).
Where = str | Ground
Rows = Callable[[Where, date], QuerySet[Any]]


class Kind(StrEnum):
    """A stock stands as of a day; a flow happened in the calendar month of the day."""

    STOCK = "stock"
    FLOW = "flow"


@dataclass(frozen=True)
class Measure:
    """A count of ``rows``, or the sum of their ``amount``."""

    key: str
    name: Text
    unit: Text
    definition: Text
    rows: Rows
    kind: Kind = Kind.STOCK
    amount: str | None = None
    # For measures that are not known everywhere: "known in so many of so many villages".
    partly_known: bool = False
    # The deepest level at which it means anything: a single grid has no number of villages.
    level: int = Level.HOBBY_GRID


@dataclass(frozen=True)
class Indicator:
    """``per`` × numerator ÷ denominator, against a target; ``per`` 1 is shown in per cent."""

    key: str
    name: Text
    definition: Text
    numerator: str
    denominator: str
    target: float | None
    per: int = 1


@dataclass(frozen=True)
class Gap:
    """Named rows that keep an indicator below its target, and what to do about them.

    Its size is ``whole`` − ``part`` where those two measures give it, so it costs no count.
    """

    key: str
    name: Text
    remedy: Text
    rows: Rows
    whole: str
    part: str
    indicator: str
