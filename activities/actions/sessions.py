"""What users do with sessions: log, correct, withdraw. Each is one transaction."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import snapshot
from accounts.closed import is_same_person
from accounts.models import Person
from activities import likeness, plausibility, review
from activities.actions.called_off import took_place
from activities.actions.ground import (
    SessionConflict,
    day_of_authority,
    day_to_amend,
    entry_today,
    placed,
    writer_of,
)
from activities.models import FlagRule, Session, SessionFlag, SessionJoin, SessionRevision
from grids.authority import forget_reach
from grids.lineage import code_on
from grids.writing import keep
from jiaozuo_grid import photos
from jiaozuo_grid.lasting import today
from jiaozuo_grid.often import Often, slot
from jiaozuo_grid.reach import Actor, Delegated, OutOfReach, System, reach_of

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


def first_body(session: Session) -> dict[str, Any]:
    """What the session said when it was first logged, before any correction."""
    revision = session.revisions.order_by("version").first()
    values = revision.values if revision else _values(session)
    body = {field: values[field] for field in BODY}
    # Its hobby grid may have moved since, and who led it may have been merged into another entry:
    # what is compared is where, and who, they are today.
    body["area_code"] = code_on(body["area_code"], date.fromisoformat(body["held_on"]))
    if revision:
        body["led_by_id"] = entry_today(body["led_by_id"])
    return body


def _replayed(actor: Actor, session: Session) -> Session | None:
    """What stands where ``session`` is a resend; None where the id is new.

    That is the session of this id, or the one that it was joined to.
    """
    stored: Session | None = _STORED.first(key=session.pk)
    if stored is None:
        return _joined(actor, session)
    if not any(
        reach_of(actor, day).allows("log", stored.area_code) for day in (today(), session.held_on)
    ):
        # Not the sender's to know: only that this id is taken.
        raise SessionConflict(["id"])
    first, sent = first_body(stored), _values(session)
    differing = [field.removesuffix("_id") for field in BODY if first[field] != sent[field]]
    if differing:
        raise SessionConflict(differing)
    return stored


def _joined(actor: Actor, session: Session) -> Session | None:
    join = _JOIN.first(key=session.pk)
    if join is None:
        return None
    if not is_same_person(actor, join.user_id):
        raise SessionConflict(["id"])
    joined: Session = join.session
    return joined


_KEY = slot("key", models.UUIDField())
_STORED = Often(lambda: Session.objects.filter(pk=_KEY).order_by())
_JOIN = Often(lambda: SessionJoin.objects.filter(pk=_KEY).order_by())


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
    clock: dict[str, Any] | None = None,
) -> tuple[Session, bool]:
    """Write down a session; returns it and whether it is new.

    The same id with the same body is a resend and returns what is stored (or what it was joined
    to). ``clock`` says how the day was moved because the phone's clock was wrong: the officer looks
    at it. Raises ``OutOfReach``, ``SessionConflict`` (same id, other body) or ``ValidationError``
    naming field and remedy.
    """
    sent, area_code = area_code, code_on(area_code, held_on)
    writer, day = writer_of(actor, sent, area_code, held_on)
    session = Session(
        id=id,
        area_code=area_code,
        held_on=held_on,
        start_time=start_time,
        minutes=minutes,
        participants=participants,
        place=place,
        led_by=led_by,
        note=note,
        logged_by=actor,
    )
    _tidy(session)
    if photo:
        # Before the lock, since decoding a large picture takes a while.
        stored = _replayed(actor, session)
        if stored is not None:
            return stored, False
        session.photo = photos.cleaned(photo)
        session.photo_print = likeness.print_of(session.photo)
    try:
        return _log(writer, session, day, clock)
    except (IntegrityError, ValidationError, OutOfReach):
        if photo:
            # The row is rolled back, a file is not.
            session.photo.delete(save=False)
        # Was the same id sent at the same moment for another hobby grid, and won?
        stored = _replayed(actor, session)
        if stored is None:
            raise
        return stored, False


@transaction.atomic
def _log(
    actor: Actor, session: Session, day: date, clock: dict[str, Any] | None
) -> tuple[Session, bool]:
    code = session.area_code
    hobby_grid = placed(session, followed=True)
    stored = _replayed(actor, session)
    if stored is not None:
        return stored, False
    plausibility.check(session, hobby_grid)
    if session.area_code != code and not isinstance(actor, System):
        # It moved while we waited, and its posts with it: what was read of them is old.
        forget_reach(actor)
        day = day_of_authority(actor, "log", session.area_code, session.held_on)
    kept = keep(actor, session, "log", on=day, judged=True)
    took_place(actor, kept, hobby_grid, day)
    if clock:
        _doubt_the_clock(actor, kept, clock)
    review.look(kept)
    return kept, True


def _doubt_the_clock(actor: Actor, session: Session, clock: dict[str, Any]) -> None:
    """Who logs may not write the officer's list: the doubt is the system's."""
    code = session.area_code
    flag = SessionFlag(session=session, area_code=code, rule=FlagRule.CLOCK, details=clock)
    keep(Delegated(actor), flag, "doubt")


def _tidy(session: Session) -> None:
    """One way to write the same thing, so that a resend compares equal."""
    session.start_time = session.start_time.replace(second=0, microsecond=0)
    session.place = session.place.strip()
    session.note = session.note.strip()


@transaction.atomic
def correct_session(
    actor: Actor,
    session: Session,
    *,
    version: int,
    reason: str,
    submission: UUID | None = None,
    **changes: Any,
) -> Session:
    """Change what a session says; what it said before stays as a revision.

    ``version`` is the one that the actor saw: another raises ``SessionConflict``, unless it is this
    very correction sent again. ``submission`` is the id under which a phone sent it: others may
    follow it, so one that changes nothing is no fault. Raises ``OutOfReach``, or
    ``ValidationError`` naming field and remedy; what is not changed is not judged again.
    """
    if unknown := set(changes) - CORRECTABLE:
        raise TypeError(f"not corrected: {sorted(unknown)}")
    day = day_to_amend(actor, session)
    placed(session)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    before, was = _values(stored), review.stood(stored)
    for field, value in changes.items():
        setattr(stored, field, value)
    _tidy(stored)
    hobby_grid = placed(stored)
    after = _values(stored)
    asked = {field: after[field] for field in _named(changes)}
    if _applied_before(stored, version, reason, asked, before):
        stored.refresh_from_db()
        return stored
    _require_version(stored, version)
    changed = {field for field in before if before[field] != after[field]}
    if not changed:
        if submission is not None:
            return stored
        raise ValidationError(_("Nothing was changed."))
    plausibility.check(stored, hobby_grid, changed)
    kept = _keep_revised(actor, stored, before, "correct", reason, day, submission)
    if changed & plausibility.WHEN:
        took_place(actor, kept, hobby_grid, day)
    review.look(kept, was)
    return kept


@transaction.atomic
def withdraw_session(
    actor: Actor, session: Session, *, version: int, reason: str, submission: UUID | None = None
) -> Session:
    """Take a session back: it stays readable and counts no more. Twice is the same as once."""
    day = day_to_amend(actor, session)
    placed(session)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    if stored.withdrawn_at is not None:
        return stored
    _require_version(stored, version)
    before, was = _values(stored), review.stood(stored)
    stored.withdrawn_at = timezone.now()
    kept = _keep_revised(actor, stored, before, "withdraw", reason, day, submission)
    review.look(kept, was)
    return kept


def _values(session: Session) -> dict[str, Any]:
    values = snapshot(session)
    assert values is not None  # noqa: S101  (None only for no session)
    return values


def _named(changes: dict[str, Any]) -> list[str]:
    """The names under which stored values hold the changed fields."""
    fields: list[Any] = [Session._meta.get_field(field) for field in changes]
    return [field.attname for field in fields]


def _applied_before(
    stored: Session, version: int, reason: str, asked: dict[str, Any], now: dict[str, Any]
) -> bool:
    """Whether this very correction was the step after ``version``, whatever came later.

    ``asked`` are the values it wants, ``now`` all those that are stored.
    """
    steps = {
        revision.version: revision
        for revision in stored.revisions.filter(version__in=[version, version + 1])
    }
    if version not in steps or steps[version].reason != reason.strip():
        return False
    result = steps[version + 1].values if version + 1 in steps else now
    return all(result[field] == value for field, value in asked.items())


def _require_version(stored: Session, version: int) -> None:
    if stored.withdrawn_at is not None:
        raise ValidationError(_("This session was withdrawn."))
    if stored.version != version:
        raise SessionConflict(["version"])


def _keep_revised(
    actor: Actor,
    session: Session,
    before: Any,
    verb: str,
    reason: str,
    day: date,
    submission: UUID | None,
) -> Session:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in a few words.")})
    revision = SessionRevision(
        session=session,
        version=session.version,
        values=before,
        changed_by=actor,
        reason=reason.strip(),
        submission=submission,
    )
    revision.clean_fields(exclude=["session", "changed_by"])
    revision.save()
    session.version += 1
    return keep(actor, session, verb, reason=reason.strip(), on=day)
