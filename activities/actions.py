"""What users do with sessions: log, correct, withdraw. Each is one transaction."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import snapshot
from accounts.models import Person
from activities import photos, plausibility
from activities.models import Session, SessionRevision
from grids.models import HobbyGrid
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

# What a phone sends, and so what tells a resend from something else under the same id.
BODY = (
    "area_code",
    "held_on",
    "start_time",
    "minutes",
    "participants",
    "place",
    "led_by_id",
    "note",
)
CORRECTABLE = {"held_on", "start_time", "minutes", "participants", "place", "led_by", "note"}


class SessionConflict(Exception):
    """The same id with another body, or a version that is no longer the newest.

    ``fields`` names what differs; what was stored first stands.
    """

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(", ".join(fields))


def _day_of_authority(actor: Actor, right: str, area_code: str, held_on: date) -> date:
    """The day whose appointments let the actor do this: today, or the day of the session.

    A record must not be refused because its author left office while it waited on the phone.
    """
    for day in (today(), held_on):
        if reach_of(actor, day).allows(right, area_code):
            return day
    raise OutOfReach


def _locked_hobby_grid(area_code: str) -> HobbyGrid:
    """The hobby grid, locked: whatever is written about its sessions queues here."""
    hobby_grid = HobbyGrid.objects.select_for_update().filter(area_code=area_code).first()
    if hobby_grid is None:
        raise ValidationError({"area_code": _("There is no hobby grid with this code.")})
    return hobby_grid


def _first_body(session: Session) -> dict[str, Any]:
    """What the session said when it was first logged, before any correction."""
    revision = session.revisions.order_by("version").first()
    values = revision.values if revision else snapshot(session)
    assert values is not None  # noqa: S101  (a stored session always has values)
    return {field: values[field] for field in BODY}


def _replayed(actor: Actor, session: Session) -> Session | None:
    """The stored session where ``session`` is a resend of it; None where the id is new."""
    stored = Session.objects.filter(pk=session.pk).first()
    if stored is None:
        return None
    if not Session.objects.editable_by(actor, session.held_on).filter(pk=stored.pk).exists() and (
        not Session.objects.editable_by(actor).filter(pk=stored.pk).exists()
    ):
        # Not the sender's to know: only that this id is taken.
        raise SessionConflict(["id"])
    first, sent = _first_body(stored), snapshot(session) or {}
    differing = [field.removesuffix("_id") for field in BODY if first[field] != sent[field]]
    if differing:
        raise SessionConflict(differing)
    return stored


def log_session(
    actor: Actor,
    *,
    id: UUID,
    area_code: str,
    held_on: date,
    start_time: time,
    minutes: int,
    participants: int,
    place: str = "",
    led_by: Person | None = None,
    note: str = "",
    photo: Any = None,
) -> tuple[Session, bool]:
    """Write down a session; returns it and whether it is new.

    The same id with the same body is a resend and returns what is stored. Raises ``OutOfReach``,
    ``SessionConflict`` (same id, other body) or ``ValidationError`` naming field and remedy.
    """
    day = _day_of_authority(actor, "log", area_code, held_on)
    session = Session(
        id=id,
        area_code=area_code,
        held_on=held_on,
        start_time=start_time.replace(second=0, microsecond=0),
        minutes=minutes,
        participants=participants,
        place=place.strip(),
        led_by=led_by,
        note=note.strip(),
        logged_by=actor,
    )
    try:
        return _log(actor, session, photo, day)
    except IntegrityError:
        # The same id was sent at the same moment for another hobby grid and won.
        stored = _replayed(actor, session)
        if stored is None:
            raise
        return stored, False


@transaction.atomic
def _log(actor: Actor, session: Session, photo: Any, day: date) -> tuple[Session, bool]:
    hobby_grid = _locked_hobby_grid(session.area_code)
    stored = _replayed(actor, session)
    if stored is not None:
        return stored, False
    plausibility.check(session, hobby_grid)
    if photo:
        session.photo = photos.cleaned(photo)
    return keep(actor, session, "log", on=day), True


def may_amend(actor: Actor, session: Session) -> bool:
    """Whether the actor may correct or withdraw it: for seven days whoever may log there."""
    try:
        _day_to_amend(actor, session)
    except OutOfReach:
        return False
    return session.withdrawn_at is None


def _day_to_amend(actor: Actor, session: Session) -> date:
    late = timezone.now() > session.logged_at + timedelta(days=settings.CORRECTION_DAYS)
    right = "amend late" if late else "log"
    return _day_of_authority(actor, right, session.area_code, session.held_on)


@transaction.atomic
def correct_session(
    actor: Actor, session: Session, *, version: int, reason: str, **changes: Any
) -> Session:
    """Change what a session says; what it said before stays as a revision.

    ``version`` is the one that the actor saw: another raises ``SessionConflict``, unless it is this
    very correction sent again.
    """
    if unknown := set(changes) - CORRECTABLE:
        raise TypeError(f"not corrected: {sorted(unknown)}")
    day = _day_to_amend(actor, session)
    hobby_grid = _locked_hobby_grid(session.area_code)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    before = snapshot(stored)
    for field, value in changes.items():
        setattr(stored, field, value)
    if _sent_again(stored, before, version, reason):
        return stored
    _require_version(stored, version)
    if snapshot(stored) == before:
        raise ValidationError(_("Nothing was changed."))
    plausibility.check(stored, hobby_grid)
    return _keep_revised(actor, stored, before, "correct", reason, day)


@transaction.atomic
def withdraw_session(actor: Actor, session: Session, *, version: int, reason: str) -> Session:
    """Take a session back: it stays readable and counts no more. Twice is the same as once."""
    day = _day_to_amend(actor, session)
    _locked_hobby_grid(session.area_code)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    if stored.withdrawn_at is not None:
        return stored
    _require_version(stored, version)
    before = snapshot(stored)
    stored.withdrawn_at = timezone.now()
    return _keep_revised(actor, stored, before, "withdraw", reason, day)


def _sent_again(stored: Session, before: Any, version: int, reason: str) -> bool:
    """Whether this correction was applied already, as the step after ``version``."""
    if stored.version != version + 1 or snapshot(stored) != before:
        return False
    return stored.revisions.filter(version=version, reason=reason.strip()).exists()


def _require_version(stored: Session, version: int) -> None:
    if stored.withdrawn_at is not None:
        raise ValidationError(_("This session was withdrawn."))
    if stored.version != version:
        raise SessionConflict(["version"])


def _keep_revised(
    actor: Actor, session: Session, before: Any, verb: str, reason: str, day: date
) -> Session:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in a few words.")})
    revision = SessionRevision(
        session=session,
        version=session.version,
        values=before,
        changed_by=actor,
        reason=reason.strip(),
    )
    revision.clean_fields(exclude=["session", "changed_by"])
    revision.save()
    session.version += 1
    return keep(actor, session, verb, reason=reason.strip(), on=day)
