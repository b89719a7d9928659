"""The journal across a rebuild: it opens with the first, and notes what each later one changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_date

from coverage.journal.columns import OF_SESSIONS, SESSIONS, kept_as, told
from coverage.journal.recording import LINE, UNASKED, next_moment
from coverage.models import Cause, FlowTally, FoldState, JournalLine, JournalOpening, Spell
from coverage.registry import MEASURES
from coverage.spells import SOURCES
from coverage.storing import store
from coverage.tallies import FLOWS
from jiaozuo_grid.area import Level

_SPELLS = """
SELECT measure, area_code, started_on, ended_on, SUM(amount), SUM(n) FROM (
    SELECT measure, area_code, started_on, ended_on, amount, 1 AS n FROM coverage_spell
    UNION ALL
    SELECT measure, area_code, started_on, ended_on, -amount, -1 FROM journal_spells
) AS both_counts
GROUP BY measure, area_code, started_on, ended_on HAVING SUM(n) <> 0 OR SUM(amount) <> 0
"""
_DATED = """
SELECT measure, area_code, month, SUM(own) FROM (
    SELECT measure, area_code, month, own FROM coverage_datedtally WHERE own <> 0
    UNION ALL
    SELECT measure, area_code, month, -own FROM journal_dated
) AS both_counts
GROUP BY measure, area_code, month HAVING SUM(own) <> 0
"""


def _version(measure: str) -> int:
    return int(getattr(MEASURES.get(measure), "version", 1))


@contextmanager
def across_rebuild(state: FoldState) -> Iterator[None]:
    """Around throwing the tallies away and counting them anew, in one transaction.

    What was never counted before begins with an opening, not with a line for each row. Of what was,
    the difference is noted: found by counting anew, or made by another definition.
    """
    moment = next_moment(state)
    known = Spell.objects.exists() or FlowTally.objects.exists()
    opened = {row.measure: row for row in JournalOpening.objects.all()}
    if known:
        _keep_what_was()
    yield
    if known:
        _note_differences(moment, opened)
    for measure in sorted({*SOURCES, *FLOWS, *MEASURES}):
        opening = opened.get(measure)
        if opening is None:
            begun = known and JournalLine.objects.filter(measure=kept_as(measure)).exists()
            opening = JournalOpening(measure=measure, opened_at=None if begun else moment)
        opening.version = _version(measure)
        opening.save()
    state.folded_at = moment


def _keep_what_was() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE journal_spells AS"
            " SELECT measure, area_code, started_on, ended_on, amount FROM coverage_spell"
        )
        cursor.execute(
            f"CREATE TEMPORARY TABLE journal_flows AS SELECT area_code, month, {', '.join(FLOWS)}"  # noqa: S608
            f" FROM coverage_flowtally WHERE length(area_code) = {int(Level.HOBBY_GRID)}"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE journal_dated AS"
            " SELECT measure, area_code, month, own FROM coverage_datedtally WHERE own <> 0"
        )


def _note_differences(moment: datetime, opened: dict[str, JournalOpening]) -> None:
    lines = _lines(moment, opened)
    while batch := list(islice(lines, 5000)):
        store(JournalLine, LINE, batch)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE journal_spells")
        cursor.execute("DROP TABLE journal_flows")
        cursor.execute("DROP TABLE journal_dated")


def _lines(moment: datetime, opened: dict[str, JournalOpening]) -> Iterator[tuple[Any, ...]]:
    today = timezone.localdate(moment)
    # A measure that is counted for the first time gets no line here, so each is asked once.
    known = cache(lambda key: JournalLine.objects.filter(measure=key).exists())
    for changes, code, start, end, rows in _differing():
        causes: dict[Cause, dict[str, int]] = defaultdict(dict)
        for measure, amount in changes.items():
            opening = opened.get(measure)
            if opening is None and not known(kept_as(measure)):
                # Counted for the first time: its journal opens.
                continue
            same = opening is None or opening.version == _version(measure)
            causes[Cause.RECOUNTED if same else Cause.REDEFINED][measure] = amount
        # Rows are told once, with the measure of which they are, the first.
        for cause, those in causes.items():
            measure, *amounts = told(those)
            more = rows if next(iter(changes)) in those else 0
            late = start < today
            if more or any(amounts):
                yield moment, measure, code, start, end, *amounts, more, cause.value, late


def _differing() -> list[tuple[dict[str, int], str, date, date | None, int]]:
    """(change of each measure, code, from, until, rows) of what is counted otherwise than before:
    of one measure, or of all that is told of sessions.
    """
    found: list[tuple[dict[str, int], str, date, date | None, int]] = []
    sums = ", ".join(f"SUM({name})" for name in FLOWS)
    less = ", ".join(f"-{name}" for name in FLOWS)
    with connection.cursor() as cursor:
        cursor.execute(_SPELLS)
        for measure, code, start, end, amount, rows in cursor.fetchall():
            found.append(({measure: int(amount)}, code, _day(start), _day(end), int(rows)))
        cursor.execute(
            f"SELECT area_code, month, {sums} FROM ("  # noqa: S608
            f" SELECT area_code, month, {', '.join(FLOWS)} FROM coverage_flowtally"
            f" WHERE length(area_code) = {int(Level.HOBBY_GRID)}"
            f" UNION ALL SELECT area_code, month, {less} FROM journal_flows"
            ") AS both_counts GROUP BY area_code, month"
            f" HAVING {' OR '.join(f'SUM({name}) <> 0' for name in FLOWS)}"
        )
        for code, month, *figures in cursor.fetchall():
            changes = dict(zip(FLOWS, map(int, figures), strict=True))
            of_sessions = {name: changes[name] for name in OF_SESSIONS}
            others = [
                ({name: amount}, amount)
                for name, amount in changes.items()
                if name not in OF_SESSIONS and name not in UNASKED and amount
            ]
            for change, rows in [(of_sessions, of_sessions[SESSIONS]), *others]:
                if any(change.values()):
                    found.append((change, code, _day(month), None, rows))
        cursor.execute(_DATED)
        for measure, code, month, amount in cursor.fetchall():
            found.append(({measure: int(amount)}, code, _day(month), None, int(amount)))
    return found


def _day(value: Any) -> Any:
    """SQLite answers days as text."""
    return parse_date(value) if isinstance(value, str) else value
