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
from activities import plausibility
from activities.models import Session, SessionRevision
from grids.authority import forget_reach
from grids.lineage import code_on
from grids.models import HobbyGrid, Succession
from grids.writing import keep
from jiaozuo_grid import photos
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.lasting import today
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


def _lost_by_a_move(actor: Actor, area_code: str, held_on: date) -> bool:
    """Whether the actor led here until a change of the map, entered after ``held_on``, took it.

    It was dated back: on the day of the session they were in office, as everybody knew it.
    """
    moves = Succession.objects.standing().filter(
        old_code__in=ancestors(area_code, include_self=True),
        on__lte=held_on,
        reorganisation__done_at__date__gt=held_on,
    )
    days = moves.values_list("on", flat=True)
    return any(reach_of(actor, on - timedelta(days=1)).allows("log", area_code) for on in set(days))


def _placed(session: Session) -> HobbyGrid:
    """Put the session where its hobby grid stood on its day, and lock that hobby grid.

    Whatever is written about a hobby grid's sessions queues at its row. It may have moved while
    the record waited on a phone, or while this writer waited for the row: then it is looked for
    again, and nothing is refused because the map changed.
    """
    while True:
        session.area_code = code_on(session.area_code, session.held_on)
        found = HobbyGrid.objects.select_for_update().filter(area_code=session.area_code).first()
        if found is None:
            raise ValidationError({"area_code": _("There is no hobby grid with this code.")})
        if found.in_force(session.held_on) or (
            code_on(session.area_code, session.held_on) == session.area_code
        ):
            return found


def _first_body(session: Session) -> dict[str, Any]:
    """What the session said when it was first logged, before any correction."""
    revision = session.revisions.order_by("version").first()
    values = revision.values if revision else _values(session)
    body = {field: values[field] for field in BODY}
    # Its hobby grid may have moved since: what is compared is where it stands today.
    body["area_code"] = code_on(body["area_code"], date.fromisoformat(body["held_on"]))
    return body


def _replayed(actor: Actor, session: Session) -> Session | None:
    """The stored session where ``session`` is a resend of it; None where the id is new."""
    stored = Session.objects.filter(pk=session.pk).first()
    if stored is None:
        return None
    if not any(
        reach_of(actor, day).allows("log", stored.area_code) for day in (today(), session.held_on)
    ):
        # Not the sender's to know: only that this id is taken.
        raise SessionConflict(["id"])
    first, sent = _first_body(stored), _values(session)
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
    sent, area_code = area_code, code_on(area_code, held_on)
    try:
        day = _day_of_authority(actor, "log", area_code, held_on)
    except OutOfReach:
        if not _lost_by_a_move(actor, sent, held_on):
            raise
        day, writer = today(), Delegated(actor)
    else:
        writer = actor
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
    # Most resends come after the first was stored: they need no lock.
    stored = _replayed(actor, session)
    if stored is not None:
        return stored, False
    if photo:
        # Before the lock, since decoding a large picture takes a while.
        session.photo = photos.cleaned(photo)
    try:
        return _log(writer, session, day)
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
def _log(actor: Actor, session: Session, day: date) -> tuple[Session, bool]:
    code = session.area_code
    hobby_grid = _placed(session)
    stored = _replayed(actor, session)
    if stored is not None:
        return stored, False
    plausibility.check(session, hobby_grid)
    if session.area_code != code and not isinstance(actor, System):
        # It moved while we waited, and its posts with it: what was read of them is old.
        forget_reach(actor)
        day = _day_of_authority(actor, "log", session.area_code, session.held_on)
    return keep(actor, session, "log", on=day), True


def _tidy(session: Session) -> None:
    """One way to write the same thing, so that a resend compares equal."""
    session.start_time = session.start_time.replace(second=0, microsecond=0)
    session.place = session.place.strip()
    session.note = session.note.strip()


def is_late(session: Session) -> bool:
    """Whether the days are over in which those who log there may correct and withdraw it."""
    return timezone.now() > session.logged_at + timedelta(days=settings.CORRECTION_DAYS)


def may_amend(actor: Actor, session: Session) -> bool:
    """Whether the actor may correct or withdraw it: for seven days whoever may log there."""
    try:
        _day_to_amend(actor, session)
    except OutOfReach:
        return False
    return session.withdrawn_at is None


def _day_to_amend(actor: Actor, session: Session) -> date:
    """The day whose appointments let the actor amend it; late, only those of today do."""
    if not is_late(session):
        return _day_of_authority(actor, "log", session.area_code, session.held_on)
    if not reach_of(actor).allows("amend late", session.area_code):
        raise OutOfReach(
            _("After %(days)s days only the township officer corrects or withdraws a session.")
            % {"days": settings.CORRECTION_DAYS}
        )
    return today()


@transaction.atomic
def correct_session(
    actor: Actor, session: Session, *, version: int, reason: str, **changes: Any
) -> Session:
    """Change what a session says; what it said before stays as a revision.

    ``version`` is the one that the actor saw: another raises ``SessionConflict``, unless it is this
    very correction sent again. Raises ``OutOfReach``, or ``ValidationError`` naming field and
    remedy; what is not changed is not judged again.
    """
    if unknown := set(changes) - CORRECTABLE:
        raise TypeError(f"not corrected: {sorted(unknown)}")
    day = _day_to_amend(actor, session)
    _placed(session)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    before = _values(stored)
    for field, value in changes.items():
        setattr(stored, field, value)
    _tidy(stored)
    hobby_grid = _placed(stored)
    after = _values(stored)
    asked = {field: after[field] for field in _named(changes)}
    if _applied_before(stored, version, reason, asked, before):
        stored.refresh_from_db()
        return stored
    _require_version(stored, version)
    changed = {field for field in before if before[field] != after[field]}
    if not changed:
        raise ValidationError(_("Nothing was changed."))
    plausibility.check(stored, hobby_grid, changed)
    return _keep_revised(actor, stored, before, "correct", reason, day)


@transaction.atomic
def withdraw_session(actor: Actor, session: Session, *, version: int, reason: str) -> Session:
    """Take a session back: it stays readable and counts no more. Twice is the same as once."""
    day = _day_to_amend(actor, session)
    _placed(session)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    if stored.withdrawn_at is not None:
        return stored
    _require_version(stored, version)
    before = _values(stored)
    stored.withdrawn_at = timezone.now()
    return _keep_revised(actor, stored, before, "withdraw", reason, day)


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
