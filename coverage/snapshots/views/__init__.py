"""The pages of months as they were reported."""

from coverage.snapshots.views.acting import ReissueMonth, RemarkOnMonth, SignMonth
from coverage.snapshots.views.month import MonthList, MonthPage

__all__ = ["MonthList", "MonthPage", "ReissueMonth", "RemarkOnMonth", "SignMonth"]
