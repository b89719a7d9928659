"""Putting a photo at a session that is logged: photos come after the record, in pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities import likeness, review
from activities.actions.ground import day_of_authority, placed
from activities.models import Session
from grids.writing import keep
from jiaozuo_grid import photos
from jiaozuo_grid.reach import Actor


def add_photo(actor: Actor, session: Session, upload: Any) -> Session:
    """Clean the picture and put it at the session, which has none yet.

    What the session says is not changed by it, so its version stays. Raises ``OutOfReach`` or
    ``ValidationError``, and then nothing is kept.
    """
    day = day_of_authority(actor, "log", session.area_code, session.held_on)
    # Before the lock, since decoding a large picture takes a while.
    picture = photos.cleaned(upload)
    seen = likeness.print_of(picture)
    try:
        return _add(actor, session, picture, seen, day)
    except BaseException:
        # The row is rolled back, a file is not.
        if session.photo and Path(str(session.photo.name)).name == picture.name:
            session.photo.delete(save=False)
        raise


@transaction.atomic
def _add(actor: Actor, session: Session, picture: Any, seen: str, day: Any) -> Session:
    placed(session)
    session.refresh_from_db(from_queryset=Session.objects.select_for_update())
    if session.withdrawn_at is not None:
        raise ValidationError(_("This session was withdrawn."))
    if session.photo:
        raise ValidationError({"photo": _("This session has a photo already.")})
    before = review.stood(session)
    session.photo, session.photo_print = picture, seen
    keep(actor, session, "add photo", on=day)
    review.look(session, before)
    return session
