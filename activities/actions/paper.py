"""Entering a sheet of paper: each row is logged by itself, so that one fault holds up no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from activities.actions.ground import SessionConflict
from activities.actions.sessions import log_session
from activities.models import Session
from activities.plausibility import existing
from jiaozuo_grid.reach import Actor, OutOfReach


@dataclass(frozen=True)
class Outcome:
    """What became of a row: a session (new, or stored by an earlier sending), or a refusal."""

    session: Session | None = None
    new: bool = False
    refusal: ValidationError | None = None
    # The session that is logged instead, by its id.
    instead: str | None = None


def log_paper(actor: Actor, rows: Iterable[dict[str, Any]]) -> list[Outcome]:
    """Log each row with the same checks as from a phone; never raises for what a row says."""
    return [_log_row(actor, row) for row in rows]


def _log_row(actor: Actor, row: dict[str, Any]) -> Outcome:
    try:
        session, new = log_session(actor, **row)
    except ValidationError as error:
        return Outcome(refusal=error, instead=existing(error))
    except OutOfReach as error:
        return Outcome(refusal=ValidationError(str(error)))
    except SessionConflict as conflict:
        said = _("This row was sent before with other values, and those were kept.")
        stored = None if conflict.fields == ["id"] else str(row["id"])
        return Outcome(refusal=ValidationError(said), instead=stored)
    return Outcome(session, new)
