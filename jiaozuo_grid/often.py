"""Questions that are asked very often are put into SQL once.

Making SQL of a queryset costs five times as much as asking the database by the key, and thousands
of phones come back at once. A question is written as any other queryset, with a ``slot`` where a
value goes::

    _BY_KEY = Often(lambda: Session.objects.filter(pk=slot("key", models.UUIDField())))
    _BY_KEY.first(key=key)

None given to a slot is no "is null": it finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, ValuesListIterable


def slot(name: str, field: models.Field[Any, Any]) -> Any:
    """Where a value goes in a question; ``field`` says how it is given to the database."""
    return _Slot(name, field)


class _Slot(Expression):
    def __init__(self, name: str, field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def value(self, given: dict[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(given[self.name], connection)


class _Sql:
    """A queryset as it was put into SQL: rows of its model, or tuples (of ``values_list``)."""

    def __init__(self, rows: Any) -> None:
        query = rows.query
        plain = rows._iterable_class in (ModelIterable, ValuesListIterable)
        if query.select_related or query.annotation_select or rows._prefetch_related_lookups:
            plain = False
        if not plain:
            raise ValueError("plain rows only")
        self.locks = query.select_for_update
        compiler = query.get_compiler(connection=connection)
        self.text, self.params = compiler.as_sql()
        columns: Any = [column for column, _sql, _alias in compiler.select]
        self.converters = [
            (at, list(found), expression)
            for at, (found, expression) in compiler.get_converters(columns).items()
        ]
        self.model = rows.model if rows._iterable_class is ModelIterable else None
        self.names = [column.target.attname for column in columns] if self.model else []

    def ask(self, given: dict[str, Any]) -> list[Any]:
        if self.locks and not connection.in_atomic_block:
            # As Django says it, but only where it makes the SQL: outside nothing would be locked.
            raise transaction.TransactionManagementError("select_for_update needs a transaction")
        params = [one.value(given) if isinstance(one, _Slot) else one for one in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.text, params)
            rows = cursor.fetchall()
        if self.converters:
            rows = [self._converted(row) for row in rows]
        if self.model is None:
            return rows
        return [self.model.from_db(connection.alias, self.names, row) for row in rows]

    def _converted(self, row: Any) -> list[Any]:
        values = list(row)
        for at, converters, expression in self.converters:
            for convert in converters:
                values[at] = convert(values[at], expression, connection)
        return values


class Often:
    """A question: ``rows`` makes the queryset, the first time it is asked."""

    def __init__(self, rows: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self._rows = rows
        self._sql: _Sql | None = None

    def all(self, **given: Any) -> list[Any]:
        """The rows, for these values of the slots."""
        if self._sql is None:
            self._sql = _Sql(self._rows())
        return self._sql.ask(given)

    def first(self, **given: Any) -> Any:
        """The first of the rows; the question should ask for no more than one."""
        return next(iter(self.all(**given)), None)
