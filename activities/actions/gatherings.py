"""What users do with lectures and events: log, correct, withdraw. Each is one transaction.

They are held at a grid, a village, a township or a county. What they said before an amendment
stands in the audit trail, which is what a resend is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import snapshot
from accounts.models import AuditEntry, Person
from activities.actions.ground import (
    SessionConflict,
    day_of_authority,
    day_to_amend,
    entry_today,
    writer_of,
)
from activities.gatherings import plausibility
from activities.models import Event, Lecture
from grids.authority import forget_reach
from grids.lineage import code_on
from grids.tree import model_at
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, System, reach_of

Gathering = TypeVar("Gathering", Lecture, Event)

_HELD = ("area_code", "held_on", "start_time", "minutes", "participants", "place", "note")
# What a phone sends of each kind, and so what tells a resend from something else.
BODIES: dict[type[Any], tuple[str, ...]] = {
    Lecture: (*_HELD, "topic", "speaker_id", "guest"),
    Event: (*_HELD, "title", "event_kind"),
}
LOG, CORRECT, WITHDRAW = "log gathering", "correct gathering", "withdraw gathering"


def log_lecture(
    actor: Actor,
    *,
    id: UUID,
    area_code: str,
    held_on: date,
    topic: str,
    speaker: Person | None = None,
    guest: str = "",
    **held: Any,
) -> tuple[Lecture, bool]:
    """Write down a lecture; returns it and whether it is new.

    ``held`` has start time, minutes, participants, place and note. The same id with the same body
    is a resend and returns what is stored. Raises ``OutOfReach``, ``SessionConflict`` (same id,
    other body) or ``ValidationError`` naming field and remedy.
    """
    lecture = Lecture(
        id=id,
        area_code=area_code,
        held_on=held_on,
        topic=topic,
        speaker=speaker,
        guest=guest,
        logged_by=actor,
        **held,
    )
    return _log(actor, lecture)


def log_event(
    actor: Actor,
    *,
    id: UUID,
    area_code: str,
    held_on: date,
    title: str,
    event_kind: str,
    **held: Any,
) -> tuple[Event, bool]:
    """Write down an event (or a day of a longer one); as ``log_lecture``."""
    event = Event(
        id=id,
        area_code=area_code,
        held_on=held_on,
        title=title,
        event_kind=event_kind,
        logged_by=actor,
        **held,
    )
    return _log(actor, event)


@transaction.atomic
def correct_gathering(
    actor: Actor, row: Gathering, *, version: int, reason: str, **changes: Any
) -> Gathering:
    """Change what a lecture or an event says; what it said before stays in the trail.

    ``version`` is the one that the actor saw: another raises ``SessionConflict``, unless it is this
    very correction sent again. What is not changed is not judged again.
    """
    known = {name.removesuffix("_id") for name in BODIES[type(row)]} - {"area_code"}
    if unknown := set(changes) - known:
        raise TypeError(f"not corrected: {sorted(unknown)}")
    day = day_to_amend(actor, row)
    stored = _locked(row)
    before = _values(stored)
    for field, value in changes.items():
        setattr(stored, field, value)
    _tidy(stored)
    # Another day may lie on the other side of a change of the map.
    _place(stored)
    after = _values(stored)
    asked = {_attname(row, field): after[_attname(row, field)] for field in changes}
    if _corrected_before(stored, version, reason, asked):
        stored.refresh_from_db()
        return stored
    _require_version(stored, version)
    changed = {field for field in before if before[field] != after[field]}
    if not changed:
        raise ValidationError(_("Nothing was changed."))
    plausibility.check(stored, changed)
    return _amended(actor, stored, CORRECT, reason, day)


@transaction.atomic
def withdraw_gathering(actor: Actor, row: Gathering, *, version: int, reason: str) -> Gathering:
    """Take it back: it stays readable and counts no more. Twice is the same as once."""
    day = day_to_amend(actor, row)
    stored = _locked(row)
    if stored.withdrawn_at is not None:
        return stored
    _require_version(stored, version)
    stored.withdrawn_at = timezone.now()
    return _amended(actor, stored, WITHDRAW, reason, day)


def _log(actor: Actor, row: Gathering) -> tuple[Gathering, bool]:
    sent, row.area_code = row.area_code, code_on(row.area_code, row.held_on)
    writer, day = writer_of(actor, sent, row.area_code, row.held_on)
    _tidy(row)
    # Most resends come after the first was stored: they need no lock.
    stored = _replayed(actor, row)
    if stored is not None:
        return stored, False
    try:
        return _log_new(writer, row, day)
    except (IntegrityError, ValidationError, OutOfReach):
        # Was the same id sent at the same moment for another area, and won?
        stored = _replayed(actor, row)
        if stored is None:
            raise
        return stored, False


@transaction.atomic
def _log_new(actor: Actor, row: Gathering, day: date) -> tuple[Gathering, bool]:
    code = row.area_code
    _place(row)
    stored = _replayed(actor, row)
    if stored is not None:
        return stored, False
    plausibility.check(row)
    if row.area_code != code and not isinstance(actor, System):
        # It moved while we waited, and its posts with it: what was read of them is old.
        forget_reach(actor)
        day = day_of_authority(actor, "log", row.area_code, row.held_on)
    return keep(actor, row, LOG, on=day), True


def _place(row: Any) -> None:
    """Put the row where its area stood on its day, and lock that area.

    Whatever is written about the gatherings of an area queues there. The area may have moved while
    the record waited on a phone, or while this writer waited: then it is looked for again.
    """
    while True:
        row.area_code = code_on(row.area_code, row.held_on)
        areas: Any = model_at(row.area_code).objects
        found = areas.select_for_update().filter(area_code=row.area_code).first()
        if found is None:
            raise ValidationError({"area_code": _("There is nothing with this code.")})
        if code_on(row.area_code, row.held_on) == row.area_code:
            return


def _locked(row: Gathering) -> Gathering:
    """The stored row, behind the lock of its area, so that two writers cannot deadlock."""
    _place(row)
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def _replayed(actor: Actor, row: Gathering) -> Gathering | None:
    """The stored row where ``row`` is a resend of it; None where the id is new."""
    stored = type(row)._default_manager.filter(pk=row.pk).first()
    if stored is None:
        return None
    days = (today(), row.held_on)
    if not any(reach_of(actor, day).allows("log", stored.area_code) for day in days):
        # Not the sender's to know: only that this id is taken.
        raise SessionConflict(["id"])
    first, sent = _first_body(stored), _values(row)
    differing = [name for name in BODIES[type(row)] if first[name] != sent[name]]
    if differing:
        raise SessionConflict([name.removesuffix("_id") for name in differing])
    return stored


def _first_body(stored: Any) -> dict[str, Any]:
    """What it said when it was first logged, before any correction."""
    values = _values(stored)
    if stored.version > 1:
        created = _entries(stored).filter(before__isnull=True).order_by("pk").first()
        if created is not None:
            values |= created.after or {}
            if isinstance(stored, Lecture):
                # Who spoke may have been merged into another entry since.
                values["speaker_id"] = entry_today(values["speaker_id"])
    # Its area may have moved since: what is compared is where it stands today.
    values["area_code"] = code_on(values["area_code"], date.fromisoformat(values["held_on"]))
    return values


def _entries(stored: Any) -> Any:
    return AuditEntry.objects.filter(model=stored._meta.label_lower, object_id=str(stored.pk))


def _corrected_before(stored: Any, version: int, reason: str, asked: dict[str, Any]) -> bool:
    """Whether this very correction was the step after ``version``, whatever came later."""
    steps = _entries(stored).filter(verb=CORRECT, reason=reason.strip(), after__version=version + 1)
    step = steps.first()
    if step is None or not step.after:
        return False
    # The trail has only what changed: what it has not, the step left as it was.
    return all(step.after.get(name, value) == value for name, value in asked.items())


def _amended(actor: Actor, row: Any, verb: str, reason: str, day: date) -> Any:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in a few words.")})
    row.version += 1
    return keep(actor, row, verb, reason=reason.strip(), on=day)


def _require_version(stored: Any, version: int) -> None:
    if stored.withdrawn_at is not None:
        raise ValidationError(_("This record was withdrawn."))
    if stored.version != version:
        raise SessionConflict(["version"])


def _tidy(row: Any) -> None:
    """One way to write the same thing, so that a resend compares equal."""
    row.start_time = row.start_time.replace(second=0, microsecond=0)
    for name in _texts(row):
        setattr(row, name, getattr(row, name).strip())


def _texts(row: Any) -> Iterable[str]:
    return ("place", "note", *(("topic", "guest") if isinstance(row, Lecture) else ("title",)))


def _values(row: Any) -> dict[str, Any]:
    values = snapshot(row)
    assert values is not None  # noqa: S101  (None only for no row)
    return values


def _attname(row: Any, name: str) -> str:
    attname: str = row._meta.get_field(name).attname
    return attname
