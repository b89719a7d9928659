"""What coverage keeps. Each part has its module here; everything is imported from this package."""

from coverage.models.journal import Cause, JournalLine, JournalOpening
from coverage.models.receipts import DefinitionVersion, Receipt
from coverage.models.reminders import Answer, Reminder
from coverage.models.reports import Report, ReportKind
from coverage.models.snapshots import Snapshot, SnapshotArea, SnapshotRemark, SnapshotSignature
from coverage.models.tallies import (
    DatedShift,
    DatedTally,
    FlowShift,
    FlowTally,
    FoldState,
    NearStation,
    Spell,
    StaleMark,
    StockShift,
    StockTally,
)
from coverage.models.targets import Target

__all__ = [
    "Answer",
    "Cause",
    "DatedShift",
    "DatedTally",
    "DefinitionVersion",
    "FlowShift",
    "FlowTally",
    "FoldState",
    "JournalLine",
    "JournalOpening",
    "NearStation",
    "Receipt",
    "Reminder",
    "Report",
    "ReportKind",
    "Snapshot",
    "SnapshotArea",
    "SnapshotRemark",
    "SnapshotSignature",
    "Spell",
    "StaleMark",
    "StockShift",
    "StockTally",
    "Target",
]
