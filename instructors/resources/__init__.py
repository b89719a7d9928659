"""The spreadsheet of instructors."""

from __future__ import annotations

from instructors.resources.sheet import InstructorSheet
from jiaozuo_grid.spreadsheets.sheet import register


def register_sheets() -> None:
    """Called when the app is ready."""
    register(InstructorSheet())
