"""The pages of coverage."""

from coverage.views.definitions import Definitions
from coverage.views.page import CoveragePage, LiveFigures
from coverage.views.rows import GapRows, MeasureRows

__all__ = ["CoveragePage", "Definitions", "GapRows", "LiveFigures", "MeasureRows"]
