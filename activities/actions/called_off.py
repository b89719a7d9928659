"""Saying that an expected session does not take place, and that it did after all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.ground import (
    SessionConflict,
    day_of_authority,
    day_to_amend,
    placed,
    writer_of,
)
from activities.expected import NEAR, apart, meetings
from activities.models import CalledOff, Session
from grids.authority import forget_reach
from grids.lineage import code_on
from grids.models import HobbyGrid
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.often import Often, slot
from jiaozuo_grid.reach import Actor, OutOfReach, System, reach_of

# A meeting can be called off so many days before it.
AHEAD = timedelta(days=60)
# What tells a resend from something else under the same id.
BODY = ("area_code", "held_on", "start_time", "reason")


def call_off(
    actor: Actor, *, id: UUID, area_code: str, held_on: date, start_time: time, reason: str
) -> tuple[CalledOff, bool]:
    """Say that a meeting does not take place; returns the row and whether it is new.

    The same id with the same body is a resend. Where somebody else called it off before, this one
    is kept beside it, withdrawn: its id is known, and the meeting is called off once. Raises
    ``OutOfReach``, ``SessionConflict`` (same id, other body), or ``ValidationError``, also where a
    session of that meeting is logged.
    """
    sent, area_code = area_code, code_on(area_code, held_on)
    writer, day = writer_of(actor, sent, area_code, held_on)
    row = CalledOff(
        id=id,
        area_code=area_code,
        held_on=held_on,
        start_time=start_time.replace(second=0, microsecond=0),
        reason=reason,
        logged_by=actor,
    )
    stored = _replayed(actor, row)
    if stored is not None:
        return stored, False
    try:
        return _call_off(writer, row, day)
    except (IntegrityError, ValidationError, OutOfReach):
        # Was the same id sent at the same moment for another hobby grid, and won?
        stored = _replayed(actor, row)
        if stored is None:
            raise
        return stored, False


@transaction.atomic
def _call_off(actor: Actor, row: CalledOff, day: date) -> tuple[CalledOff, bool]:
    code = row.area_code
    hobby_grid = placed(row)
    stored = _replayed(actor, row)
    if stored is not None:
        return stored, False
    row.clean_fields(exclude=["logged_by"])
    _require_a_day(row, hobby_grid)
    of_the_day = list(
        CalledOff.objects.standing().filter(area_code=row.area_code, held_on=row.held_on)
    )
    if any(other.start_time == row.start_time for other in of_the_day):
        row.withdrawn_at = timezone.now()
    else:
        _require_not_held(row, hobby_grid, of_the_day)
    if row.area_code != code and not isinstance(actor, System):
        # It moved while we waited, and its posts with it: what was read of them is old.
        forget_reach(actor)
        day = day_of_authority(actor, "log", row.area_code, row.held_on)
    return keep(actor, row, "call off", on=day), True


def _replayed(actor: Actor, row: CalledOff) -> CalledOff | None:
    """The stored row where ``row`` is a resend of it; None where the id is new."""
    stored: CalledOff | None = CalledOff.objects.filter(pk=row.pk).first()
    if stored is None:
        return None
    if not any(
        reach_of(actor, day).allows("log", stored.area_code) for day in (today(), row.held_on)
    ):
        # Not the sender's to know: only that this id is taken.
        raise SessionConflict(["id"])
    # Its hobby grid may have moved since: what is compared is where it stands today.
    stands = code_on(stored.area_code, stored.held_on)
    differing = [
        field
        for field in BODY
        if getattr(row, field) != (stands if field == "area_code" else getattr(stored, field))
    ]
    if differing:
        raise SessionConflict(differing)
    return stored


def _require_a_day(row: CalledOff, hobby_grid: HobbyGrid) -> None:
    begin = date.fromisoformat(settings.FIGURES_BEGIN)
    oldest = max(begin, today() - timedelta(days=settings.LOGGED_WITHIN_DAYS))
    if not oldest <= row.held_on <= today() + AHEAD:
        raise ValidationError(
            {
                "held_on": _("This can be said of the days from %(first)s to %(last)s.")
                % {"first": oldest, "last": today() + AHEAD}
            }
        )
    if not hobby_grid.in_force(row.held_on):
        raise ValidationError(
            {"held_on": _("This hobby grid did not exist on that day. Check the day.")}
        )


def _require_not_held(row: CalledOff, hobby_grid: HobbyGrid, others: list[CalledOff]) -> None:
    starts = _starts(hobby_grid, row.held_on, [row, *others])
    sessions = Session.objects.standing().filter(area_code=row.area_code, held_on=row.held_on)
    for session in sessions:
        if _meeting_of(session.start_time, starts) == row.start_time:
            raise ValidationError(
                {
                    "start_time": ValidationError(
                        _(
                            "A session of this hobby grid at %(time)s with %(n)s participants is "
                            "logged already. Withdraw that one first, if it did not take place."
                        )
                        % {"time": f"{session.start_time:%H:%M}", "n": session.participants},
                        code="already_logged",
                        params={"session": str(session.pk)},
                    )
                }
            )


def _starts(hobby_grid: HobbyGrid, day: date, called_off: Iterable[CalledOff]) -> set[time]:
    """The hours at which the hobby grid was to meet on a day."""
    planned = {meeting.start for meeting in meetings([hobby_grid], day, day)}
    return planned | {row.start_time for row in called_off}


def _meeting_of(start: time, starts: Iterable[time]) -> time | None:
    """The hour of the meeting that began at ``start``; None where it was one of its own."""
    nearest = min(starts, key=lambda hour: (apart(hour, start), hour), default=None)
    return nearest if nearest is not None and apart(nearest, start) <= NEAR else None


def took_place(actor: Actor, session: Session, hobby_grid: HobbyGrid, day: date) -> None:
    """A session was logged: was its meeting called off, that is taken back.

    Part of logging it, under the lock of the hobby grid's row; ``day`` is the one whose posts let
    the actor log it.
    """
    of_the_day = _OF_THE_DAY.all(code=session.area_code, day=session.held_on)
    if not of_the_day:
        return
    starts = _starts(hobby_grid, session.held_on, of_the_day)
    meeting = _meeting_of(session.start_time, starts)
    _withdraw(actor, [row for row in of_the_day if row.start_time == meeting], day)


_OF_THE_DAY = Often(
    lambda: CalledOff.objects.standing().filter(
        area_code=slot("code", models.CharField()), held_on=slot("day", models.DateField())
    )
)


@transaction.atomic
def hold_after_all(actor: Actor, row: CalledOff) -> CalledOff:
    """Take back that a meeting was called off, whoever said so. Twice is the same as once."""
    day = day_to_amend(actor, row)
    placed(row)
    same = CalledOff.objects.standing().filter(
        area_code=row.area_code, held_on=row.held_on, start_time=row.start_time
    )
    _withdraw(actor, list(same), day)
    row.refresh_from_db()
    return row


def _withdraw(actor: Actor, rows: Iterable[CalledOff], day: date) -> None:
    for row in rows:
        row.withdrawn_at = timezone.now()
        keep(actor, row, "hold after all", on=day)
