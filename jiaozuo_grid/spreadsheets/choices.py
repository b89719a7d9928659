"""Columns that hold one or several of a few values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiaozuo_grid.spreadsheets.kinds import CellFault, Kind
from jiaozuo_grid.spreadsheets.text import cell_text, plain, tidy


@dataclass(frozen=True)
class Choice:
    """One of the values that may be chosen, and what it is called."""

    value: Any
    zh: str
    en: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en or self.zh

    @property
    def names(self) -> tuple[str, ...]:
        return (self.zh, self.en, str(self.value), *self.aliases)


def _folded(text: str) -> str:
    return plain(text).lower()


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few values. ``choices`` is asked anew for each file, since sports are data."""

    choices: Callable[[], Iterable[Choice]]

    def parse(self, cell: Any) -> Any:
        return self.pick(cell_text(cell), self.table())

    def table(self) -> dict[str, Any]:
        return {_folded(name): one.value for one in self.choices() for name in one.names if name}

    def pick(self, text: str, table: dict[str, Any]) -> Any:
        wanted = _folded(text)
        if wanted in table:
            return table[wanted]
        close = get_close_matches(wanted, table, n=1, cutoff=0.5)
        labels = {one.value: one.label for one in self.choices()}
        remedy = (
            _("Probably “%(name)s” is meant.") % {"name": labels[table[close[0]]]}
            if close
            else _("Choose one of: %(names)s.") % {"names": "、".join([*labels.values()][:20])}
        )
        cause = _("“%(name)s” is not one of the possible values.") % {"name": tidy(text)[:40]}
        raise CellFault("not_a_choice", cause, remedy)

    def show(self, value: Any) -> Any:
        return self.labels().get(value, "")

    def labels(self) -> dict[Any, str]:
        return {one.value: one.label for one in self.choices()}

    def options(self) -> list[str]:
        return [one.label for one in self.choices()]

    def hint(self) -> str:
        return _("Choose from the list.")


@dataclass(frozen=True)
class SomeOf(OneOf):
    """Several of the values, separated by 、 or a comma. The value is a tuple in their order."""

    def parse(self, cell: Any) -> tuple[Any, ...]:
        table = self.table()
        parts = re.split(r"[、,，;；/|\n]+", cell_text(cell))
        chosen = {self.pick(part, table) for part in parts if tidy(part)}
        return self._ordered(chosen)

    def _ordered(self, values: Iterable[Any]) -> tuple[Any, ...]:
        wanted = set(values)
        return tuple(one.value for one in self.choices() if one.value in wanted)

    def same(self, stored: Any, given: Any) -> bool:
        return set(stored or ()) == set(given)

    def show(self, value: Any) -> Any:
        labels = self.labels()
        return "、".join(labels[one] for one in self._ordered(value or ()))

    def hint(self) -> str:
        return _("One or several of the list, separated by “、”.")
