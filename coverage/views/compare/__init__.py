"""Comparing areas, days and indicators."""

from coverage.views.compare.areas import CompareAreas
from coverage.views.compare.indicators import CompareIndicators, CompareLines, CompareSpread
from coverage.views.compare.periods import ComparePeriods

__all__ = ["CompareAreas", "CompareIndicators", "CompareLines", "ComparePeriods", "CompareSpread"]
