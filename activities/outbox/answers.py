"""What a phone is answered, as docs/phone.md has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as BodyError

from activities.actions import SessionConflict
from activities.models import Session
from activities.outbox.kinds import Kind
from activities.outbox.words import Told
from activities.plausibility import existing
from jiaozuo_grid.reach import OutOfReach

CONFLICT = "conflict"
# What doing it may raise; anything else is a fault of ours.
REFUSALS = (ValidationError, BodyError, OutOfReach, SessionConflict)


@dataclass(frozen=True)
class Answer:
    """The status and the body of an answer."""

    status: int
    body: dict[str, Any]


def done(id: UUID, kind: Kind, row: Any, told: Collection[Told], *, new: bool = False) -> Answer:
    body = {
        "id": str(id),
        "state": "done",
        "record": dict(kind.writer.to_representation(row)),
    }
    return Answer(201 if new else 200, {**body, "told": list(told)})


def kept(id: UUID) -> Answer:
    return Answer(202, {"id": str(id), "state": "kept"})


def conflict(id: UUID, fields: Collection[str]) -> Answer:
    """The id was used otherwise, or (``version``) somebody else amended meanwhile."""
    text = (
        _("Somebody changed this record meanwhile. Look at it, then correct it anew.")
        if "version" in fields
        else _("This record was sent before with other values, and those were kept.")
    )
    body = {"id": str(id), "state": "refused", "code": CONFLICT, "fields": sorted(fields)}
    return Answer(409, {**body, "text": text})


def refused(id: Any, code: str, text: str, errors: Any = None) -> Answer:
    body = {"id": str(id), "state": "refused", "code": code, "errors": errors or {}}
    return Answer(422, {**body, "text": text})


def explained(id: Any, error: Exception, user: Any) -> Answer:
    """Why what was sent could not be done."""
    if isinstance(error, SessionConflict):
        return conflict(id, error.fields)
    if isinstance(error, OutOfReach):
        return refused(id, "out_of_reach", str(error))
    errors, others = _by_field(error)
    texts = dict.fromkeys(text for found in (others, *errors.values()) for text in found)
    answer = refused(id, "invalid", " ".join(texts), errors)
    stands = existing(error) if isinstance(error, ValidationError) else None
    if stands is None:
        return answer
    answer.body["code"] = "already_logged"
    if (shown := _existing(stands, user)) is not None:
        answer.body["existing"] = shown
    return answer


def _by_field(error: Any) -> tuple[dict[str, list[str]], list[str]]:
    """The texts of an error: those of fields, by field, and the others."""
    if isinstance(error, BodyError):
        detail: Any = error.detail
        found = detail if isinstance(detail, dict) else {"non_field_errors": detail}
        texts = {name: [str(text) for text in _flat(value)] for name, value in found.items()}
    elif hasattr(error, "error_dict"):
        texts = {name.removesuffix("_id"): list(value) for name, value in error}
    else:
        texts = {NON_FIELD_ERRORS: error.messages}
    others = [text for name in _NO_FIELD for text in texts.pop(name, [])]
    return texts, others


_NO_FIELD = (NON_FIELD_ERRORS, "non_field_errors")


def _flat(value: Any) -> list[Any]:
    parts = value.values() if isinstance(value, dict) else value
    return [
        text
        for part in parts
        for text in (_flat(part) if isinstance(part, dict | list) else [part])
    ]


def _existing(key: str, user: Any) -> dict[str, Any] | None:
    """The session that is logged already, for those who may see it."""
    rows = Session.objects.visible_to(user).select_related("logged_by__person")
    row: Session | None = rows.filter(pk=key).first()
    if row is None:
        return None
    return {
        "id": str(row.pk),
        "held_on": row.held_on.isoformat(),
        "start": f"{row.start_time:%H:%M}",
        "minutes": row.minutes,
        "participants": row.participants,
        "place": row.place,
        "logged_by": row.logged_by.person.name,
    }
