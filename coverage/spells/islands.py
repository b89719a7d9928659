"""Days joined into stretches by the database: of a long history a few rows come back."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from coverage.spells.stretches import Stretches

# A day goes on with the stretch of the day before it where their windows touch.
_ISLANDS = """
SELECT owner, MIN(day), MAX(day) FROM (
    SELECT owner, day, SUM(begins) OVER (PARTITION BY owner ORDER BY day) AS island FROM (
        SELECT owner, day,
               CASE WHEN {apart} <= {length} THEN 0 ELSE 1 END AS begins
          FROM ({days}) AS held
    ) AS beginnings
) AS numbered GROUP BY owner, island
"""
_BEFORE = "LAG(day) OVER (PARTITION BY owner ORDER BY day)"
_APART = {
    "postgresql": f"day - {_BEFORE}",
    "sqlite": f"julianday(day) - julianday({_BEFORE})",
}


def islands(rows: QuerySet[Any], length: int) -> Stretches:
    """By owner the days on which a day of theirs lies in the ``length`` days that end with it.

    ``rows`` have ``owner`` and ``day``.
    """
    try:
        days, values = rows.values("owner", "day").distinct().query.sql_with_params()
    except EmptyResultSet:
        return {}
    statement = _ISLANDS.format(apart=_APART[connection.vendor], length=int(length), days=days)
    window = timedelta(days=length)
    found: Stretches = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while part := cursor.fetchmany(20_000):
            for owner, first, last in part:
                found[owner].append((_day(first), _day(last) + window, 1))
    return {owner: sorted(stretches) for owner, stretches in found.items()}


def _day(value: Any) -> date:
    """SQLite answers days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
