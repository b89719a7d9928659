"""A column of a sheet: what it is called, what it holds, whether it must be filled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from jiaozuo_grid.spreadsheets.kinds import Kind, Text


@dataclass(frozen=True)
class Column:
    """``key`` names the value in the code; the header is read in both languages.

    ``required`` columns must be in the file and filled in every row; ``expected`` ones must be in
    the file. An ``informative`` column is written for the reader and ignored on reading. Any other
    empty cell changes nothing.
    """

    key: str
    zh: str
    en: str
    kind: Kind = field(default_factory=Text)
    required: bool = False
    expected: bool = False
    informative: bool = False
    aliases: tuple[str, ...] = ()
    example: Any = ""
    note: Any = ""
    width: int = 14

    @property
    def header(self) -> str:
        """The header in the reader's language."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    @property
    def names(self) -> tuple[str, ...]:
        """Everything by which the column is known."""
        return (self.zh, self.en, self.key, *self.aliases)
