"""Spells: the stretches of days on which something counts, recounted from the rows themselves."""

from coverage.spells.scope import Scope
from coverage.spells.sources import SOURCES, recounted
from coverage.spells.stretches import Stretch, Stretches, common, merged, required, without

__all__ = [
    "SOURCES",
    "Scope",
    "Stretch",
    "Stretches",
    "common",
    "merged",
    "recounted",
    "required",
    "without",
]
