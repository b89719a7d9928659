"""A fault of a file: where it is, what stood there, why it is wrong, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from jiaozuo_grid.spreadsheets.text import column_letters


@dataclass
class Fault:
    """``row`` counts from 1, as spreadsheet programs do; ``position`` is the column's, from 0."""

    code: str
    row: int | None
    position: int | None
    column: str
    value: str
    cause: str
    remedy: str
    # For a misspelt header: the key of the column that is probably meant.
    likely: str = ""
    sure: bool = False

    @property
    def cell(self) -> str:
        """The reference of the cell, such as C12; of a whole row or column only its part."""
        letters = column_letters(self.position) if self.position is not None else ""
        return f"{letters}{self.row or ''}"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "cell": self.cell}
