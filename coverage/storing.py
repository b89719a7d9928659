"""Storing many rows of what is derived in one statement, without a model object for each.

A fold writes some thousand short rows; on PostgreSQL making objects of them and asking every field
how it is stored takes several times as long as the database needs for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

Row = tuple[Any, ...]
AT_ONCE = 5000


def store(
    model: type[models.Model],
    fields: Sequence[str],
    rows: Sequence[Row],
    unique: Sequence[str] = (),
) -> None:
    """Insert rows of ``fields``; where one with the same ``unique`` fields stands, change it."""
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        if connection.vendor == "postgresql":
            _as_columns(model, fields, part, unique)
        else:
            _as_objects(model, fields, part, unique)


def _changed(fields: Sequence[str], unique: Sequence[str]) -> list[str]:
    return [name for name in fields if name not in unique]


def _as_columns(
    model: type[models.Model], fields: Sequence[str], rows: Sequence[Row], unique: Sequence[str]
) -> None:
    """A list for each column, of which PostgreSQL makes rows."""
    types = [_type(model, name) for name in fields]
    columns = ", ".join(f'"{name}"' for name in fields)
    lists = ", ".join(f"%s::{one}[]" for one in types)
    statement = f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT * FROM unnest({lists})'  # noqa: S608
    if unique:
        keys = ", ".join(f'"{name}"' for name in unique)
        news = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in _changed(fields, unique))
        statement += f" ON CONFLICT ({keys}) DO UPDATE SET {news}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def _type(model: type[models.Model], name: str) -> str:
    """The column's type without its length: a cast to that would cut what is too long."""
    field: Any = model._meta.get_field(name)
    return str(field.db_type(connection)).partition("(")[0]


def _as_objects(
    model: type[models.Model], fields: Sequence[str], rows: Sequence[Row], unique: Sequence[str]
) -> None:
    made = [model(**dict(zip(fields, row, strict=True))) for row in rows]
    options: dict[str, Any] = {}
    if unique:
        options = {
            "update_conflicts": True,
            "unique_fields": list(unique),
            "update_fields": _changed(fields, unique),
        }
    model._default_manager.bulk_create(made, batch_size=1000, **options)
