"""The pages of coverage."""

from coverage.views.definitions import Definitions
from coverage.views.page import CoveragePage, LiveFigures
from coverage.views.paper import CoveragePaper
from coverage.views.past import PastFigures
from coverage.views.rows import GapRows, MeasureRows
from coverage.views.todo import TodoPage
from coverage.views.wall import WallFigures, WallScreen

__all__ = [
    "CoveragePage",
    "CoveragePaper",
    "Definitions",
    "GapRows",
    "LiveFigures",
    "MeasureRows",
    "PastFigures",
    "TodoPage",
    "WallFigures",
    "WallScreen",
]
