"""The vocabulary for asking about instructors."""

from __future__ import annotations

from jiaozuo_grid.reach import ScopedLastingQuerySet


class InstructorQuerySet(ScopedLastingQuerySet):
    """Instructors, at the area where they serve today."""
