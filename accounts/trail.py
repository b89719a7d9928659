"""Entries of the audit trail made readable: who, what, and each value before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Person, User
from accounts.words import field_called, field_in_words, model_called, verb_in_words
from jiaozuo_grid.reach import Actor

# Enough to see what changed; an outline's geometry has thousands of characters.
LONGEST = 200
# The key is the row itself, and the search key follows the name.
NOT_SHOWN = {"id", "name_key"}


@dataclass(frozen=True)
class Change:
    """One field of an entry: what it is called, and its value before and after (None: unset)."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Line:
    """An entry as a page shows it."""

    entry: AuditEntry
    actor: str
    verb: str
    kind: str
    changes: list[Change]


def lines(entries: Iterable[AuditEntry], reader: Actor) -> list[Line]:
    """The entries (with ``actor__person`` selected) in words, with one query a model named."""
    read = list(entries)
    names = _names(read, reader)
    return [_line(entry, names) for entry in read]


Names = dict[tuple[type[models.Model], str], str]


def _line(entry: AuditEntry, names: Names) -> Line:
    model = model_called(entry.model)
    before, after = entry.before or {}, entry.after or {}
    keys = [key for key in {**before, **after} if key not in NOT_SHOWN]
    return Line(
        entry=entry,
        actor=_who(entry),
        verb=verb_in_words(entry.verb),
        kind=str(model._meta.verbose_name) if model else entry.model,
        changes=[_change(field_called(model, key), key, before, after, names) for key in keys],
    )


def _who(entry: AuditEntry) -> str:
    if entry.actor is not None:
        return entry.actor.person.name
    return _("somebody unknown") if entry.verb == "sign-in failed" else _("the system")


def _change(
    field: Any, key: str, before: dict[str, Any], after: dict[str, Any], names: Names
) -> Change:
    return Change(
        name=field_in_words(field, key),
        before=_value(field, key, before.get(key), names),
        after=_value(field, key, after.get(key), names),
    )


def _value(field: Any, key: str, value: Any, names: Names) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "id_hash":
        # That an identity was entered may be read; its hash would tell two entries apart.
        return _("entered")
    if key == "phone":
        return Person(phone=str(value)).masked_phone
    if field is not None and field.is_relation:
        return names.get((field.related_model, str(value)), str(value))
    choices = dict(field.flatchoices) if field is not None else {}
    return str(choices.get(value, value))[:LONGEST]


def _names(entries: list[AuditEntry], reader: Actor) -> Names:
    """The names of the rows that entries refer to, as far as the reader may see them."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for entry in entries:
        model = model_called(entry.model)
        for key, value in [*(entry.before or {}).items(), *(entry.after or {}).items()]:
            field = field_called(model, key)
            if value is not None and field is not None and field.is_relation:
                wanted[field.related_model].add(str(value))
    return {
        (model, str(row.pk)): str(row)
        for model, keys in wanted.items()
        for row in _readable(model, reader).filter(pk__in=keys)
    }


def _readable(model: type[models.Model], reader: Actor) -> models.QuerySet[Any]:
    manager: Any = model._default_manager
    rows = manager.visible_to(reader) if hasattr(manager, "visible_to") else manager.all()
    return rows.select_related("person") if model is User else rows
