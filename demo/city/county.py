"""How far a county has come with the programme."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Shares of what there could be; ``window`` is the part of the story in which grids begin."""

    villages: float  # with grids
    grids: float  # of the required ones, where there are any
    led: float
    staffed: float
    silent: float  # hobby grids that never log
    figures: float  # villages whose residents are known
    window: tuple[float, float]
    zeal: float  # how often a group logs, 1 is usual
    # Where the programme has reached only some villages: below 1 more of them are here.
    late: float


PILOT = Progress(0.985, 0.99, 0.965, 0.94, 0.05, 1.0, (0.0, 0.45), 1.35, 0.5)
USUAL = Progress(0.91, 0.94, 0.88, 0.82, 0.14, 1.0, (0.10, 0.88), 1.0, 1.1)
SLOW = Progress(0.84, 0.90, 0.80, 0.74, 0.22, 0.92, (0.2, 0.93), 0.8, 1.2)
BEHIND = Progress(0.60, 0.76, 0.62, 0.55, 0.40, 0.80, (0.5, 0.97), 0.6, 1.5)

_OTHERS = {
    "410882": PILOT,
    "410802": PILOT,
    "410804": SLOW,
    "410821": SLOW,
    "410871": BEHIND,
}


def progress_of(county_code: str) -> Progress:
    return _OTHERS.get(county_code, USUAL)
