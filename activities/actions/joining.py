"""Joining: two people logged the same session, and one record stands for both."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.closed import is_same_person
from activities.actions.ground import SessionConflict, day_of_authority, placed
from activities.models import Session, SessionJoin
from grids.writing import require_reach_of_all
from jiaozuo_grid.reach import Actor


@transaction.atomic
def join_session(
    actor: Actor, session: Session, *, instead: UUID, participants: int | None = None
) -> Session:
    """Let ``session`` stand for the actor's record ``instead``, which was not stored.

    ``participants`` is what the actor counted: shown beside, counted nowhere. Twice is the same as
    once. Raises ``OutOfReach``, ``ValidationError``, or ``SessionConflict`` where ``instead`` is
    stored or was joined to another.
    """
    day = day_of_authority(actor, "log", session.area_code, session.held_on)
    # Behind the same lock as logging: the record cannot be stored and joined at once.
    placed(session)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    join = SessionJoin.objects.filter(pk=instead).first()
    if join is not None:
        if join.session_id != stored.pk or not is_same_person(actor, join.user_id):
            raise SessionConflict(["instead"])
        return stored
    if Session.objects.filter(pk=instead).exists():
        raise SessionConflict(["instead"])
    if stored.withdrawn_at is not None:
        raise ValidationError(_("That session was withdrawn meanwhile. Send your own again."))
    require_reach_of_all(actor, Session.objects, [stored.pk], day)
    join = SessionJoin(id=instead, session=stored, user=actor, participants=participants)
    join.full_clean(exclude=["session", "user"])
    join.save(force_insert=True)
    counted = {"participants": participants, "instead": str(instead)}
    record(actor, "join", area_code=stored.area_code, row=stored, after=counted)
    return stored
