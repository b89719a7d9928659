"""Entering people and their sign-in accounts."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record, snapshot
from accounts.identity import identity_of
from accounts.models import Person, User
from grids.actions.ground import fresh, require
from grids.duplicates import Alike, check_identity, lookalikes
from grids.people import answers_for, lasting_posts, people_visible_to, person_of
from grids.tree import area_at
from grids.writing import keep
from jiaozuo_grid.reach import Actor, OutOfReach

CHANGE_PERSON = "change accounts.person"
OPEN_ACCOUNT = "open account"
# No 0/o, 1/l/i: passwords are read from paper and typed on phones.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def enter_person(
    actor: Actor,
    *,
    name: str,
    area_code: str,
    phone: str = "",
    born_on: date | None = None,
    sex: str = "",
    id_number: str = "",
    anew: bool = False,
) -> Person:
    """Enter a person who lives at ``area_code``; who is known by name and phone is returned.

    Of an identity number only its hash is kept, with the date of birth and sex that it tells.
    Raises ``OutOfReach``; ``Known`` where the number is entered already; ``Alike`` where somebody
    of this name and birthday is (unless ``anew``: it is somebody else); ``ValidationError``.
    """
    require(actor, CHANGE_PERSON, area_code)
    name, phone = name.strip(), phone.strip()
    if phone and not anew:
        known = people_visible_to(actor).filter(name=name, phone=phone).order_by("pk").first()
        if known is not None:
            return known
    _check_home(area_code)
    person = Person(name=name, phone=phone, area_code=area_code, born_on=born_on, sex=sex)
    _identify(actor, person, id_number)
    alike = lookalikes(actor, name=name, born_on=person.born_on, phone="")
    if alike and not anew:
        raise Alike(alike)
    return keep(actor, person, "enter person")


def _check_home(area_code: str) -> None:
    if area_at(area_code) is None:
        raise ValidationError({"area_code": _("There is nothing with this code.")})


def _identify(actor: Actor, person: Person, id_number: str) -> None:
    """Take identity, birth and sex from the number; ``ValidationError`` where they contradict."""
    if not id_number.strip():
        return
    try:
        identity = identity_of(id_number)
    except ValidationError as error:
        raise ValidationError({"id_number": error.messages}) from None
    if person.born_on not in (None, identity.born_on):
        raise ValidationError(
            {
                "born_on": _("The identity number says %(day)s. Correct one of the two.")
                % {"day": identity.born_on}
            }
        )
    check_identity(actor, identity.id_hash, but=person if person.pk else None)
    person.id_hash, person.born_on, person.sex = identity.id_hash, identity.born_on, identity.sex


@transaction.atomic
def edit_person(actor: Actor, person: Person, **changes: Any) -> Person:
    """Change the record of oneself or of someone whom the actor could appoint.

    Raises ``Known`` where another entry has the identity number that was given.
    """
    require(actor, CHANGE_PERSON, person.area_code)
    person = fresh(person)
    if person.pk != person_of(actor) and not answers_for(actor, person):
        raise OutOfReach(_("This person holds a post that you do not fill."))
    for field in ("name", "phone", "area_code", "sex"):
        if field in changes:
            setattr(person, field, changes.pop(field).strip())
    if "born_on" in changes:
        person.born_on = changes.pop("born_on")
    id_number = changes.pop("id_number", "")
    if changes:
        raise TypeError(f"not changed by this action: {sorted(changes)}")
    require(actor, CHANGE_PERSON, person.area_code)
    _check_home(person.area_code)
    _identify(actor, person, id_number)
    return keep(actor, person, "edit")


def one_time_password() -> str:
    """A random password of 12 letters and digits (59 bits), in groups that are easy to type."""
    return "-".join("".join(secrets.choice(_LETTERS) for _n in range(4)) for _group in range(3))


def _require_account(actor: Actor, person: Person) -> None:
    """The actor must be able to appoint the person to every post they hold, and not be them."""
    if person.pk == person_of(actor):
        raise OutOfReach(_("You cannot do this for yourself."))
    if not lasting_posts(person).exists():
        raise ValidationError(
            _("Appoint this person first: an account without a post sees nothing.")
        )
    if not answers_for(actor, person, OPEN_ACCOUNT):
        raise OutOfReach(_("This person holds a post that you do not fill."))


@transaction.atomic
def open_account(actor: Actor, person: Person, username: str = "") -> tuple[User, str]:
    """Open a sign-in account for someone who holds a post; the password is returned only once."""
    _require_account(actor, person)
    person = fresh(person)
    if User.objects.filter(person=person).exists():
        raise ValidationError(_("This person has an account already."))
    password = one_time_password()
    user = User(username=username or person.phone, person=person)
    user.set_password(password)
    user.full_clean()
    user.save()
    record(actor, "open account", area_code=person.area_code, row=user, after=snapshot(user))
    return user, password


@transaction.atomic
def renew_password(actor: Actor, user: User) -> str:
    """Give an account a new random password, which signs it out everywhere."""
    _require_account(actor, user.person)
    user = fresh(user)
    password = one_time_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor, "renew password", area_code=user.person.area_code, row=user)
    return password


@transaction.atomic
def set_account_active(actor: Actor, user: User, active: bool) -> User:
    """Close an account, or open it again."""
    _require_account(actor, user.person)
    user = fresh(user)
    before = snapshot(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    verb = "re-open account" if active else "close account"
    record(
        actor,
        verb,
        area_code=user.person.area_code,
        row=user,
        before=before,
        after=snapshot(user),
    )
    return user
