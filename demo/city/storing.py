"""Many rows into a table at once: COPY on PostgreSQL, prepared INSERTs elsewhere.

Rows carry their own keys, so that nothing needs to be read back and what refers to them can be
made before they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

BATCH = 5000


def store(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Insert rows as they come; memory does not grow with their number."""
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.generated]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(field.column) for field in fields)
    values = _values(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
        while batch := list(islice(values, BATCH)):
            cursor.executemany(insert, batch)


def _values(fields: list[Any], rows: Iterable[Any]) -> Iterator[list[Any]]:
    prepare = [(field.attname, field.get_db_prep_save) for field in fields]
    for row in rows:
        yield [save(getattr(row, name), connection) for name, save in prepare]


def settle(stored: list[type[models.Model]]) -> None:
    """After rows that brought their own keys: the next key follows them, the planner knows them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), stored):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            for model in stored:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
