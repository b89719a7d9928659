"""Texts of cells: as people type them, as they are compared, as they are written out."""

from __future__ import annotations

import re
import unicodedata

# What spreadsheet programs take for a formula, in half and full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BLANK = " \n\v\f\u00a0\u3000\ufeff\u200b"
# Spaces of all kinds, control characters and marks without width.
_SPACES = re.compile(r"[\s\x00-\x1f\x7f\u00a0\u3000\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
# Full-width letters and digits; Chinese punctuation stays as it is.
_NARROW = {
    wide: wide - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for wide in range(ord(first), ord(last) + 1)
}


def is_live(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula."""
    return text.lstrip(_BLANK).startswith(FORMULA)


def guard(text: str) -> str:
    """The text as a cell that no spreadsheet program runs; ``unguard`` takes it back."""
    return f"'{text}" if _needs_guard(text) else text


def _needs_guard(text: str) -> bool:
    return is_live(text) or (text.startswith("'") and _needs_guard(text[1:]))


def unguard(text: str) -> str:
    """The text without the quotation mark that ``guard`` put before it."""
    return text[1:] if text.startswith("'") and _needs_guard(text[1:]) else text


def tidy(text: str) -> str:
    """The text with narrow letters and digits, single spaces, and nothing around it."""
    return _SPACES.sub(" ", text.translate(_NARROW)).strip()


def plain(text: str) -> str:
    """The text as codes, numbers and dates are written: all narrow, without any space."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def cell_text(cell: object) -> str:
    """What stands in a cell, as text; a whole number has no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return unguard(cell) if isinstance(cell, str) else str(cell)


def column_letters(index: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
