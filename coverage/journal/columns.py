"""Which column of a journal line holds the change of a measure.

Sessions, their participants and participant-minutes change together, so one line tells all three:
a session makes one line instead of three.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet, Sum

from coverage.models import JournalLine

SESSIONS = "sessions"
# Measure -> its column in a line of sessions. How many more sessions says how many rows more.
OF_SESSIONS = {
    SESSIONS: "amount",
    "participants": "participants",
    "participant_minutes": "participant_minutes",
}


def kept_as(measure: str) -> str:
    """The measure under whose key the lines stand."""
    return SESSIONS if measure in OF_SESSIONS else measure


def column_of(measure: str) -> str:
    """The column with the change of a measure."""
    return OF_SESSIONS.get(measure, "amount")


def told(changes: Mapping[str, int]) -> tuple[str, int, int, int]:
    """The key of the line that tells changes of one measure or of all of sessions, and its
    ``amount``, ``participants`` and ``participant_minutes``.
    """
    values = {column_of(measure): amount for measure, amount in changes.items()}
    amounts = (values.get(column, 0) for column in OF_SESSIONS.values())
    return kept_as(next(iter(changes))), *amounts  # type: ignore[return-value]


def telling(measure: str) -> Q:
    """The lines, of those under the measure's key, that tell a change of the measure itself."""
    return ~Q(**{column_of(measure): 0}, rows=0)


def sums_of(
    lines: QuerySet[JournalLine], measures: Collection[str], *by: str
) -> Iterator[tuple[Any, ...]]:
    """(measure, the fields of ``by`` …, amount, rows): the sums of some measures' lines."""
    sums = {f"sum_of_{name}": Sum(name) for name in OF_SESSIONS.values()}
    found = lines.order_by().values_list("measure", *by).annotate(**sums, of_rows=Sum("rows"))
    for key, *row in found:
        values, told = row[: len(by)], dict(zip(OF_SESSIONS.values(), row[len(by) :], strict=False))
        for measure in OF_SESSIONS if key == SESSIONS else (key,):
            if measure in measures:
                yield measure, *values, told[column_of(measure)], row[-1]
