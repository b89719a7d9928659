"""The audit trail: one function that adds an entry, and the origin of the current request."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models.fields.files import FieldFile

from accounts.models import AuditEntry, Door, User
from jiaozuo_grid.reach import Actor, Delegated, System


@dataclass(frozen=True)
class Origin:
    """Where a write comes from."""

    door: Door
    address: str | None = None


# Outside a request a change comes from a command on the server.
_SERVER = Origin(Door.COMMAND)
_origin: ContextVar[Origin] = ContextVar("origin", default=_SERVER)


@contextmanager
def coming_from(door: Door, address: str | None = None) -> Iterator[None]:
    """Everything recorded inside says that it came by this door."""
    token = _origin.set(Origin(door, address))
    try:
        yield
    finally:
        _origin.reset(token)


_batch: ContextVar[UUID | None] = ContextVar("batch", default=None)


@contextmanager
def in_batch(batch: UUID | None) -> Iterator[None]:
    """Every entry written inside carries ``batch``, by which it can be undone as a whole."""
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)


@contextmanager
def together() -> Iterator[None]:
    """Every entry written inside carries one batch: the one that is open already, or a new one."""
    with in_batch(_batch.get() or uuid4()):
        yield


# Never written into the trail; a model names more of its own as ``NOT_IN_TRAIL``.
SECRET_FIELDS = {"password"}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return str(value) if isinstance(value, FieldFile) else DjangoJSONEncoder().default(value)


def snapshot(
    row: models.Model | None, only: Collection[str] | None = None
) -> dict[str, Any] | None:
    """The stored values of a row (of the fields named in ``only``), as JSON can hold them."""
    if row is None:
        return None
    secret = SECRET_FIELDS | getattr(row, "NOT_IN_TRAIL", frozenset())
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        # A generated column says nothing new, and reading it would cost a query per row.
        if field.attname not in secret and not field.generated
        if only is None or field.name in only
    }


def _named(actor: Actor) -> User | None:
    if isinstance(actor, Delegated):
        return actor.user
    return None if isinstance(actor, System) else actor


def entry(
    actor: Actor,
    verb: str,
    *,
    area_code: str,
    row: models.Model | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """An entry not yet saved; of before and after only what differs is kept."""
    if before is not None and after is not None:
        changed = {k for k in after if before.get(k) != after[k]}
        before = {k: v for k, v in before.items() if k in changed}
        after = {k: v for k, v in after.items() if k in changed}
    origin = _origin.get()
    return AuditEntry(
        actor=_named(actor),
        door=origin.door,
        address=origin.address,
        verb=verb,
        area_code=area_code,
        model=row._meta.label_lower if row is not None else "",
        object_id=str(row.pk) if row is not None else "",
        label=str(row)[:100] if row is not None else "",
        before=before,
        after=after,
        reason=reason,
        batch=_batch.get(),
    )


def record(actor: Actor, verb: str, **what: Any) -> None:
    """Add an entry, in the transaction of the change."""
    entry(actor, verb, **what).save(force_insert=True)


# From so many entries on PostgreSQL's own way of loading is worth its set-up.
_MANY = 100


def add_all(entries: Iterable[AuditEntry]) -> None:
    """Add many entries, in the transaction of the change.

    An import of 30,000 instructors writes 200,000 of them, which is half of its work: on PostgreSQL
    they are copied instead of inserted.
    """
    rows = list(entries)
    if connection.vendor != "postgresql" or len(rows) < _MANY:
        AuditEntry.objects.bulk_create(rows, batch_size=500)
        return
    fields = [f for f in AuditEntry._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_as_copied(getattr(row, field.attname)) for field in fields])


def _as_copied(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
