"""The one list of measures, indicators and gaps; pages, API, exports and tests iterate over it.

A *measure* is a count of rows, or a sum of one of their fields; ``rows`` yields exactly the rows
that the figure counts. An *indicator* is a ratio of two measures with a target. A *gap* is the
inverse of an indicator: the named rows that keep it below its target.
"""

from coverage.registry.gaps import GAPS
from coverage.registry.indicators import INDICATORS
from coverage.registry.kinds import (
    DIRECTION_NAMES,
    GROUP_NAMES,
    Direction,
    Gap,
    Group,
    Indicator,
    Kind,
    Measure,
    Version,
    Where,
)
from coverage.registry.measures import MEASURES

__all__ = [
    "DIRECTION_NAMES",
    "GAPS",
    "GROUP_NAMES",
    "INDICATORS",
    "MEASURES",
    "Direction",
    "Gap",
    "Group",
    "Indicator",
    "Kind",
    "Measure",
    "Version",
    "Where",
]
