"""The residents of two villages become those of one: 30 and 40 are 70, unknown stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from grids.actions.residents import FIGURES
from grids.models import ResidentCount
from grids.reorganise.moving import Move, end_all
from grids.reorganise.report import label_of
from grids.writing import keep_new

Adding = Callable[[ResidentCount | None, ResidentCount | None, str], int | None]


def merge_counts(move: Move, source: str, target: str, *, same_place: bool = False) -> None:
    """End both villages' counts on the day and go on with their sums, stretch by stretch.

    Of the same place, entered twice, the target's figures go on; the other's where it has none.
    """
    added = _either if same_place else _added
    theirs = list(move.lasting(ResidentCount))
    there = Move(move.actor, target, move.on)
    ours = list(there.lasting(ResidentCount))
    sums = [
        count
        for start, end in _stretches(move.on, [*theirs, *ours])
        if (count := _sum(_at(theirs, start), _at(ours, start), target, start, end, added))
    ]
    _tell(move, _at(theirs, move.on), _at(ours, move.on), sums[0] if sums else None)
    move.report.count(ResidentCount, len(theirs) + len(ours))
    end_all(move, theirs + ours)
    keep_new(move.actor, sums, "reorganise")


def _stretches(first: date, counts: list[ResidentCount]) -> list[tuple[date, date | None]]:
    """The stretches from ``first`` on in which nothing changes in any of ``counts``."""
    days = {first}
    for count in counts:
        days |= {day for day in (count.started_on, count.ended_on) if day and day > first}
    ordered = sorted(days)
    return list(zip(ordered, [*ordered[1:], None], strict=True))


def _at(counts: list[ResidentCount], day: date) -> ResidentCount | None:
    return next((count for count in counts if count.in_force(day)), None)


def _sum(
    theirs: ResidentCount | None,
    ours: ResidentCount | None,
    target: str,
    start: date,
    end: date | None,
    added: Adding,
) -> ResidentCount | None:
    values = {field: added(theirs, ours, field) for field in FIGURES}
    if all(value is None for value in values.values()):
        return None
    sources = [count.source for count in (theirs, ours) if count is not None and count.source]
    source = " + ".join(dict.fromkeys(sources))
    return ResidentCount(
        area_code=target, started_on=start, ended_on=end, source=source[:100], **values
    )


def _either(theirs: ResidentCount | None, ours: ResidentCount | None, field: str) -> int | None:
    mine: int | None = getattr(ours, field, None)
    return getattr(theirs, field, None) if mine is None else mine


def _added(theirs: ResidentCount | None, ours: ResidentCount | None, field: str) -> int | None:
    one: int | None = getattr(theirs, field, None)
    other: int | None = getattr(ours, field, None)
    return None if one is None or other is None else one + other


def _tell(
    move: Move,
    theirs: ResidentCount | None,
    ours: ResidentCount | None,
    merged: ResidentCount | None,
) -> None:
    for field in FIGURES:
        name = label_of(ResidentCount, field)
        one, other, both = (getattr(count, field, None) for count in (theirs, ours, merged))
        if one is not None or other is not None:
            move.report.figures.append((name, one, other, both))
        if both is None and (one is not None or other is not None):
            move.report.notes.append(
                _("%(figure)s is known of one of the two only, so the sum is unknown. Record it.")
                % {"figure": name}
            )
