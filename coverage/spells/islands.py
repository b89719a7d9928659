"""Days joined into stretches by the database: of a long history a few rows come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery

from coverage.spells.heldmonths import TABLE
from coverage.spells.stretches import Stretches

# What begins not long after all before it ended goes on with the same stretch.
_ISLANDS = """
SELECT owner, MIN(first), MAX(last) FROM (
    SELECT owner, first, last, SUM(begins) OVER (PARTITION BY owner ORDER BY first) AS island
      FROM (
        SELECT owner, first, last, CASE WHEN {apart} <= {length} THEN 0 ELSE 1 END AS begins
          FROM ({held}) AS held
      ) AS beginnings
) AS numbered GROUP BY owner, island
"""
_BEFORE = """MAX(last) OVER (
    PARTITION BY owner ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
)"""
_APART = {
    "postgresql": f"first - {_BEFORE}",
    "sqlite": f"julianday(first) - julianday({_BEFORE})",
}


def islands(rows: QuerySet[Any], length: int) -> Stretches:
    """By owner the days on which a day of theirs lies in the ``length`` days that end with it.

    ``rows`` have ``held_on`` and are annotated with their ``owner``.
    """
    try:
        rows = rows.order_by().annotate(first=F("held_on"), last=F("held_on"))
        held, values = rows.values("owner", "first", "last").distinct().query.sql_with_params()
    except EmptyResultSet:
        return {}
    return _joined(held, values, length)


def islands_of_months(owner: str, condition: str, values: Sequence[Any], length: int) -> Stretches:
    """As ``islands`` from the months of all sessions, for ``length`` of a month at least.

    ``owner`` and ``condition`` are SQL on the columns of that table.
    """
    held = f"SELECT {owner} AS owner, first, last FROM {TABLE} WHERE {condition}"  # noqa: S608
    return _joined(held, values, length)


def _joined(held: str, values: Sequence[Any], length: int) -> Stretches:
    apart = _APART[connection.vendor]
    window = timedelta(days=length)
    found: Stretches = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_ISLANDS.format(apart=apart, length=int(length), held=held), values)
        while part := cursor.fetchmany(20_000):
            for owner, first, last in part:
                found[owner].append((_day(first), _day(last) + window, 1))
    return {owner: sorted(stretches) for owner, stretches in found.items()}


def islands_since(
    owners: QuerySet[Any], key: str, rows: QuerySet[Any], length: int, since: date
) -> Stretches:
    """As ``islands``, right for the days from ``since`` on.

    Of the rows before it an owner's last one alone can matter, and is found in the index by one
    seek; so neither many rows nor a long history make it slower. ``key`` is the owners' field
    that ``owner`` of the rows names.
    """
    found: Stretches = defaultdict(list, islands(rows.filter(held_on__gte=since), length))
    # Said as a range, in the order of an index that begins with the owner: otherwise PostgreSQL may
    # go through the days of all owners instead.
    before = rows.filter(
        owner__gte=OuterRef(key),
        owner__lte=OuterRef(key),
        held_on__lt=since,
        held_on__gt=since - timedelta(days=length),
    )
    last = Subquery(before.order_by("-owner", "-held_on").values("held_on")[:1])
    for owner, day in owners.order_by().annotate(last_held=last).values_list(key, "last_held"):
        if day is not None:
            found[owner].append((day, day + timedelta(days=length), 1))
    return found


def _day(value: Any) -> date:
    """SQLite answers days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
