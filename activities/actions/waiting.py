"""What is said of records that wait on phones: dismissed, by officers or by their author."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import entry, snapshot
from activities.models import WaitingRecord
from grids.writing import record_all, require_reach_of_all
from jiaozuo_grid.reach import Actor


@transaction.atomic
def dismiss_waiting(actor: Actor, rows: Sequence[WaitingRecord], *, reason: str) -> None:
    """No longer look for records that will not come; the trail says who decided so, and why.

    Raises ``OutOfReach`` or ``ValidationError``, and then none is dismissed.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in a few words.")})
    require_reach_of_all(actor, WaitingRecord.objects, [row.pk for row in rows])
    _remove(actor, rows, "dismiss", reason.strip())


@transaction.atomic
def discard_waiting(actor: Actor, rows: Sequence[WaitingRecord]) -> None:
    """Its author removed it from the phone on purpose, or gave it up as lost."""
    if any(row.user_id != actor.pk for row in rows):
        raise ValueError("only one's own records are discarded")
    _remove(actor, rows, "discard", "")


def _remove(actor: Actor, rows: Sequence[WaitingRecord], verb: str, reason: str) -> None:
    record_all(
        entry(actor, verb, area_code=row.area_code, row=row, before=snapshot(row), reason=reason)
        for row in rows
    )
    WaitingRecord.objects.filter(pk__in=[row.pk for row in rows]).delete()
