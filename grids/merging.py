"""Two entries of one person become one: everything that points to the one points to the other.

What points to a person is read from the models themselves, of all floors, so that nothing is
forgotten. An app that keeps one row for each person (``OneToOneField``) registers how two of them
become one. The entry that is dropped stays, says into which it was merged, and leads there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import in_batch, record, snapshot
from accounts.models import AuditEntry, Person, User
from grids.actions.ground import require
from grids.actions.leaving import last_batch
from grids.duplicates import MERGE
from grids.models import DuplicatePair, PairState
from grids.people import answers_for, lasting_posts, people_visible_to, person_of
from grids.undoing import undo_batch
from grids.writing import keep as write
from grids.writing import keep_changed
from jiaozuo_grid.lasting import LastingRow
from jiaozuo_grid.reach import Actor, Delegated, OutOfReach

VERB = "merge people"
CHANGE_PERSON = "change accounts.person"
# What the kept entry takes over where it has nothing of its own.
FILLED = ("phone", "born_on", "sex", "died_on", "moved_away_on")


@dataclass
class Merged:
    """What a merge did, in words: what moved (by kind), and what was resolved on the way."""

    moved: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    notes: list[str] = field(default_factory=list)


# What makes two rows of one person each into one: (actor, kept row, dropped row, report).
Merger = Callable[[Actor, Any, Any, Merged], None]
_mergers: dict[type[models.Model], Merger] = {}


def register_merger(model: type[models.Model], merger: Merger) -> None:
    """Called by an app that keeps one row for each person, when it is ready.

    The merger writes through ``grids.writing`` as the actor it is given, and raises
    ``ValidationError`` for what it cannot resolve.
    """
    _mergers[model] = merger


# Of these a second row, where there may be but one, stays behind at the dropped entry.
_staying: set[type[models.Model]] = set()


def let_stay(model: type[models.Model]) -> None:
    """Called by an app whose rows are no reason to refuse a merge, when it is ready."""
    _staying.add(model)


def pointers_to(model: type[models.Model]) -> list[Any]:
    """The foreign keys and one-to-one fields of all apps that point to a model."""
    relations: Iterable[Any] = model._meta.get_fields(include_hidden=True)
    return [
        relation.field
        for relation in relations
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_one or relation.one_to_many)
    ]


@transaction.atomic
def merge_people(
    actor: Actor, keep: Person, drop: Person, *, reason: str = "", rehearse: bool = False
) -> Merged:
    """Make ``drop`` the same person as ``keep``.

    Raises ``OutOfReach``, or ``ValidationError`` naming what cannot be resolved; then nothing is
    written, and nothing either when only rehearsed.
    """
    for person in (keep, drop):
        _require(actor, person)
    keep, drop = _locked(keep, drop)
    _check(keep, drop)
    merged, delegated = Merged(), Delegated(actor)
    with in_batch(uuid4()):
        _close_pairs(delegated, keep, drop)
        _merge_accounts(delegated, keep, drop, merged)
        for pointer in pointers_to(Person):
            if pointer.model is User or pointer.model is DuplicatePair:
                continue
            if pointer.one_to_one:
                _merge_single(delegated, pointer, keep, drop, merged)
            else:
                stays = pointer.model in _staying
                move_rows(delegated, pointer, keep, drop, merged, staying=stays)
        _merge_entries(delegated, keep, drop, reason)
    transaction.set_rollback(rehearse)
    return merged


def _require(actor: Actor, person: Person) -> None:
    require(actor, MERGE, person.area_code)
    require(actor, CHANGE_PERSON, person.area_code)
    if not people_visible_to(actor).filter(pk=person.pk).exists():
        raise OutOfReach
    if person.pk == person_of(actor):
        raise OutOfReach(_("You cannot do this for yourself."))
    if not answers_for(actor, person):
        raise OutOfReach(_("This person holds a post that you do not fill."))


def _locked(keep: Person, drop: Person) -> tuple[Person, Person]:
    keys = [keep.pk, drop.pk]
    rows = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return rows[keep.pk], rows[drop.pk]


def _check(keep: Person, drop: Person) -> None:
    if keep.pk == drop.pk:
        raise ValidationError(_("Choose two entries."))
    if keep.merged_into_id is not None or drop.merged_into_id is not None:
        raise ValidationError(_("One of these entries was merged already."))
    if keep.id_hash and drop.id_hash:
        raise ValidationError(
            _("Each has an identity number of its own: these are two people. Correct one first.")
        )


def _close_pairs(actor: Actor, keep: Person, drop: Person) -> None:
    """The suspicion is decided, and others about the dropped entry are about nobody any more."""
    pairs = list(DuplicatePair.objects.undecided().filter(Q(first=drop) | Q(second=drop)))
    for pair in pairs:
        pair.state = PairState.MERGED
        pair.decided_by = actor.user
        pair.decided_at = timezone.now()
    keep_changed(actor, pairs, ["state", "decided_by", "decided_at"], VERB)


def _merge_accounts(actor: Actor, keep: Person, drop: Person, merged: Merged) -> None:
    """The sign-in goes along; of two, the kept entry's stays and the other one is closed."""
    user = User.objects.select_for_update().filter(person=drop).first()
    if user is None:
        return
    before = snapshot(user)
    if User.objects.filter(person=keep).exists():
        if not user.is_active:
            return
        user.is_active = False
        merged.notes.append(
            _("The account %(name)s is closed; the other one stays.") % {"name": user.username}
        )
    else:
        user.person = keep
        merged.moved[str(User._meta.verbose_name)] += 1
    user.save(update_fields=["is_active", "person"])
    record(actor, VERB, area_code=keep.area_code, row=user, before=before, after=snapshot(user))


def _merge_single(actor: Actor, pointer: Any, keep: Person, drop: Person, merged: Merged) -> None:
    """A row that a person has only once: it goes along, or two become one."""
    rows = pointer.model._default_manager.filter(**{f"{pointer.name}__in": [keep.pk, drop.pk]})
    by_person = {getattr(row, pointer.attname): row for row in rows}
    if drop.pk not in by_person:
        return
    if keep.pk not in by_person:
        move_rows(actor, pointer, keep, drop, merged)
        return
    merger = _mergers.get(pointer.model)
    if merger is None:
        raise ValidationError(
            _("Both are entered as %(kind)s. Only one can be kept: end one of them first.")
            % {"kind": pointer.model._meta.verbose_name}
        )
    merger(actor, by_person[keep.pk], by_person[drop.pk], merged)


def move_rows(
    actor: Actor,
    pointer: Any,
    keep: models.Model,
    drop: models.Model,
    merged: Merged,
    *,
    staying: bool = False,
) -> None:
    """Let the rows whose ``pointer`` is ``drop`` point to ``keep``.

    Where both have what may be there only once: of two lasting rows the later ends before it
    began; other rows stay behind if they may (``staying``), or ``ValidationError`` is raised.
    """
    left: set[Any] = set()
    for constraint in _constraints(pointer):
        left |= _resolve(actor, pointer, constraint, keep, drop, merged, staying=staying)
    manager = pointer.model._default_manager
    rows = list(manager.filter(**{pointer.name: drop}).exclude(pk__in=left).order_by("pk"))
    for row in rows:
        setattr(row, pointer.name, keep)
    keep_changed(actor, rows, [pointer.name], VERB)
    if rows:
        merged.moved[str(pointer.model._meta.verbose_name_plural)] += len(rows)


def _constraints(pointer: Any) -> list[models.UniqueConstraint]:
    return [
        constraint
        for constraint in pointer.model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and pointer.name in constraint.fields
    ]


def _resolve(
    actor: Actor,
    pointer: Any,
    constraint: models.UniqueConstraint,
    keep: models.Model,
    drop: models.Model,
    merged: Merged,
    *,
    staying: bool,
) -> set[Any]:
    """Make room for the rows of ``drop``; returns the keys of those that stay behind."""
    model = pointer.model
    rows = model._default_manager.filter(constraint.condition or Q())
    others = [model._meta.get_field(name).attname for name in constraint.fields]
    others.remove(pointer.attname)
    mine = {
        tuple(getattr(row, name) for name in others): row
        for row in rows.filter(**{pointer.name: keep})
    }
    left: set[Any] = set()
    for row in rows.filter(**{pointer.name: drop}):
        there = mine.get(tuple(getattr(row, name) for name in others))
        if there is None:
            continue
        if issubclass(model, LastingRow) and "ended_on" in str(constraint.condition):
            _end_unbegun(actor, there, row, merged)
        elif staying:
            left.add(row.pk)
        else:
            raise ValidationError(
                _("Both have this, and it can be there only once: %(what)s. Change one first.")
                % {"what": f"{model._meta.verbose_name} {row}"}
            )
    return left


def _end_unbegun(actor: Actor, one: Any, other: Any, merged: Merged) -> None:
    """Of the same thing held twice at once the earlier goes on; the later was never in force."""
    later = max((one, other), key=lambda row: (row.started_on, row.pk))
    later.ended_on = later.started_on
    keep_changed(actor, [later], ["ended_on"], VERB)
    merged.notes.append(_("Held twice, from now on once: %(what)s.") % {"what": str(later)})


def _merge_entries(actor: Actor, keep: Person, drop: Person, reason: str) -> None:
    drop.merged_into = keep
    write(actor, drop, VERB, reason=reason)
    gone = drop.died_on or drop.moved_away_on
    if gone and not (keep.died_on or keep.moved_away_on) and lasting_posts(keep).exists():
        raise ValidationError(
            _(
                "One entry says that this person died or moved away, the other holds a post. "
                "Correct one of them first."
            )
        )
    for name in FILLED:
        if getattr(keep, name) in (None, ""):
            setattr(keep, name, getattr(drop, name))
    write(actor, keep, VERB, reason=reason)
    if drop.id_hash:
        # By itself, so that undoing gives it back before the dropped entry stands again.
        keep.id_hash = drop.id_hash
        write(actor, keep, VERB, reason=reason)


def _last_merge(drop: Person) -> AuditEntry | None:
    """Today's entry of this merge; None for who was merged before and only went along now."""
    entry = last_batch(drop, [VERB]) if drop.merged_into_id else None
    if entry is None or (entry.before or {}).get("merged_into_id") is not None:
        return None
    return entry


def may_undo_merge(actor: Actor, drop: Person) -> bool:
    """Whether the actor merged this entry into another, and today."""
    entry = _last_merge(drop)
    return entry is not None and entry.actor_id == getattr(actor, "pk", None)


@transaction.atomic
def undo_merge(actor: Actor, drop: Person) -> int:
    """Part the entries again, on the same day and by who merged them.

    Raises ``OutOfReach``, or ``ValidationError`` naming what somebody changed since.
    """
    require(actor, MERGE, drop.area_code)
    drop = Person.objects.select_for_update().get(pk=drop.pk)
    entry = _last_merge(drop)
    if entry is None or entry.batch is None:
        raise ValidationError(_("A merge is undone on the day on which it was made."))
    if entry.actor_id != getattr(actor, "pk", None):
        raise OutOfReach(_("Only who merged these entries can part them again."))
    return undo_batch(Delegated(actor), entry.batch)


def in_words(merged: Merged) -> list[str]:
    """A report for people: what moves, and what is resolved."""
    moved = [
        ngettext("%(kind)s: %(n)d moves.", "%(kind)s: %(n)d move.", n) % {"kind": kind, "n": n}
        for kind, n in merged.moved.items()
    ]
    return [*moved, *merged.notes]
