"""Spells: the stretches of days on which something counts, recounted from the rows themselves."""

from coverage.spells.scope import Scope
from coverage.spells.sources import SOURCES, SPELL, SpellRow, recounted, spell_rows
from coverage.spells.stretches import Stretch, Stretches, common, merged, required, without

__all__ = [
    "SOURCES",
    "SPELL",
    "Scope",
    "SpellRow",
    "Stretch",
    "Stretches",
    "common",
    "merged",
    "recounted",
    "required",
    "spell_rows",
    "without",
]
