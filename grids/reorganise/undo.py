"""Taking a reorganisation back on the day on which it was entered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Person
from grids.actions.ground import require
from grids.lineage import AT_ONCE
from grids.models import (
    Appointment,
    Change,
    Division,
    Grid,
    HobbyGrid,
    Officer,
    Organisation,
    Reorganisation,
    ResidentCount,
    Succession,
)
from grids.places import dated_models, followers, placed_models
from grids.reorganise.ground import REORGANISED, lock_villages
from grids.undoing import undo_batch
from grids.writing import keep, keep_changed
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.lasting import today
from jiaozuo_grid.listeners import caused_by
from jiaozuo_grid.reach import Actor, Delegated, reach_of

DIVISIONS = (Change.MERGE_DIVISION, Change.RENUMBER_DIVISION)
# So many are named when undoing is refused.
NAMED = 10
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
    # Neither what it made may have gone on since, nor the places to which things would go back.
    back = {up for code in old.values() for up in ancestors(code, include_self=True)}
    _check_last(stored, sorted({*old, *back}))
    delegated = Delegated(actor)
    lock_villages(stored.source_code, stored.area_code)
    created = _created(stored)
    _check_nothing_added(stored, created)
    with caused_by(REORGANISED):
        _send_back(delegated, stored, {code: old[code] for code in created if code in old})
        # They stay, marked: a phone may still send a record for a code that vanishes now.
        stored.successions.all().update(undone=True)
        undone = undo_batch(delegated, stored.batch, reason=stored.title)
        _bring_home(delegated, stored.area_code)
        stored.undone_at = timezone.now()
        keep(delegated, stored, "undo")
    return undone


def _created(stored: Reorganisation) -> list[str]:
    """The codes that the reorganisation made, and which it will take away again."""
    entries = AuditEntry.objects.filter(batch=stored.batch, before__isnull=True)
    labels = [model._meta.label_lower for model in (Division, Grid, HobbyGrid)]
    return list(entries.filter(model__in=labels).values_list("area_code", flat=True))


def _check_last(stored: Reorganisation, codes: list[str]) -> None:
    later = Succession.objects.standing().filter(reorganisation__pk__gt=stored.pk)
    for start in range(0, len(codes), AT_ONCE):
        if later.filter(old_code__in=codes[start : start + AT_ONCE]).exists():
            raise ValidationError(_("The map changed here again since. Undo that change first."))


def _touched(stored: Reorganisation, model: Any) -> set[str]:
    """The keys of a model's rows that the reorganisation wrote itself."""
    entries = AuditEntry.objects.filter(batch=stored.batch, model=model._meta.label_lower)
    return set(entries.values_list("object_id", flat=True))


def _strangers(stored: Reorganisation, model: Any, codes: list[str]) -> Iterator[Any]:
    """Rows at the codes that the reorganisation itself did not put there."""
    touched = _touched(stored, model)
    for start in range(0, len(codes), AT_ONCE):
        rows = model.objects.filter(area_code__in=codes[start : start + AT_ONCE])
        yield from (row for row in rows.select_related() if str(row.pk) not in touched)


def _check_nothing_added(stored: Reorganisation, created: list[str]) -> None:
    """Nothing that lasts may stand at a code that is about to vanish."""
    models: list[Any] = [*LASTING, *(placed.model for placed in placed_models())]
    for model in models:
        added = list(islice(_strangers(stored, model, created), NAMED))
        if added:
            raise ValidationError(
                _("Added since, so it cannot be undone: %(names)s")
                % {"names": "、".join(str(row) for row in added)}
            )


def _send_back(delegated: Delegated, stored: Reorganisation, old: dict[str, str]) -> None:
    """What was entered at the new codes since: sessions, people and what follows them."""
    models: list[Any] = [Person, *(dated.model for dated in dated_models()), *followers()]
    for model in models:
        rows = list(_strangers(stored, model, list(old)))
        for row in rows:
            row.area_code = old[row.area_code]
        keep_changed(delegated, rows, ["area_code"], "undo")


def _bring_home(delegated: Delegated, target: str) -> None:
    """What was entered since for a station or an instructor goes where those went back to."""
    owners = {placed.model for placed in placed_models()}
    for model in followers():
        for relation in model._meta.concrete_fields:
            if relation.related_model not in owners:
                continue
            there: Any = model._default_manager.within(target).select_related()  # type: ignore[attr-defined]
            rows = list(there.exclude(area_code=F(f"{relation.name}__area_code")))
            for row in rows:
                row.area_code = getattr(row, relation.name).area_code
            keep_changed(delegated, rows, ["area_code"], "undo")
