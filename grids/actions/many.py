"""One verb for many rows at once: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import in_batch
from grids.actions.appointments import end_appointment
from grids.actions.grids import end_grid
from grids.models import Appointment, Grid, Role
from jiaozuo_grid.reach import Actor


def end_appointments(actor: Actor, posts: Sequence[Appointment], data: dict[str, Any]) -> None:
    """End appointments on ``data["on"]``; an error names the one that cannot end.

    Leaders among them only where ``data["vacant"]`` says that their grids are left without one.
    """
    leader = next((post for post in posts if post.role == Role.GRID_LEADER), None)
    if leader is not None and not data["vacant"]:
        raise ValidationError(
            {
                "vacant": _(
                    "%(name)s leads a grid, which would be left without a leader. Say that this"
                    " is meant, or leave the leaders out and replace them one by one."
                )
                % {"name": leader.person.name}
            }
        )
    _each(posts, lambda post: end_appointment(actor, post, data["on"], reason=data["reason"]))


def end_grids(actor: Actor, grids: Sequence[Grid], data: dict[str, Any]) -> None:
    """End grids with all that is in them on ``data["on"]``; an error names the one that cannot."""
    _each(grids, lambda grid: end_grid(actor, grid, data["on"], reason=data["reason"]))


@transaction.atomic
def _each(rows: Sequence[Any], act: Callable[[Any], Any]) -> None:
    """In order of their areas, so that two who do this at once wait for each other in one way.

    The trail holds them as one batch.
    """
    ordered = sorted(rows, key=lambda row: (row.area_code, row.pk))
    with in_batch(uuid4()):
        for row in ordered:
            try:
                act(row)
            except ValidationError as error:
                raise _about(row, error) from None


def _about(row: Any, error: ValidationError) -> ValidationError:
    if not hasattr(error, "error_dict"):
        return ValidationError([f"{row}: {text}" for text in error.messages])
    return ValidationError(
        {name: [f"{row}: {text}" for text in texts] for name, texts in error.message_dict.items()}
    )
