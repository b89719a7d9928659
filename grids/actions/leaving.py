"""A person dies or moves away: what is in their hand passes on or ends, the account is closed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import in_batch, record, snapshot
from accounts.models import AuditEntry, Person, User
from grids.actions.ground import fresh, require, written
from grids.handover import Outcome, Plan, carry_out
from grids.people import answers_for, person_of
from grids.undoing import undo_batch
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, Delegated, OutOfReach

CHANGE_PERSON = "change accounts.person"


class Leaving(models.TextChoices):
    """How a person leaves; the value names the field of the day."""

    DIED = "died_on", gettext_lazy("died")
    MOVED_AWAY = "moved_away_on", gettext_lazy("moved away")


VERBS = {Leaving.DIED: "record death", Leaving.MOVED_AWAY: "record moving away"}


def _require(actor: Actor, person: Person) -> None:
    """Whoever may change the record of a person, and appoint them to all that they hold."""
    require(actor, CHANGE_PERSON, person.area_code)
    if person.pk == person_of(actor):
        raise OutOfReach(_("You cannot do this for yourself."))
    if not answers_for(actor, person):
        raise OutOfReach(_("This person holds a post that you do not fill."))


@transaction.atomic
def record_leaving(
    actor: Actor,
    person: Person,
    how: str,
    left_on: date,
    plan: Plan,
    *,
    hands_on: date | None = None,
    reason: str = "",
    rehearse: bool = False,
) -> list[Outcome]:
    """Record that a person died or moved away on ``left_on``.

    From ``hands_on`` (default: today) what they hold passes on as planned, or ends. Raises
    ``OutOfReach``, ``ValidationError``, or ``Refused`` with what is wrong with the plan; then
    nothing is written, and nothing either when only rehearsed.
    """
    _require(actor, person)
    day = hands_on or today()
    _check_days(left_on, day)
    with in_batch(uuid4()):
        outcomes = carry_out(actor, person, plan, day, leaving=True)
        person = fresh(person)
        if getattr(person, how) is not None:
            raise ValidationError({"left_on": _("This is recorded already.")})
        _close_account(actor, person)
        setattr(person, how, left_on)
        keep(actor, person, VERBS[Leaving(how)], reason=reason)
    transaction.set_rollback(rehearse)
    return outcomes


def _check_days(left_on: date, hands_on: date) -> None:
    if left_on > today():
        raise ValidationError({"left_on": _("This day has not come yet.")})
    if hands_on > today():
        raise ValidationError({"on": _("This day has not come yet.")})
    if hands_on < left_on:
        raise ValidationError(
            {"on": _("Choose %(day)s or a later day.") % {"day": written(left_on)}}
        )


def _close_account(actor: Actor, person: Person) -> None:
    user = User.objects.select_for_update().filter(person=person, is_active=True).first()
    if user is None:
        return
    before = snapshot(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(
        actor,
        "close account",
        area_code=person.area_code,
        row=user,
        before=before,
        after=snapshot(user),
    )


def last_batch(person: Person, verbs: list[str]) -> AuditEntry | None:
    """Today's entry that began what can be undone together; None where it was undone already."""
    entries = AuditEntry.objects.filter(model="accounts.person", object_id=str(person.pk))
    entry = entries.filter(verb__in=[*verbs, "undo"]).order_by("-pk").first()
    if entry is None or entry.verb == "undo" or entry.batch is None:
        return None
    return entry if timezone.localdate(entry.at) == today() else None


def may_undo_leaving(actor: Actor, person: Person) -> bool:
    """Whether the actor recorded it, and today."""
    entry = last_batch(person, list(VERBS.values()))
    return entry is not None and entry.actor_id == getattr(actor, "pk", None)


@transaction.atomic
def undo_leaving(actor: Actor, person: Person) -> int:
    """Put everything back, on the same day and by who recorded it; returns the rows put back.

    Raises ``OutOfReach``, or ``ValidationError`` naming what somebody changed since.
    """
    require(actor, CHANGE_PERSON, person.area_code)
    entry = last_batch(fresh(person), list(VERBS.values()))
    if entry is None or entry.batch is None:
        raise ValidationError(_("Only what was recorded today can be undone."))
    if entry.actor_id != getattr(actor, "pk", None):
        raise OutOfReach(_("Only who recorded it can undo it."))
    return undo_batch(Delegated(actor), entry.batch)


@transaction.atomic
def take_back_leaving(actor: Actor, person: Person, *, reason: str = "") -> Person:
    """Somebody is back, or was recorded wrongly; what they held stays where it is."""
    _require(actor, person)
    person = fresh(person)
    changes: dict[str, Any] = {how.value: None for how in Leaving}
    if all(getattr(person, name) is None for name in changes):
        return person
    for name, value in changes.items():
        setattr(person, name, value)
    return keep(actor, person, "record return", reason=reason)
