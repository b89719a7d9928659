"""Undoing what was written together: an import, a reorganisation.

The audit trail says what each row was before and after. Undoing goes back through the entries of a
batch: a row that it changed gets its earlier values, a row that it created is removed (its entries
stay). Where somebody changed a row since, nothing is undone and each such row is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.audit import entry, snapshot
from accounts.models import AuditEntry
from accounts.words import model_called
from grids.writing import facts_of, record_all, require_reach_of_all
from jiaozuo_grid.listeners import Fact, announce
from jiaozuo_grid.reach import Actor

BATCH = 500
# This many rows are named when undoing is refused.
NAMED = 20


class Changed(ValidationError):
    """Somebody changed what was to be undone; the messages name the rows."""


@transaction.atomic
def undo_batch(actor: Actor, batch: UUID, *, reason: str = "") -> int:
    """Undo everything that was written in ``batch``; returns how many rows were undone.

    Raises ``Changed``, or ``OutOfReach`` where the actor may not change one of the rows; then
    nothing is undone.
    """
    entries = AuditEntry.objects.filter(batch=batch).exclude(verb="undo").order_by("-pk")
    undone = 0
    refused: list[str] = []
    for (label, created), run in groupby(
        entries.iterator(2000), key=lambda e: (e.model, e.before is None)
    ):
        model = model_called(label)
        if model is None:
            continue
        for part in _parts(run):
            undone += _undo(actor, model, part, created, reason, refused)
    if refused:
        raise Changed([_("Changed since, so nothing was undone:"), *refused[:NAMED]])
    return undone


def _parts(run: Iterable[AuditEntry]) -> Iterator[list[AuditEntry]]:
    """Runs of at most ``BATCH`` entries, none of which names a row twice."""
    rest = iter(run)
    part: list[AuditEntry] = []
    seen: set[str] = set()
    for one in rest:
        if one.before is None and one.after is None:
            continue
        if one.object_id in seen or len(part) == BATCH:
            yield part
            part, seen = [], set()
        part.append(one)
        seen.add(one.object_id)
    if part:
        yield part


def _undo(
    actor: Actor,
    model: type[models.Model],
    part: list[AuditEntry],
    created: bool,
    reason: str,
    refused: list[str],
) -> int:
    manager: Any = model._default_manager
    primary_key: Any = model._meta.pk
    keys = [primary_key.to_python(one.object_id) for one in part]
    rows = {str(row.pk): row for row in manager.select_for_update().filter(pk__in=keys)}
    differing = [one.label for one in part if not _stands(rows.get(one.object_id), one.after or {})]
    if differing:
        refused.extend(differing)
        return 0
    require_reach_of_all(actor, manager, keys)
    before = {key: snapshot(row) for key, row in rows.items()}
    facts: list[Fact] = [fact for row in rows.values() for fact in facts_of(row)]
    if created:
        try:
            manager.filter(pk__in=keys).delete()
        except ProtectedError as error:
            refused.extend(str(row) for row in islice(error.protected_objects, NAMED))
            return 0
        after: dict[str, Any] = {}
    else:
        _restore(manager, rows, part)
        require_reach_of_all(actor, manager, keys)
        after = {key: snapshot(row) for key, row in rows.items()}
        facts += [fact for row in rows.values() for fact in facts_of(row)]
    record_all(
        entry(
            actor,
            "undo",
            area_code=one.area_code,
            row=rows[one.object_id],
            before=before[one.object_id],
            after=after.get(one.object_id),
            reason=reason,
        )
        for one in part
    )
    announce(facts)
    return len(part)


def _stands(row: Any, after: dict[str, Any]) -> bool:
    """Whether a row still holds what the entry says it was given."""
    if row is None:
        return False
    now = _values(row, after)
    return all(now.get(name) == value for name, value in after.items())


def _values(row: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """The row's stored values, and of its many-to-many fields those that are asked for."""
    values = snapshot(row) or {}
    for field in row._meta.many_to_many:
        if field.name in wanted:
            values[field.name] = sorted(getattr(row, field.name).values_list("pk", flat=True))
    return values


def _restore(manager: Any, rows: dict[str, Any], part: list[AuditEntry]) -> None:
    names: set[str] = set()
    for one in part:
        row = rows[one.object_id]
        many = {field.name for field in row._meta.many_to_many}
        for name, value in (one.before or {}).items():
            if name in many:
                getattr(row, name).set(value or [])
                continue
            field = _field(row, name)
            setattr(row, name, field.to_python(value) if value is not None else None)
            names.add(field.name)
    if names:
        manager.bulk_update(list(rows.values()), sorted(names), batch_size=200)


def _field(row: Any, attname: str) -> Any:
    return next(field for field in row._meta.concrete_fields if field.attname == attname)
