"""Many rows into a table at once: COPY on PostgreSQL, batches of INSERT elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, models

BATCH = 2000


def store(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Insert rows without reading their keys back; memory does not grow with their number."""
    if connection.vendor == "postgresql":
        _copy(model, rows)
        return
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        model._default_manager.bulk_create(batch)


def stored(rows: list[Any]) -> list[Any]:
    """Insert rows of one model and give them their keys."""
    return type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH) if rows else []


def _copy(model: type[models.Model], rows: Iterable[Any]) -> None:
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.generated and not isinstance(field, models.AutoField)
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for values in _prepared(fields, rows):
            copy.write_row(values)


def _prepared(fields: list[Any], rows: Iterable[Any]) -> Iterator[list[Any]]:
    for row in rows:
        yield [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
