"""How large the demo city is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Scale:
    """Numbers of things; ``sessions`` is a target that the count comes close to."""

    counties: int
    townships: int
    villages: int
    hobby_grids_per_grid: float
    sessions: int
    instructors: int
    stations: int


SCALES = {
    # For tests.
    "tiny": Scale(2, 2, 3, 1.6, 500, 40, 12),
    "small": Scale(11, 3, 4, 2.4, 26_000, 1_200, 180),
    "city": Scale(11, 10, 18, 3.8, 1_000_000, 30_000, 2_050),
}

# The dashboard opens with a trend of 24 months.
SPAN = timedelta(days=760)


def beginning(today: date) -> date:
    return today - SPAN
