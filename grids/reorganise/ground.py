"""What every reorganisation begins with and ends with: the day, the locks, the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import in_batch
from grids.actions.ground import written
from grids.models import Division, HobbyGrid, Reorganisation, Succession
from grids.reorganise.moving import Move, remember
from grids.reorganise.report import Report
from grids.writing import keep
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, Delegated

# A change may be entered late, but not so late that a year's figures were reported without it.
BACKWARDS = timedelta(days=366)


@dataclass(frozen=True)
class Decision:
    """Which change of the map, from which day, and by whose decision."""

    kind: str
    source: str
    target: str
    on: date
    title: str
    reason: str


class Rehearsed(Exception):
    """Raised to roll a rehearsal back; carries what it would have done."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__()


def check_day(on: date) -> None:
    """Raise ``ValidationError`` for a day to come, or one too long ago."""
    if on > today():
        raise ValidationError(
            {"on": _("A change of the map is entered on its day or afterwards, not ahead.")}
        )
    if on < today() - BACKWARDS:
        raise ValidationError({"on": _("This is more than a year ago. Choose a later day.")})


def check_stands(area: Division | object, on: date) -> None:
    """Raise ``ValidationError`` unless the area was in force on the day and has not ended."""
    row: Division = area  # type: ignore[assignment]
    if row.ended_on is not None:
        raise ValidationError(
            _("%(name)s ended on %(day)s.") % {"name": row.name, "day": written(row.ended_on)}
        )
    if on < row.started_on:
        raise ValidationError(
            {
                "on": _("%(name)s begins on %(day)s; choose this day or a later one.")
                % {"name": row.name, "day": written(row.started_on)}
            }
        )


def lock_villages(*codes: str) -> None:
    """Lock the villages (or larger divisions) of ``codes``, and all hobby grids below them.

    In order of their codes, so that two reorganisations never wait for each other. Whoever writes
    a session holds its hobby grid's row, so none is written unseen while the map changes.
    """
    villages = sorted({code[: Level.VILLAGE] for code in codes})
    list(Division.objects.select_for_update().filter(area_code__in=villages).order_by("area_code"))
    for code in sorted(codes):
        rows = HobbyGrid.objects.within(code).select_for_update().order_by("area_code")
        list(rows.values_list("pk", flat=True))


@contextmanager
def reorganising(actor: Actor, decision: Decision, *, rehearse: bool) -> Iterator[Move]:
    """One transaction in one batch; the record and the successions are written at its end."""
    check_day(decision.on)
    if not decision.reason.strip():
        raise ValidationError({"reason": _("Name the decision, or say why, in a few words.")})
    batch = uuid4()
    move = Move(Delegated(actor), decision.source, decision.on)
    with transaction.atomic(), in_batch(batch):
        lock_villages(decision.source, decision.target)
        _check_not_overtaken(decision)
        yield move
        if rehearse:
            raise Rehearsed(move.report)
        reorganisation = Reorganisation(
            kind=decision.kind,
            area_code=decision.target,
            source_code=decision.source,
            on=decision.on,
            title=decision.title[:200],
            reason=decision.reason.strip(),
            summary=move.report.summary(),
            batch=batch,
            done_by=move.actor.user,
        )
        remember(move, _recorded(move, reorganisation))


def _recorded(move: Move, reorganisation: Reorganisation) -> Reorganisation:
    """Outside the batch: undoing takes back what was done, not that it was done."""
    with in_batch(None):
        return keep(move.actor, reorganisation, "reorganise")


def _check_not_overtaken(decision: Decision) -> None:
    """A change cannot be dated before an earlier change of the same ground."""
    later = Succession.objects.filter(on__gt=decision.on)
    for code in (decision.source, decision.target):
        touched = later.filter(old_code__startswith=code) | later.filter(new_code__startswith=code)
        last = touched.order_by("-on").first()
        if last is not None:
            raise ValidationError(
                {
                    "on": _("The map changed here on %(day)s; choose this day or a later one.")
                    % {"day": written(last.on)}
                }
            )
