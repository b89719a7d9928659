"""The columns of a list: what a row says, what can be sorted by, and the table made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Column:
    """A column: its header, and how a row's value is had without another query.

    With a ``name`` it can be chosen and shown on the page (see ``ListPage``): ``shown`` is its
    text there where that is not the value (``format_html`` for marks), ``link`` leads on from it
    ("" where the reader may not go), ``sort`` names the fields that ``?sort=name`` orders by.
    """

    header: Any
    value: Callable[[Any], Any]
    name: str = ""
    shown: Callable[[Any], Any] | None = None
    link: Callable[[Any], str] | None = None
    sort: tuple[str, ...] = ()
    number: bool = False
    # Shown unless columns are chosen.
    default: bool = True
    css: str = ""

    @property
    def classes(self) -> str:
        return f"{self.css} num".strip() if self.number else self.css

    def text(self, row: Any) -> Any:
        """What the page shows."""
        if self.shown is not None:
            return self.shown(row)
        text = in_words(self.value(row))
        return "—" if self.number and text == "" else text


def in_words(value: Any) -> str:
    """A value as lists and exports write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def in_order(rows: QuerySet[Any], fields: Sequence[str], down: bool) -> QuerySet[Any]:
    """``rows`` by ``fields``, and among equals in their own order: total, as that one is.

    Downwards the whole order is turned round, so that one index serves both ways. What is not
    known comes last either way.
    """
    own: Sequence[Any] = rows.query.order_by or rows.model._meta.ordering or ("pk",)
    then = [term for term in own if not isinstance(term, str) or term.lstrip("-") not in fields]
    if down:
        then = [_turned(term) if isinstance(term, str) else term for term in then]
    return rows.order_by(*(_term(rows.model, field, down) for field in fields), *then)


def _turned(term: str) -> str:
    return term[1:] if term.startswith("-") else f"-{term}"


def _term(model: type[Model], field: str, down: bool) -> Any:
    if not _nullable(model, field):
        return f"-{field}" if down else field
    return F(field).desc(nulls_last=True) if down else F(field).asc(nulls_last=True)


def _nullable(model: type[Model], path: str) -> bool:
    """Whether a field, or one on the way to it, can be empty; an annotation may be."""
    at: Any = model
    for name in path.split("__"):
        try:
            field = at._meta.get_field(name)
        except FieldDoesNotExist:
            return name != "pk"
        if getattr(field, "null", False):
            return True
        at = field.related_model
    return False


@dataclass(frozen=True)
class Head:
    """The head of a column: where a click leads ("" where one cannot sort), and its order now."""

    column: Column
    url: str = ""
    order: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell as HTML, made here since a page has hundreds: its attributes, and what it holds."""

    attributes: str
    html: str


@dataclass(frozen=True)
class Line:
    """A row of the table; ``mark`` names it for scripts and tests (``data-code="…"``)."""

    row: Any
    first: Cell
    cells: list[Cell]
    label: Any
    mark: tuple[str, Any]


@dataclass(frozen=True)
class Table:
    """What ``templates/_table.html`` renders."""

    heads: list[Head]
    lines: list[Line]


def table_of(heads: Sequence[Head], rows: Iterable[Any], mark: tuple[str, str] = ("", "")) -> Table:
    """``rows`` under ``heads``; ``mark`` is the name of the data attribute and the row's own."""
    name, attribute = mark
    columns = [(head.column, _attributes(head.column)) for head in heads]
    lines = []
    for row in rows:
        first, *cells = [Cell(attributes, _html(column, row)) for column, attributes in columns]
        marked = (name, getattr(row, attribute)) if name else ("", "")
        lines.append(Line(row, first, cells, columns[0][0].value(row), marked))
    return Table(list(heads), lines)


def _attributes(column: Column) -> str:
    classes = format_html(' class="{}"', column.classes) if column.classes else ""
    return format_html(' data-label="{}"{}', column.header, classes)


def _html(column: Column, row: Any) -> str:
    text, link = column.text(row), column.link(row) if column.link else ""
    return format_html('<a href="{}">{}</a>', link, text) if link else conditional_escape(text)
