"""The vocabulary for asking about stations."""

from __future__ import annotations

from jiaozuo_grid.reach import ScopedLastingQuerySet


class StationQuerySet(ScopedLastingQuerySet):
    """Stations, at the village to which they belong today."""
