"""Certificates: recording what was granted, and revoking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import fresh, require, written
from grids.places import settle
from grids.writing import keep
from instructors.actions.ground import (
    check_not_future,
    check_standing,
    known_since,
    locked,
    refuse_self,
    resume_place,
    withdraw_open,
)
from instructors.models import Certificate, Instructor, InstructorLevel, Promotion
from instructors.querysets import tidy_number
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor

# Above these the province and the General Administration decide: the city records their decision.
DECIDED_OUTSIDE = (InstructorLevel.FIRST.value, InstructorLevel.NATIONAL.value)


@dataclass(frozen=True)
class Grant:
    """What stands on a certificate."""

    level: int
    number: str
    granted_on: date
    granted_by: str = ""


@transaction.atomic
def grant_certificate(actor: Actor, instructor: Instructor, grant: Grant) -> Certificate:
    """Record a certificate that was granted, of the next level or of one that is lacking below.

    The usual way to the next level is a promotion (actions/promotions.py); this one is for papers
    from before the books, or lost and given anew. The actor must be one who may approve the level.
    Raises ``OutOfReach`` or ``ValidationError``: a level skipped or held already, a number used
    already, a day in the future or before the lower level, or a level that is promoted to.
    """
    require(actor, f"approve level {grant.level}", instructor.area_code)
    (instructor,) = locked([instructor])
    refuse_self(actor, instructor)
    check_standing(instructor, today())
    if Promotion.objects.open().filter(instructor=instructor, to_level=grant.level).exists():
        raise ValidationError(
            _("A promotion to this level is under way. Decide about it, or withdraw it first.")
        )
    check_grant(actor, instructor, grant)
    if grant.level == instructor.next_level:
        _check_promotion(instructor, grant)
    return record_certificate(actor, instructor, grant)


def _check_promotion(instructor: Instructor, grant: Grant) -> None:
    owed = owed_promotions({instructor.pk: (grant.level, grant.granted_on)})
    if instructor.pk in owed:
        raise ValidationError({"granted_on": promotion_leads(owed[instructor.pk])})


def promotion_leads(since: date) -> str:
    text = _("In the books since %(day)s: from then on a promotion leads to this level.")
    return text % {"day": written(since)}


def owed_promotions(grants: Mapping[int, tuple[int, date]]) -> dict[int, date]:
    """Of new (level, day) by instructor those to which only a promotion leads: since when.

    What our own offices grant they decide in three steps, by three people, once the instructor
    stands in the books. Not so papers from before, what is decided above, and a level held before.
    """
    own = {key: given for key, given in grants.items() if given[0] not in DECIDED_OUTSIDE}
    keys = list(own)
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        held = Certificate.objects.filter(instructor__in=part)
        for key, level in held.values_list("instructor", "instructor_level"):
            if key in own and own[key][0] == level:
                del own[key]
    since = known_since(own)
    return {key: since[key] for key, (_level, day) in own.items() if day >= since[key]}


def record_certificate(actor: Actor, instructor: Instructor, grant: Grant) -> Certificate:
    """Write a checked certificate and what follows from it: the level, and the first place."""
    certificate = write_certificate(actor, instructor, grant)
    level, begun = instructor.instructor_level, instructor.places.exists()
    if not begun:
        # A candidate becomes an instructor on the day of the grant.
        instructor.started_on = grant.granted_on
    instructor.started_on = min(instructor.started_on, grant.granted_on)
    instructor.instructor_level = grant.level if level is None else min(level, grant.level)
    keep(actor, instructor, "edit")
    if level is None and begun:
        resume_place(actor, instructor, grant.granted_on)
    else:
        settle(actor, [instructor])
    return certificate


def write_certificate(actor: Actor, instructor: Instructor, grant: Grant) -> Certificate:
    certificate = Certificate(
        instructor=instructor,
        area_code=instructor.area_code,
        instructor_level=grant.level,
        number=tidy_number(grant.number),
        granted_on=grant.granted_on,
        granted_by=grant.granted_by.strip(),
    )
    return keep(actor, certificate, "grant certificate")


def check_grant(actor: Actor, instructor: Instructor, grant: Grant, *, first: bool = False) -> None:
    """Raise unless the certificate can be recorded; ``first`` says that nothing was known before.

    Also asked of many grants one by one, before any is written.
    """
    require(actor, f"approve level {grant.level}", instructor.area_code)
    check_not_future(grant.granted_on, "granted_on")
    born = _born_on(instructor)
    if born is not None and grant.granted_on.year - born.year < 18:
        raise ValidationError({"granted_on": _("Instructors are of full age on this day (18).")})
    number = tidy_number(grant.number)
    if not number:
        raise ValidationError({"number": _("Enter the number of the certificate.")})
    used = Certificate.objects.filter(number=number).select_related("instructor__person").first()
    if used is not None:
        raise ValidationError({"number": _used(actor, used)})
    if grant.level in DECIDED_OUTSIDE and not grant.granted_by.strip():
        raise ValidationError(
            {"granted_by": _("Enter the body that granted it: the city records its decision.")}
        )
    if not first:
        _check_order(instructor, grant)


def _born_on(instructor: Instructor) -> date | None:
    person: Person = instructor.person
    return person.born_on


def _used(actor: Actor, used: Certificate) -> str:
    """Whose number it is, for those who may see them."""
    if Instructor.objects.visible_to(actor).filter(pk=used.instructor_id).exists():
        text = _("This certificate number is used already: %(name)s.")
        return text % {"name": used.instructor.person.name}
    return _("This certificate number is used already.")


def _check_order(instructor: Instructor, grant: Grant) -> None:
    """No level skipped, none twice, and each granted after the one below."""
    held = Certificate.objects.in_force(today()).filter(instructor=instructor)
    days = dict(held.values_list("instructor_level", "granted_on"))
    if grant.level in days:
        raise ValidationError(
            {"level": _("A certificate of this level is in force. Revoke it first.")}
        )
    lowest_first = instructor.instructor_level is None and grant.level != InstructorLevel.THIRD
    above = instructor.instructor_level is not None and grant.level < instructor.instructor_level
    if lowest_first or (above and grant.level != instructor.next_level):
        raise ValidationError(
            {
                "level": _("No level is skipped: the next one is the %(level)s.")
                % {"level": InstructorLevel(instructor.next_level or 0).label}
            }
        )
    for level, day in days.items():
        if (level > grant.level and grant.granted_on < day) or (
            level < grant.level and grant.granted_on > day
        ):
            text = _("The %(level)s was granted on %(day)s: higher levels come after lower ones.")
            words = {"level": InstructorLevel(level).label, "day": written(day)}
            raise ValidationError({"granted_on": text % words})


@transaction.atomic
def revoke_certificate(
    actor: Actor, certificate: Certificate, on: date, *, reason: str
) -> Certificate:
    """Revoke a certificate; ``on`` is the first day without it.

    The level falls to the highest that is left; without any, the entry as instructor ends on that
    day. Raises ``OutOfReach`` or ``ValidationError``.
    """
    require(actor, f"approve level {certificate.instructor_level}", certificate.area_code)
    (instructor,) = locked([certificate.instructor])
    refuse_self(actor, instructor)
    certificate = fresh(certificate)
    if certificate.revoked_on is not None:
        raise ValidationError(_("This certificate was revoked already."))
    check_not_future(on, "on")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is revoked.")})
    if on < certificate.granted_on:
        raise ValidationError({"on": _("It cannot be revoked before it was granted.")})
    certificate.revoked_on = on
    keep(actor, certificate, "revoke certificate", reason=reason)
    _lower(actor, instructor, on, reason)
    return certificate


def _lower(actor: Actor, instructor: Instructor, on: date, reason: str) -> None:
    left = Certificate.objects.filter(instructor=instructor, revoked_on__isnull=True)
    levels = left.values_list("instructor_level", flat=True)
    highest = min(levels, default=None)
    if highest == instructor.instructor_level:
        return
    instructor.instructor_level = highest
    if highest is None and instructor.ended_on is None:
        instructor.ended_on = max(on, instructor.started_on)
    keep(actor, instructor, "edit", reason=reason)
    settle(actor, [instructor])
    # What was under way led on from the level that is gone.
    withdraw_open(actor, instructor, reason)
