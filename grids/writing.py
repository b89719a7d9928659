"""How every row is written: checked, saved, re-read through the writer's own reach, recorded.

The re-reading makes scope hold for create, update, move, bulk and import alike: a row that is
outside the writer's reach before or after the write rolls the whole transaction back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.db import models, transaction

from accounts.audit import add_all, entry, record, snapshot
from accounts.models import AuditEntry
from jiaozuo_grid.listeners import Fact, announce
from jiaozuo_grid.often import Often, slot
from jiaozuo_grid.reach import Actor, OutOfReach, ScopedQuerySet, reach_of, right

Row = TypeVar("Row", bound=models.Model)


def _manager(row: models.Model) -> Any:
    return type(row)._default_manager


def _require_reach(actor: Actor, row: models.Model, on: date | None) -> None:
    manager = _manager(row)
    if _by_area_alone(manager._queryset_class):
        code = _code_of(type(row)).first(key=row.pk)
        within = code is not None and reach_of(actor, on).allows(right("change", row), code[0])
    else:
        within = manager.editable_by(actor, on).filter(pk=row.pk).exists()
    if not within:
        raise OutOfReach


@cache
def _code_of(model: Any) -> Often:
    """Where a row stands, as it is written."""
    key = slot("key", model._meta.pk)
    return Often(lambda: model._default_manager.filter(pk=key).order_by().values_list("area_code"))


@cache
def _by_area_alone(kind: Any) -> bool:
    """Whether nothing but the area decides who may change a row of these."""
    return issubclass(kind, ScopedQuerySet) and (kind.editable_by, kind.reached) == (
        ScopedQuerySet.editable_by,
        ScopedQuerySet.reached,
    )


def facts_of(row: Any) -> list[Fact]:
    """What a row's change means for figures: its own word for it, or "what stands here changed"."""
    if hasattr(row, "facts"):
        return list(row.facts())
    # A sign-in stands at no area, and no figure counts it.
    return [Fact(row.area_code)] if hasattr(row, "area_code") else []


def keep(
    actor: Actor,
    row: Row,
    verb: str,
    *,
    reason: str = "",
    on: date | None = None,
    judged: bool = False,
) -> Row:
    """Save a new or changed row as ``actor``.

    ``verb`` names the change in the audit trail; ``on`` asks for the actor's reach of another day
    (a session may be written by who held the post on that day). ``judged``: the action has judged
    all that the constraints say, so the database is not asked twice, and what it has begun goes
    back as a whole where this fails; thousands of phones send at once. Raises ``OutOfReach`` or
    ``ValidationError``, and then nothing is written.
    """
    with transaction.atomic(savepoint=not judged):
        return _keep(actor, row, verb, reason, on, judged)


def _keep(actor: Actor, row: Row, verb: str, reason: str, on: date | None, judged: bool) -> Row:
    area: Any = row
    stored = None if row._state.adding else _manager(row).select_for_update().get(pk=row.pk)
    if stored is not None:
        _require_reach(actor, stored, on)
    if judged:
        _check_fields(row)
    else:
        row.full_clean()
    row.save()
    _require_reach(actor, row, on)
    record(
        actor,
        verb,
        area_code=area.area_code,
        row=row,
        before=snapshot(stored),
        after=snapshot(row),
        reason=reason,
    )
    announce(facts_of(row) + (facts_of(stored) if stored is not None else []))
    return row


def _check_fields(row: models.Model, only: Collection[str] | None = None) -> None:
    """Check one of many rows, or of it what is written (``only``). What the database checks anyway
    is not asked row by row: that a loaded row is there, that a value is unique.
    """
    fields: Any = row._meta.concrete_fields
    unasked = {field.name for field in fields if field.is_relation and field.is_cached(row)}
    if only is not None:
        unasked |= {field.name for field in fields if field.name not in only}
    row.full_clean(exclude=unasked, validate_unique=False, validate_constraints=False)


def keep_new(actor: Actor, rows: Sequence[Row], verb: str, *, reason: str = "") -> list[Row]:
    """Save many new rows of one model at once, with the same checks as ``keep``."""
    return _keep_new(actor, rows, verb, reason) if rows else []


@transaction.atomic
def _keep_new(actor: Actor, rows: Sequence[Row], verb: str, reason: str) -> list[Row]:
    for row in rows:
        _check_fields(row)
    manager = _manager(rows[0])
    saved = manager.bulk_create(rows, batch_size=500)
    require_reach_of_all(actor, manager, [row.pk for row in saved])
    record_all(
        entry(actor, verb, area_code=row.area_code, row=row, after=snapshot(row), reason=reason)
        for row in saved
    )
    announce(fact for row in saved for fact in facts_of(row))
    return saved


def keep_changed(
    actor: Actor, rows: Sequence[Row], fields: Sequence[str], verb: str, *, reason: str = ""
) -> list[Row]:
    """Save the named fields of many stored rows of one model, with the same checks as ``keep``."""
    return _keep_changed(actor, rows, fields, verb, reason) if rows else []


@transaction.atomic
def _keep_changed(
    actor: Actor, rows: Sequence[Row], fields: Sequence[str], verb: str, reason: str
) -> list[Row]:
    written: Sequence[Any] = rows
    for row in rows:
        _check_fields(row, fields)
    manager = _manager(rows[0])
    keys = [row.pk for row in rows]
    stored = {row.pk: row for row in _locked(manager, keys)}
    require_reach_of_all(actor, manager, keys)
    manager.bulk_update(rows, fields, batch_size=200)
    require_reach_of_all(actor, manager, keys)
    record_all(
        entry(
            actor,
            verb,
            area_code=row.area_code,
            row=row,
            before=snapshot(stored[row.pk], fields),
            after=snapshot(row, fields),
            reason=reason,
        )
        for row in written
    )
    announce(fact for row in (*rows, *stored.values()) for fact in facts_of(row))
    return list(rows)


@transaction.atomic
def keep_many_to_many(
    actor: Actor, wanted: Mapping[Row, Iterable[Any]], name: str, verb: str = "edit"
) -> None:
    """Make the many-to-many field ``name`` of stored rows (of one model) what is wanted.

    ``wanted`` holds the keys for each row. Recorded with the keys before and after, so that it can
    be undone like any other change (grids/undoing.py).
    """
    rows: list[Any] = list(wanted)
    if not rows:
        return
    field: Any = rows[0]._meta.get_field(name)
    through: Any = field.remote_field.through._default_manager
    owner, other = field.m2m_column_name(), field.m2m_reverse_name()
    require_reach_of_all(actor, _manager(rows[0]), [row.pk for row in rows])
    stored: dict[Any, list[Any]] = {row.pk: [] for row in rows}
    for start in range(0, len(rows), 500):
        keys = [row.pk for row in rows[start : start + 500]]
        for key, value in through.filter(**{f"{owner}__in": keys}).values_list(owner, other):
            stored[key].append(value)
    entries, added = [], []
    for row in rows:
        before, after = sorted(stored[row.pk]), sorted(set(wanted[row]))
        if before == after:
            continue
        if gone := set(before) - set(after):
            through.filter(**{owner: row.pk, f"{other}__in": gone}).delete()
        added += [through.model(**{owner: row.pk, other: key}) for key in set(after) - set(before)]
        entries.append(
            entry(
                actor,
                verb,
                area_code=row.area_code,
                row=row,
                before={name: before},
                after={name: after},
            )
        )
    through.bulk_create(added, batch_size=1000)
    record_all(entries)


def _locked(manager: Any, keys: list[Any]) -> Iterable[Any]:
    """The stored rows, locked in order of their keys, so that two writers cannot deadlock."""
    for start in range(0, len(keys), 500):
        batch = manager.filter(pk__in=keys[start : start + 500]).order_by("pk")
        yield from batch.select_for_update()


def require_reach_of_all(
    actor: Actor, manager: Any, keys: list[Any], on: date | None = None
) -> None:
    if reach_of(actor).everywhere and not hasattr(manager, "editable_by"):
        return
    for start in range(0, len(keys), 500):
        batch = keys[start : start + 500]
        if _within_reach(actor, manager.filter(pk__in=batch), on) != len(batch):
            raise OutOfReach


def _within_reach(actor: Actor, rows: Any, on: date | None) -> int:
    """How many of a few rows the actor may change.

    Where nothing but the area decides, their codes are read and looked at here: the database would
    rather go through all rows of the area than through the few.
    """
    kind: Any = type(rows)
    if not _by_area_alone(kind):
        return int(rows.editable_by(actor, on).count())
    reach, asked = reach_of(actor, on), right("change", rows.model)
    return sum(reach.allows(asked, code) for code in rows.values_list("area_code", flat=True))


def record_all(entries: Iterable[AuditEntry]) -> None:
    add_all(entries)
