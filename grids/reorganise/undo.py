"""Taking a reorganisation back on the day on which it was entered."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Person
from grids.actions.ground import require
from grids.models import (
    Appointment,
    Change,
    Grid,
    HobbyGrid,
    Officer,
    Organisation,
    Reorganisation,
    ResidentCount,
    Succession,
)
from grids.places import dated_models, followers, placed_models
from grids.reorganise.ground import lock_villages
from grids.reorganise.moving import Move, rewritten
from grids.undoing import undo_batch
from grids.writing import keep
from jiaozuo_grid.area import Level, within_q
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, Delegated, reach_of

DIVISIONS = (Change.MERGE_DIVISION, Change.RENUMBER_DIVISION)
LASTING: tuple[Any, ...] = (Grid, HobbyGrid, Appointment, ResidentCount, Organisation, Officer)


def _right(reorganisation: Reorganisation) -> str:
    return "reorganise divisions" if reorganisation.kind in DIVISIONS else "reorganise grids"


def may_undo(actor: Actor, reorganisation: Reorganisation) -> bool:
    """Whether it was entered today, is not undone, and the actor may reorganise both areas."""
    entered = timezone.localdate(reorganisation.done_at)
    reach, right = reach_of(actor), _right(reorganisation)
    return (
        reorganisation.undone_at is None
        and entered == today()
        and all(
            reach.allows(right, code)
            for code in (reorganisation.source_code, reorganisation.area_code)
        )
    )


@transaction.atomic
def undo_reorganisation(actor: Actor, reorganisation: Reorganisation) -> int:
    """Put everything back as it was; what was logged since goes back to the old codes, too.

    Raises ``OutOfReach``, or ``ValidationError`` naming what was changed or added since.
    """
    for code in (reorganisation.source_code, reorganisation.area_code):
        require(actor, _right(reorganisation), code)
    stored = Reorganisation.objects.select_for_update().get(pk=reorganisation.pk)
    if not may_undo(actor, stored):
        raise ValidationError(_("A reorganisation is undone on the day on which it was entered."))
    old = dict(stored.successions.values_list("new_code", "old_code"))
    _check_last(stored, list(old))
    delegated = Delegated(actor)
    lock_villages(stored.source_code, stored.area_code)
    _check_nothing_added(stored)
    _send_back(delegated, stored, old)
    stored.successions.all().delete()
    undone = undo_batch(delegated, stored.batch, reason=stored.title)
    stored.undone_at = timezone.now()
    keep(delegated, stored, "undo")
    return undone


def _created(stored: Reorganisation) -> list[str]:
    """The codes that the reorganisation made, and which it will take away again."""
    entries = AuditEntry.objects.filter(batch=stored.batch, before__isnull=True)
    labels = {model._meta.label_lower for model in (Grid, HobbyGrid)} | {"grids.division"}
    return list(entries.filter(model__in=labels).values_list("area_code", flat=True))


def _check_last(stored: Reorganisation, codes: list[str]) -> None:
    later = Succession.objects.filter(old_code__in=codes).exclude(reorganisation=stored)
    if later.filter(reorganisation__pk__gt=stored.pk).exists():
        raise ValidationError(_("The map changed here again since. Undo that change first."))


def _check_nothing_added(stored: Reorganisation) -> None:
    """Nothing that lasts may stand at a code that is about to vanish."""
    created = within_q(_created(stored))
    models: list[Any] = [*LASTING, *(placed.model for placed in placed_models())]
    for model in models:
        entries = AuditEntry.objects.filter(batch=stored.batch, model=model._meta.label_lower)
        known = set(entries.values_list("object_id", flat=True))
        added = [row for row in model.objects.filter(created) if str(row.pk) not in known]
        if added:
            raise ValidationError(
                _("Added since, so it cannot be undone: %(names)s")
                % {"names": "、".join(str(row) for row in added[:10])}
            )


def _send_back(delegated: Delegated, stored: Reorganisation, old: dict[str, str]) -> None:
    """What was entered at the new codes since: sessions, people and what follows them."""
    created = [code for code in _created(stored) if code in old]
    for code in sorted(created, key=len, reverse=True):
        back = Move(delegated, code, stored.on, codes={code: old[code]})
        for dated in dated_models():
            if len(code) == Level.HOBBY_GRID:
                rewritten(back, _strangers(stored, dated.model, code))
        for model in (Person, *followers()):
            rewritten(back, _strangers(stored, model, code))


def _strangers(stored: Reorganisation, model: Any, code: str) -> Any:
    """Rows at the code that the reorganisation itself did not put there."""
    moved = AuditEntry.objects.filter(batch=stored.batch, model=model._meta.label_lower)
    keys = [
        model._meta.pk.to_python(key)
        for key in moved.filter(area_code=code).values_list("object_id", flat=True)
    ]
    return model._default_manager.filter(area_code=code).exclude(pk__in=keys)
