"""Reading a body: from forms older and newer than ours, and never more than fits a database."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rest_framework.exceptions import ValidationError

from activities.outbox import words
from activities.outbox.kinds import Kind
from activities.outbox.words import Told

# Beside the body's own fields: the version of the row that the author of an amendment saw.
VERSION = "version"
LONGEST_TEXT = 5000
LARGEST_VERSION = 2**15 - 1


@dataclass(frozen=True)
class Body:
    """What of a body is known here, as it was sent; ``unknown`` are the names of the rest."""

    values: dict[str, Any]
    unknown: frozenset[str] = frozenset()

    @property
    def told(self) -> list[Told]:
        return [words.left_out(self.unknown)] if self.unknown else []


def read(sent: Mapping[str, Any], kind: Kind) -> Body:
    """The fields that the kind knows; raises ``ValidationError`` where one is no plain value."""
    known = kind.known | {VERSION} if kind.amends else kind.known
    values = {name: value for name, value in sent.items() if name in known}
    if bad := [name for name, value in values.items() if not _storable(value)]:
        raise ValidationError({name: [words.unreadable()] for name in bad})
    # Names are told back: not those that nobody wrote by hand.
    unknown = [name[:30] for name in sent if name not in known and _storable(name)]
    return Body(values, frozenset(unknown[:10]))


def _storable(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and "\0" not in value and _is_text(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, bool | int)


def _is_text(value: str) -> bool:
    """Half a pair of surrogates is no character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def checked(
    kind: Kind, user: Any, values: Mapping[str, Any], area_code: str, held_on: date | None = None
) -> dict[str, Any]:
    """The values of the fields; raises ``ValidationError`` with all that is wrong, by field.

    ``area_code`` and ``held_on`` are those of the record.
    """
    # Older forms send null for what was left empty.
    data = {
        name: value
        for name, value in values.items()
        if name in kind.known and (value is not None or name in kind.nullable)
    }
    context = {"user": user, "area_code": area_code, "held_on": held_on}
    body = kind.body(data=data, context=context)
    body.is_valid(raise_exception=True)
    found: dict[str, Any] = body.validated_data
    return found


def version_in(values: Mapping[str, Any]) -> int | None:
    """The version that an amendment says its author saw."""
    version = values.get(VERSION)
    if not isinstance(version, int) or isinstance(version, bool):
        return None
    # None has more digits in the database; so it is a version that is no longer the newest.
    return max(0, min(version, LARGEST_VERSION))
