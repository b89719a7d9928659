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
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.audit import entry, snapshot
from accounts.models import AuditEntry
from accounts.words import model_called
from grids.models import Appointment, Grid, HobbyGrid
from grids.places import dated_models
from grids.writing import facts_of, record_all, require_reach_of_all
from jiaozuo_grid.area import within_q
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


def _in_use(model: type[models.Model], rows: dict[str, Any], batch: UUID | None) -> list[str]:
    """What others entered since at or for rows that are about to be removed."""
    used: list[str] = []
    if model in (Grid, HobbyGrid):
        below = within_q([row.area_code for row in rows.values()])
        for standing in (HobbyGrid, Appointment, *(dated.model for dated in dated_models())):
            there: Any = standing._default_manager.filter(below)  # type: ignore[attr-defined]
            if standing is model:
                there = there.exclude(pk__in=[row.pk for row in rows.values()])
            used += [str(row) for row in there[:NAMED]]
    relations: Any = model._meta.related_objects
    for relation in relations:
        if relation.many_to_many or relation.on_delete is not models.CASCADE:
            continue
        hangs: Any = relation.related_model
        written = AuditEntry.objects.filter(batch=batch, model=hangs._meta.label_lower)
        ours = set(written.values_list("object_id", flat=True))
        hanging = hangs._default_manager.filter(
            **{f"{relation.field.name}__in": list(rows.values())}
        )
        used += [str(row) for row in hanging if str(row.pk) not in ours]
    return used


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
    many = _many_to_many(model, part)
    differing = [one.label for one in part if not _stands(rows.get(one.object_id), one, many)]
    if differing:
        refused.extend(differing)
        return 0
    require_reach_of_all(actor, manager, keys)
    before = {key: snapshot(row) for key, row in rows.items()}
    facts: list[Fact] = [fact for row in rows.values() for fact in facts_of(row)]
    if created:
        if used := _in_use(model, rows, part[0].batch):
            refused.extend(used)
            return 0
        try:
            manager.filter(pk__in=keys).delete()
        except ProtectedError as error:
            refused.extend(str(row) for row in islice(error.protected_objects, NAMED))
            return 0
        after: dict[str, Any] = {}
    else:
        if refused:
            # Nothing will be undone; the rest is only looked at, to name what else has changed.
            return 0
        try:
            with transaction.atomic():
                _restore(manager, rows, part, many)
        except IntegrityError:
            # Something that came since stands in the place of one of these.
            refused.extend(one.label for one in part)
            return 0
        require_reach_of_all(actor, manager, keys)
        after = {key: snapshot(row) for key, row in rows.items()}
        facts += [fact for row in rows.values() for fact in facts_of(row)]
    record_all(
        _undone(actor, one, before[one.object_id], after.get(one.object_id), reason) for one in part
    )
    announce(facts)
    return len(part)


def _undone(actor: Actor, one: AuditEntry, before: Any, after: Any, reason: str) -> AuditEntry:
    made = entry(actor, "undo", area_code=one.area_code, before=before, after=after, reason=reason)
    # Named as it was then: to ask the row for its name could cost a query for each.
    made.model, made.object_id, made.label = one.model, one.object_id, one.label
    return made


# Of each many-to-many field that the entries speak of, the keys by row.
Many = dict[str, dict[str, list[Any]]]


def _many_to_many(model: type[models.Model], part: list[AuditEntry]) -> Many:
    """What is stored in the many-to-many fields that the entries speak of; a query for each."""
    many: Many = {}
    for field in model._meta.many_to_many:
        keys = [one.object_id for one in part if field.name in (one.after or {})]
        if not keys:
            continue
        owner, other = field.m2m_column_name(), field.m2m_reverse_name()
        many[field.name] = {key: [] for key in keys}
        for key, value in (
            _through(field).filter(**{f"{owner}__in": keys}).values_list(owner, other)
        ):
            many[field.name][str(key)].append(value)
    return many


def _through(field: Any) -> Any:
    return field.remote_field.through._default_manager


def _stands(row: Any, one: AuditEntry, many: Many) -> bool:
    """Whether a row still holds what the entry says it was given."""
    if row is None:
        return False
    now = snapshot(row) or {}
    now |= {
        name: sorted(keys[one.object_id]) for name, keys in many.items() if one.object_id in keys
    }
    return all(now.get(name) == value for name, value in (one.after or {}).items())


def _restore(manager: Any, rows: dict[str, Any], part: list[AuditEntry], many: Many) -> None:
    names: set[str] = set()
    for one in part:
        row = rows[one.object_id]
        for name, value in (one.before or {}).items():
            if name in many:
                continue
            field = _field(row, name)
            setattr(row, name, field.to_python(value) if value is not None else None)
            names.add(field.name)
    if names:
        manager.bulk_update(list(rows.values()), sorted(names), batch_size=200)
    for name in many:
        _restore_many_to_many(manager.model._meta.get_field(name), rows, part)


def _restore_many_to_many(field: Any, rows: dict[str, Any], part: list[AuditEntry]) -> None:
    wanted = {
        rows[one.object_id].pk: one.before[field.name] or []
        for one in part
        if one.before is not None and field.name in one.before
    }
    through = _through(field)
    owner, other = field.m2m_column_name(), field.m2m_reverse_name()
    through.filter(**{f"{owner}__in": list(wanted)}).delete()
    through.bulk_create(
        through.model(**{owner: key, other: value})
        for key, values in wanted.items()
        for value in values
    )


def _field(row: Any, attname: str) -> Any:
    return next(field for field in row._meta.concrete_fields if field.attname == attname)
