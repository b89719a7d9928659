"""What every reorganisation begins with and ends with: the day, the locks, the record."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.audit import in_batch
from grids.actions.ground import written
from grids.models import Appointment, Division, HobbyGrid, Reorganisation, Succession
from grids.people import person_of
from grids.reorganise.moving import Move, remember
from grids.reorganise.report import Report
from grids.writing import keep
from jiaozuo_grid.area import Level, within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.listeners import caused_by
from jiaozuo_grid.reach import Actor, Delegated

log = logging.getLogger(__name__)

# Why figures change, for who listens to announced facts.
REORGANISED = "reorganised"
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


@dataclass(frozen=True)
class Terms:
    """On which terms a reorganisation is carried out: only rehearsed, or only as it was shown."""

    rehearse: bool = False
    # The digest of the report that was agreed to; "" asks nothing.
    agreed: str = ""
    # The day on which it is entered, for histories that are written afterwards (default: today).
    entered_on: date | None = None


FREELY = Terms()


class Rehearsed(Exception):
    """Raised to roll a rehearsal back; carries what it would have done."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__()


def check_day(on: date, entered_on: date) -> None:
    """Raise ``ValidationError`` for a day to come, or one too long ago."""
    if on > entered_on:
        raise ValidationError(
            {"on": _("A change of the map is entered on its day or afterwards, not ahead.")}
        )
    if on < entered_on - BACKWARDS:
        raise ValidationError({"on": _("This is more than a year ago. Choose a later day.")})


def check_stands(area: Division | object, on: date) -> None:
    """Raise ``ValidationError`` unless the area was in force on the day and has not ended."""
    row: Division = area  # type: ignore[assignment]
    if row.ended_on is not None:
        raise ValidationError(
            _("%(name)s ends on %(day)s.") % {"name": row.name, "day": written(row.ended_on)}
        )
    if on < row.started_on:
        raise ValidationError(
            {
                "on": _("%(name)s begins on %(day)s; choose this day or a later one.")
                % {"name": row.name, "day": written(row.started_on)}
            }
        )


def lock_villages(*codes: str) -> None:
    """Lock the divisions at and below ``codes``, then all hobby grids below them.

    In this order and by their codes, as every action on a village does, so that none waits for one
    that waits for it. Whoever establishes, appoints or ends holds the village's row, whoever writes
    a session its hobby grid's: nothing is written unseen while the map changes.
    """
    villages = within_q({code[: Level.VILLAGE] for code in codes})
    divisions = Division.objects.select_for_update().filter(villages).order_by("area_code")
    list(divisions.values_list("pk", flat=True))
    for code in sorted(codes):
        rows = HobbyGrid.objects.within(code).select_for_update().order_by("area_code")
        list(rows.values_list("pk", flat=True))


@contextmanager
def reorganising(actor: Actor, decision: Decision, terms: Terms) -> Iterator[Move]:
    """One transaction in one batch; the record and the successions are written at its end."""
    check_day(decision.on, terms.entered_on or today())
    if not decision.reason.strip():
        raise ValidationError({"reason": _("Name the decision, or say why, in a few words.")})
    batch = uuid4()
    move = Move(Delegated(actor), decision.source, decision.on)
    with transaction.atomic(), in_batch(batch), caused_by(REORGANISED):
        lock_villages(decision.source, decision.target)
        _check_not_overtaken(decision)
        _check_not_ones_own(actor, move)
        try:
            with transaction.atomic():
                yield move
        except IntegrityError as error:
            log.warning("a reorganisation met a constraint", exc_info=True)
            raise ValidationError(
                _("Something stands at the new place already that cannot be there twice.")
            ) from error
        if terms.rehearse:
            raise Rehearsed(move.report)
        if terms.agreed and terms.agreed != move.report.digest():
            raise ValidationError(
                _("Something changed since the preview. Look at the new one and confirm again."),
                code="changed",
            )
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
        move.report.reorganisation = reorganisation.pk


def _recorded(move: Move, reorganisation: Reorganisation) -> Reorganisation:
    """Outside the batch: undoing takes back what was done, not that it was done."""
    with in_batch(None):
        return keep(move.actor, reorganisation, "reorganise")


def _check_not_ones_own(actor: Actor, move: Move) -> None:
    """Nobody moves or ends their own post: that would be a way to appoint oneself elsewhere."""
    own = person_of(actor)
    if own is not None and move.lasting(Appointment).filter(person=own).exists():
        raise ValidationError(_("Your own post would move. Ask the office above you to do this."))


def _check_not_overtaken(decision: Decision) -> None:
    """A change cannot be dated before an earlier change of the same ground."""
    later = Succession.objects.standing().filter(on__gt=decision.on)
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
