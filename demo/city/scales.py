"""How large the demo city is, and when its story begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings


@dataclass(frozen=True)
class Scale:
    """Averages and targets that the invented city comes close to."""

    counties: int
    townships: int  # in a county
    villages: int  # in a township
    grids: int
    hobby_grids_per_grid: float
    sessions: int


SCALES = {
    # For tests.
    "tiny": Scale(3, 2, 3, 110, 1.6, 1_500),
    "small": Scale(11, 3, 5, 850, 2.1, 28_000),
    "city": Scale(11, 10, 17, 12_000, 3.8, 1_000_000),
}

# The dashboard opens with a trend of 24 months, the current one not counted.
SPAN = timedelta(days=760)
# Less than this is no story.
SHORTEST = timedelta(days=120)


def figures_begin() -> date:
    return date.fromisoformat(settings.FIGURES_BEGIN)


def beginning(today: date) -> date:
    """The day on which the first grids are established."""
    return max(today - SPAN, figures_begin())
