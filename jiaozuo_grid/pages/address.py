"""What the address of a list says: filters, order, columns. What it does not know, it ignores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from jiaozuo_grid.pages.columns import Column, Head

# ``?columns=all`` shows every column there is.
ALL = "all"
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the address without it."""

    label: Any
    text: Any
    url: str


class Address:
    """A list's query string, understood.

    ``pairs`` are the known parameters that say something, in a fixed order: two addresses of the
    same rows, order and columns have the same pairs.
    """

    def __init__(self, query: QueryDict, form: forms.BaseForm, columns: Sequence[Column]) -> None:
        self.form = form
        self.columns = columns
        self.view = _key(query.get("view", ""))
        self.filters: Pairs = [
            (name, value)
            for name in parameters_of(form)
            for value in query.getlist(name)
            if value.strip()
        ]
        asked = query.get("sort", "")
        self.down = asked.startswith("-")
        self.sorted_by = next(
            (c for c in columns if c.sort and c.name and c.name == asked.removeprefix("-")), None
        )
        names = {name for text in query.getlist("columns") for name in text.split(",")}
        self.chosen = self._chosen(names)

    def _chosen(self, names: set[str]) -> list[Column]:
        """The columns asked for, in their own order and always with the first, or the usual ones.

        The first says what the row is: without it no line could be told from another.
        """
        if ALL in names:
            return list(self.columns)
        asked = [c for c in self.columns if c.name in names]
        if not asked:
            return self.usual
        return [c for c in self.columns if c in asked or c is self.columns[0]]

    @property
    def usual(self) -> list[Column]:
        return [column for column in self.columns if column.default]

    @property
    def sort(self) -> str:
        if self.sorted_by is None:
            return ""
        return f"-{self.sorted_by.name}" if self.down else self.sorted_by.name

    @property
    def chosen_names(self) -> str:
        """The chosen columns as the address has them; "" for the usual ones."""
        if self.chosen == self.usual:
            return ""
        return ",".join(column.name for column in self.chosen)

    @property
    def arrangement(self) -> Pairs:
        """Order and columns, which filters leave as they are."""
        found = [("sort", self.sort), ("columns", self.chosen_names)]
        return [pair for pair in found if pair[1]]

    @property
    def pairs(self) -> Pairs:
        return [*self.filters, *self.arrangement]

    @property
    def kept(self) -> Pairs:
        """What a form that changes the filters carries along."""
        return [*self.arrangement, *self._opened()]

    @property
    def kept_by_picker(self) -> Pairs:
        """What the form that changes order and columns carries along."""
        return [*self.filters, *self._opened()]

    def _opened(self) -> Pairs:
        return [("view", str(self.view))] if self.view else []

    def url(self, pairs: Pairs | None = None) -> str:
        """The address with these parameters (the present ones), and the view that is open.

        Never quite empty: a bare address opens with the view chosen for that.
        """
        said = [*(self.pairs if pairs is None else pairs), *self._opened()]
        return "?" + urlencode(said or [("view", "")])

    def export_url(self, form: str) -> str:
        return "?" + urlencode([*self.pairs, ("format", form)])

    def heads(self) -> list[Head]:
        """The chosen columns, with the address that sorts by each, up and then down."""
        return [self._head(column) for column in self.chosen]

    def _head(self, column: Column) -> Head:
        if not (column.sort and column.name):
            return Head(column)
        here = column is self.sorted_by
        next_sort = f"-{column.name}" if here and not self.down else column.name
        rest = [pair for pair in self.pairs if pair[0] != "sort"]
        order = ("descending" if self.down else "ascending") if here else ""
        return Head(column, self.url([*rest, ("sort", next_sort)]), order)

    def sorts(self) -> list[tuple[str, Column, bool]]:
        """What one can sort by, as a choice: (value, column, downwards)."""
        return [
            (f"-{column.name}" if down else column.name, column, down)
            for column in self.columns
            if column.sort and column.name
            for down in (False, True)
        ]

    def chips(self) -> list[Chip]:
        """The filters in use in words, each with the address that lets go of it."""
        found = []
        for at, (name, value) in enumerate(self.filters):
            rest = [*self.filters[:at], *self.filters[at + 1 :], *self.arrangement]
            field = self.form.fields.get(name) or self.form.fields[_field_of(name, self.form)]
            found.append(Chip(field.label, self._words(name, field, value), self.url(rest)))
        return found

    def _words(self, name: str, field: Any, value: str) -> Any:
        cleaned = getattr(self.form, "cleaned_data", {}).get(name)
        if isinstance(field, forms.ModelChoiceField):
            # What was looked up when the filter was checked; the choices would be read again.
            return value if cleaned is None else field.label_from_instance(cleaned)
        choices = getattr(field.widget, "choices", ())
        return next((str(text).strip() for key, text in _flat(choices) if str(key) == value), value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, text in choices:
        found += _flat(text) if isinstance(text, list | tuple) else [(key, text)]
    return found


def parameters_of(form: forms.BaseForm) -> list[str]:
    """The names under which the fields of a form stand in an address."""
    return [
        parameter for name, field in form.fields.items() for parameter in _parts(name, field.widget)
    ]


def _parts(name: str, widget: Any) -> list[str]:
    several = isinstance(widget, forms.MultiWidget)
    if not several:
        return [name]
    suffixes = getattr(widget, "suffixes", None)
    if suffixes is not None:
        return [f"{name}_{suffix}" if suffix else name for suffix in suffixes]
    return [f"{name}{suffix}" for suffix in widget.widgets_names]


def _field_of(parameter: str, form: forms.BaseForm) -> str:
    """The field of which ``parameter`` is a part."""
    fields = form.fields.items()
    return next(name for name, field in fields if parameter in _parts(name, field.widget))


def _key(text: str) -> int:
    """The key of a saved view; 0 for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
