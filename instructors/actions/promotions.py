"""The way to the next level: nominate, verify, approve or refuse, or withdraw.

Each step is taken for many at once (a training class): who cannot take it is named with the
reason, the others go on. Three different people do the three steps, and none of them is the
instructor. The third grade is approved by the county, the second by the city; what the province
(first) and the General Administration (national) decided, the city records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.actions.ground import require
from grids.people import person_of
from grids.writing import keep, keep_changed, keep_new
from instructors.actions.certificates import Grant, check_grant, record_certificate
from instructors.actions.ground import (
    Outcome,
    check_standing,
    locked,
    refuse_self,
    sorted_out,
    the_only,
)
from instructors.eligibility import Condition, Judgement, judge
from instructors.models import Course, Instructor, Promotion, PromotionState
from instructors.querysets import tidy_number
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

_WITH = ("instructor__person", "nominated_by", "verified_by")


def _allow(actor: Actor, step: str, level: int, area_code: str) -> None:
    if not reach_of(actor).allows(f"{step} level {level}", area_code):
        raise OutOfReach(_("This step is not yours to take for this level here."))


def nominate(
    actor: Actor, instructor: Instructor, to_level: int, *, course: Course | None = None
) -> Promotion:
    """Nominate an instructor for a level. Raises ``OutOfReach`` or ``ValidationError``."""
    require(actor, f"nominate level {to_level}", instructor.area_code)
    refuse_self(actor, instructor)
    return the_only(nominate_many(actor, [instructor], to_level, course=course))


@transaction.atomic
def nominate_many(
    actor: Actor, instructors: Sequence[Instructor], to_level: int, *, course: Course | None = None
) -> Outcome[Promotion]:
    """Nominate each who may be nominated for ``to_level``; the others are named with the reason."""
    rows = locked(instructors)
    judgements = judge(rows)

    def check(row: Instructor) -> None:
        _allow(actor, "nominate", to_level, row.area_code)
        refuse_self(actor, row)
        check_standing(row, today())
        judgement = judgements[row.pk]
        if judgement.promotion is not None:
            raise ValidationError(_("A promotion of this instructor is under way already."))
        if to_level != row.next_level:
            raise ValidationError(_wrong_level(row, judgement.next_level_name))
        if judgement.missing:
            raise ValidationError(_not_yet(judgement.missing))

    passed, outcome = sorted_out(rows, check)
    new = [
        Promotion(
            instructor=row,
            area_code=row.area_code,
            to_level=to_level,
            course=course,
            nominated_by=actor,
        )
        for row in passed
    ]
    outcome.done = keep_new(actor, new, "nominate")
    return outcome


def _not_yet(missing: Iterable[Condition]) -> str:
    words = _("; ").join(condition.words for condition in missing)
    return _("Not yet: %(missing)s.") % {"missing": words}


def _judged_again(promotions: Sequence[Promotion]) -> dict[int, Judgement]:
    """The conditions as of the nomination, by what stands in the books today.

    What was withdrawn or revoked since counts no more; that an office took its time harms nobody.
    In a fixed number of queries for each day of nomination.
    """
    by_day: dict[date, list[Promotion]] = defaultdict(list)
    for promotion in promotions:
        by_day[timezone.localtime(promotion.nominated_at).date()].append(promotion)
    judged: dict[int, Judgement] = {}
    for day, rows in by_day.items():
        judgements = judge([row.instructor for row in rows], day)
        judged |= {row.pk: judgements[row.instructor_id] for row in rows}
    return judged


def _wrong_level(row: Instructor, next_name: str) -> str:
    if row.next_level is None:
        return str(_("Holds the highest grade already."))
    return _("No level is skipped: the next one is the %(level)s.") % {"level": next_name}


def verify(actor: Actor, promotion: Promotion) -> Promotion:
    """Confirm that what the nomination says is true."""
    require(actor, f"verify level {promotion.to_level}", promotion.area_code)
    return the_only(verify_many(actor, [promotion]))


@transaction.atomic
def verify_many(actor: Actor, promotions: Sequence[Promotion]) -> Outcome[Promotion]:
    def check(row: Promotion) -> None:
        _allow(actor, "verify", row.to_level, row.area_code)
        _check_hands(actor, row)
        if row.state != PromotionState.NOMINATED:
            raise ValidationError(_not_now(row))
        check_standing(row.instructor, today())

    rows, outcome = sorted_out(_locked(promotions), check)
    for row in rows:
        row.state, row.verified_by, row.verified_at = (
            PromotionState.VERIFIED,
            actor,
            timezone.now(),
        )
    fields = ["state", "verified_by", "verified_at"]
    outcome.done = keep_changed(actor, rows, fields, "verify promotion")
    return outcome


def approve(actor: Actor, promotion: Promotion, grant: Grant) -> Promotion:
    """Approve a verified promotion, or record that the body above did, with the certificate."""
    require(actor, f"approve level {promotion.to_level}", promotion.area_code)
    return the_only(approve_many(actor, {promotion: grant}))


@transaction.atomic
def approve_many(actor: Actor, grants: Mapping[Promotion, Grant]) -> Outcome[Promotion]:
    """Approve each promotion with its certificate; the others are named with the reason."""
    by_key = {promotion.pk: grant for promotion, grant in grants.items()}
    promotions = _locked(list(grants))
    judgements = _judged_again(promotions)
    taken: set[str] = set()

    def check(row: Promotion) -> None:
        grant = by_key[row.pk]
        _allow(actor, "approve", row.to_level, row.area_code)
        _check_hands(actor, row)
        if row.state != PromotionState.VERIFIED:
            raise ValidationError(_not_now(row))
        check_standing(row.instructor, today())
        if grant.level != row.to_level:
            raise ValidationError(_wrong_level(row.instructor, row.get_to_level_display()))
        if missing := judgements[row.pk].missing:
            raise ValidationError(_not_yet(missing))
        if grant.granted_on < timezone.localtime(row.nominated_at).date():
            raise ValidationError({"granted_on": _("The grant is before the nomination.")})
        if tidy_number(grant.number) in taken:
            raise ValidationError({"number": _("This number is given twice here.")})
        check_grant(actor, row.instructor, grant)
        taken.add(tidy_number(grant.number))

    rows, outcome = sorted_out(promotions, check)
    for row in rows:
        row.certificate = record_certificate(actor, row.instructor, by_key[row.pk])
        row.state, row.decided_by = PromotionState.APPROVED, actor
        row.decided_at = timezone.now()
        outcome.done.append(keep(actor, row, "approve promotion"))
    return outcome


@transaction.atomic
def refuse(actor: Actor, promotion: Promotion, *, reason: str) -> Promotion:
    """Turn a promotion down: by who could verify it, or, once verified, by who could approve it."""
    step = "verify" if promotion.state == PromotionState.NOMINATED else "approve"
    require(actor, f"{step} level {promotion.to_level}", promotion.area_code)
    (row,) = _locked([promotion])
    refuse_self(actor, row.instructor)
    return _close(actor, row, PromotionState.REFUSED, "refuse promotion", reason)


@transaction.atomic
def withdraw(actor: Actor, promotion: Promotion, *, reason: str) -> Promotion:
    """Take a nomination back: whoever may nominate there."""
    require(actor, f"nominate level {promotion.to_level}", promotion.area_code)
    (row,) = _locked([promotion])
    return _close(actor, row, PromotionState.WITHDRAWN, "withdraw promotion", reason)


def _close(
    actor: Actor, row: Promotion, state: PromotionState, verb: str, reason: str
) -> Promotion:
    if not row.is_open:
        raise ValidationError(_not_now(row))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    row.state, row.reason = state, reason.strip()
    row.decided_by, row.decided_at = actor, timezone.now()
    return keep(actor, row, verb, reason=reason)


def _locked(promotions: Sequence[Promotion]) -> list[Promotion]:
    """The promotions as stored now; their instructors are locked first, as everywhere."""
    keys = [promotion.pk for promotion in promotions]
    locked([promotion.instructor for promotion in promotions])
    rows = Promotion.objects.filter(pk__in=keys).select_related(*_WITH).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _check_hands(actor: Actor, row: Promotion) -> None:
    """Each step by another hand, and none by the instructor's own."""
    refuse_self(actor, row.instructor)
    own = person_of(actor)
    hands: list[Any] = [(row.nominated_by, _("nominated")), (row.verified_by, _("verified"))]
    for user, word in hands:
        if user is not None and own is not None and user.person_id == own:
            text = _("You %(step)s this promotion yourself: the next step is a colleague's.")
            raise OutOfReach(text % {"step": word})


def _not_now(row: Promotion) -> str:
    text = _("This step is not open: the promotion is %(state)s.")
    return text % {"state": row.get_state_display()}
