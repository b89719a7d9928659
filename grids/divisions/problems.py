"""What can be wrong with a file of divisions, and what to do about each.

A problem keeps its kind and parameters, not a sentence, so that it reads in the language of
whoever looks at it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grids.divisions import wording

SHOWN_LENGTH = 60


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where (physical line of the file, column), the value, why, what to do.

    ``line`` is None for what concerns no line of the file.
    """

    kind: str
    line: int | None = None
    field: str = ""
    value: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict, hash=False)

    @property
    def reason(self) -> str:
        return str(wording.WORDS[self.kind][0]) % self.params

    @property
    def remedy(self) -> str:
        return str(wording.WORDS[self.kind][1]) % self.params

    def __str__(self) -> str:
        place = [_("line %(line)s") % {"line": self.line}] if self.line else []
        if self.field:
            place.append(self.field)
        if self.value:
            place.append(f"“{self.value}”")
        return f"{' · '.join(place)}: {self.reason} {self.remedy}".removeprefix(": ")


def problem(
    kind: str, line: int | None = None, field: str = "", value: str = "", **params: Any
) -> Problem:
    """A problem whose value is cut to a length that a table can show."""
    shown = " ".join(value.split())
    if len(shown) > SHOWN_LENGTH:
        shown = shown[: SHOWN_LENGTH - 1] + "…"
    return Problem(kind, line, field, shown, params)


class BadCell(Exception):
    """Raised while reading one cell; becomes a ``Problem`` with the line and the column."""

    def __init__(self, kind: str, **params: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.params = params


class Refused(ValidationError):
    """The file was refused as a whole; ``problems`` says why, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__([str(one) for one in self.problems] or [gettext_lazy("Refused.")])

    @property
    def summary(self) -> str:
        count = len(self.problems)
        return ngettext(
            "%(count)s problem; nothing was imported.",
            "%(count)s problems; nothing was imported.",
            count,
        ) % {"count": count}


def in_file_order(problems: Iterable[Problem], columns: Sequence[str]) -> list[Problem]:
    """By line, and within a line in the order of the file's columns."""
    place = {name: number for number, name in enumerate(columns)}
    return sorted(problems, key=lambda one: (one.line or 0, place.get(one.field, -1)))
