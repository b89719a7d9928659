"""What can be sent: one entry a kind, which a page renders, the server checks and an action does.

A kind is registered when the project starts (``ActivitiesConfig.ready``); higher floors add theirs
the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django import forms
from rest_framework import serializers


@dataclass(frozen=True)
class Sent:
    """What a kind's action gets to know of a submission.

    ``values`` are the checked fields of the body. ``version`` is the one of the row that the sender
    saw (None where the row has none); an action of an amendment compares it. ``clock`` says how the
    day of a new record was moved because the phone's clock was wrong (None: it was not).
    """

    user: Any
    id: UUID
    values: dict[str, Any]
    version: int | None = None
    clock: dict[str, Any] | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of submission.

    ``body`` checks what is sent. Its fields are all that is known: a missing one gets its default,
    others are left out. Its context has ``user`` and ``area_code`` (of the row, or as it was sent).

    A new record: ``create(sent)`` gives the row (whose ``logged_by`` is the sender) and whether it
    is new, and knows a resend by the id. An amendment: ``amend(sent, row)`` gives the row as it is
    afterwards; that is called once a submission, when ``row`` (of ``model``, found by ``record``)
    has arrived; the version that its author saw needs no field. Both raise ``ValidationError``,
    ``OutOfReach`` or ``SessionConflict``, and then nothing is written.

    ``shown`` is the row in the answer. ``form`` makes the empty form that the page renders into
    ``<template data-form="…">``; choices are filled in by the script.
    """

    key: str
    title: Any
    model: Any
    body: type[serializers.Serializer[Any]]
    shown: type[serializers.BaseSerializer[Any]]
    create: Callable[[Sent], tuple[Any, bool]] | None = None
    amend: Callable[[Sent, Any], Any] | None = None
    form: Callable[[], forms.Form] | None = None
    # Whether an amendment follows others (``after``): False for what changes nothing of the row.
    chained: bool = True

    @cached_property
    def writer(self) -> Any:
        """One ``shown`` for all answers: making its fields anew costs more than filling them."""
        return self.shown()

    @property
    def amends(self) -> bool:
        return self.amend is not None

    @property
    def known(self) -> frozenset[str]:
        """The names of the fields that the body may have."""
        return _names(self.body)[0]

    @property
    def nullable(self) -> frozenset[str]:
        """Those of them of which null says something."""
        return _names(self.body)[1]


@cache
def _names(body: type[serializers.Serializer[Any]]) -> tuple[frozenset[str], frozenset[str]]:
    """Asked once: every submission needs them, and making the fields takes a while."""
    fields = body().fields
    nullable = frozenset(name for name, field in fields.items() if field.allow_null)
    return frozenset(fields), nullable


@dataclass(frozen=True)
class PhoneForm:
    """A kind as the page renders it: ``form`` is unbound."""

    key: str
    title: Any
    form: forms.Form


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if (kind.create is None) == (kind.amend is None):
        raise ValueError(f"{kind.key} either creates or amends")
    _kinds[kind.key] = kind


def kind_called(key: str) -> Kind | None:
    return _kinds.get(key)


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def record_models() -> list[Any]:
    """The models of which a record can be, each once."""
    return list(dict.fromkeys(kind.model for kind in _kinds.values() if not kind.amends))


def phone_forms() -> list[PhoneForm]:
    """What the phone's page renders, each with a form of its own."""
    return [PhoneForm(kind.key, kind.title, kind.form()) for kind in _kinds.values() if kind.form]
