"""Photos that come in pieces, after their record: each goes on where it stopped."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.closed import is_same_person
from activities.actions import add_photo
from activities.models import PhotoUpload, Session, SessionJoin
from activities.outbox.answers import REFUSALS, Answer, conflict, explained, refused
from jiaozuo_grid.photos import MAX_BYTES

MOST_AT_ONCE = 256 * 1024
UNFINISHED = timedelta(days=7)
# A phone sends one after the other; so many begun ones of one user fill the disk and nothing else.
MOST_BEGUN = 50
NOT_THERE = Answer(404, {"code": "record"})


def begin(user: Any, id: UUID, record: UUID, size: int) -> Answer:
    """Where to go on: at 0 for a new photo."""
    if size > MAX_BYTES:
        return refused(id, "invalid", _too_large(), {"photo": [_too_large()]})
    if _session_of(user, record) is None:
        return NOT_THERE
    begun = PhotoUpload.objects.filter(user=user, done_at__isnull=True).exclude(pk=id)
    if len(begun.values_list("pk")[:MOST_BEGUN]) >= MOST_BEGUN:
        return Answer(429, {"detail": _("Very many photos are on their way. Send those first.")})
    row, _new = PhotoUpload.objects.get_or_create(
        id=id, defaults={"record": record, "user": user, "size": size}
    )
    if not is_same_person(user, row.user_id):
        return conflict(id, ["id"])
    said = {"record": record, "size": size}
    differing = [name for name, value in said.items() if getattr(row, name) != value]
    return conflict(id, differing) if differing else _progress(row)


def take(user: Any, id: UUID, offset: int, piece: bytes) -> Answer:
    """Take the next bytes; with the last ones the photo is put at its session."""
    if len(piece) > MOST_AT_ONCE:
        return Answer(413, {"detail": _("At most 256 KB at once.")})
    with transaction.atomic():
        row = PhotoUpload.objects.select_for_update().filter(pk=id, user=user).first()
        if row is None:
            return NOT_THERE
        if row.done_at is not None:
            return _progress(row)
        if row.received and not _path(id).exists():
            # The pieces are gone (another disk, a restored backup): from the beginning.
            row.received = 0
        if offset != row.received or not piece or offset + len(piece) > row.size:
            row.save(update_fields=["received"])
            return Answer(409, {"received": row.received})
        _append(id, offset, piece)
        row.received += len(piece)
        row.save(update_fields=["received"])
        return _progress(row) if row.received < row.size else _finish(user, row)


def _finish(user: Any, row: PhotoUpload) -> Answer:
    key, session = row.pk, _session_of(user, row.record)
    if session is None:
        return NOT_THERE
    try:
        with transaction.atomic(), _path(key).open("rb") as pieces:
            add_photo(user, session, File(pieces))
    except REFUSALS as error:
        answer = explained(key, error, user)
        row.delete()
    else:
        row.done_at = timezone.now()
        row.save(update_fields=["done_at"])
        answer = _progress(row)
    transaction.on_commit(lambda: _remove(key))
    return answer


def _progress(row: PhotoUpload) -> Answer:
    done = {"done": True} if row.done_at is not None else {}
    return Answer(200, {"received": row.received, **done})


def _session_of(user: Any, record: UUID) -> Session | None:
    """The session that the record is, or was joined to; only its own author adds a photo."""
    session: Session | None = Session.objects.filter(pk=record).first()
    if session is None:
        join = SessionJoin.objects.filter(pk=record).select_related("session").first()
        return join.session if join is not None and is_same_person(user, join.user_id) else None
    return session if is_same_person(user, session.logged_by_id) else None


def _too_large() -> str:
    return _("The photo is larger than 10 MB. Choose a smaller one.")


def _path(id: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads" / str(id)


def _append(id: UUID, offset: int, piece: bytes) -> None:
    """Durable before it is said to be received; what was written beyond, unsaid, is cut off."""
    path = _path(id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.seek(offset)
        file.truncate()
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _remove(id: UUID) -> None:
    with suppress(FileNotFoundError):
        _path(id).unlink()


def remove_unfinished() -> int:
    """Remove photos that began to come a week ago and never came whole; returns how many."""
    before = timezone.now() - UNFINISHED
    old = PhotoUpload.objects.filter(done_at__isnull=True, began_at__lt=before)
    keys = list(old.values_list("pk", flat=True))
    PhotoUpload.objects.filter(pk__in=keys).delete()
    for key in keys:
        _remove(key)
    _remove_strays(before.timestamp())
    return len(keys)


def _remove_strays(before: float) -> None:
    """Files of which no row tells: left by a crash between two steps."""
    for path in _path(UUID(int=0)).parent.glob("*"):
        with suppress(FileNotFoundError, ValueError):
            if path.stat().st_mtime < before and not PhotoUpload.objects.filter(
                pk=UUID(path.name), done_at__isnull=True
            ):
                path.unlink()
