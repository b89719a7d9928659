"""What the township officer does with doubtful sessions: looks, and says that it is as it says.

Everything else is done to the session itself: correcting or withdrawing it closes its flags.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import FlagState, SessionFlag
from grids.writing import keep_changed
from jiaozuo_grid.reach import Actor

_DECISION = ["state", "decided_by", "decided_at", "remark"]


@transaction.atomic
def find_fine(actor: Actor, flags: Sequence[SessionFlag], remark: str = "") -> list[SessionFlag]:
    """Say that these sessions are as they say; twice is the same as once.

    What was decided or answered meanwhile stays so. Raises ``OutOfReach``, for all of them where
    one is not the actor's, or ``ValidationError``.
    """
    keys = [flag.pk for flag in flags]
    rows = SessionFlag.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    open_ones = [flag for flag in rows if flag.state == FlagState.OPEN]
    for flag in open_ones:
        flag.state, flag.remark = FlagState.FINE, remark.strip()
        flag.decided_by, flag.decided_at = actor, timezone.now()
        if len(flag.remark) > 200:
            raise ValidationError({"remark": _("At most 200 characters.")})
    return keep_changed(actor, open_ones, _DECISION, "find fine")
