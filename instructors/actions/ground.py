"""What the actions on instructors stand on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from grids.actions.ground import written
from grids.people import person_of
from grids.places import settle
from grids.writing import keep, keep_changed, keep_new
from instructors.models import (
    Attendance,
    Certificate,
    Instructor,
    InstructorPlace,
    Promotion,
    PromotionState,
    Registration,
    Service,
)
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach

# Rows that stand where their instructor stands.
FOLLOWERS: tuple[Any, ...] = (Certificate, Registration, Service, Attendance, Promotion)

Row = TypeVar("Row")


@dataclass
class Outcome(Generic[Row]):
    """What a step for many did: the rows written, and each row refused with the reason."""

    done: list[Row] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)
    # The first refusal as it was raised, with the field that it names.
    error: ValidationError | OutOfReach | None = None


def sorted_out(rows: Iterable[Any], check: Callable[[Any], None]) -> tuple[list[Any], Outcome[Any]]:
    """The rows that ``check`` lets pass, and the outcome that names the others with the reason."""
    passed, outcome = [], Outcome[Any]()
    for row in rows:
        try:
            check(row)
        except (ValidationError, OutOfReach) as error:
            texts = error.messages if isinstance(error, ValidationError) else [str(error)]
            outcome.refused.append((row, " ".join(texts)))
            outcome.error = outcome.error or error
        else:
            passed.append(row)
    return passed, outcome


def locked(instructors: Sequence[Instructor]) -> list[Instructor]:
    """The instructors as they are stored now, locked until commit, in the order of their keys."""
    keys = [row.pk for row in instructors]
    # Only the instructors are locked: their people are read with them.
    rows = Instructor.objects.filter(pk__in=keys).select_related("person")
    return list(rows.order_by("pk").select_for_update(of=("self",)))


def the_only(outcome: Outcome[Row]) -> Row:
    """The row of a step for one; raises what it was refused with."""
    if outcome.error is not None:
        raise outcome.error
    return outcome.done[0]


def refuse_self(actor: Actor, instructor: Instructor) -> None:
    """Raise ``OutOfReach`` where somebody decides about themselves."""
    if instructor.person_id == person_of(actor):
        raise OutOfReach(_("Nobody decides about their own grade. Ask a colleague."))


def check_standing(instructor: Instructor, day: date) -> None:
    """Raise ``ValidationError`` unless the instructor is in force on ``day`` and lives here."""
    person = instructor.person
    if person.died_on and person.died_on <= day:
        raise ValidationError(_("This person died on %(day)s.") % {"day": written(person.died_on)})
    if person.moved_away_on and person.moved_away_on <= day:
        text = _("This person moved away on %(day)s.")
        raise ValidationError(text % {"day": written(person.moved_away_on)})
    if person.merged_into_id:
        raise ValidationError(_("This entry was merged into another person."))
    if instructor.ended_on and instructor.ended_on <= day:
        text = _("This instructor's entry ended on %(day)s. Take it up again first.")
        raise ValidationError(text % {"day": written(instructor.ended_on)})


def check_not_future(day: date, field_name: str) -> None:
    if day > today():
        raise ValidationError({field_name: _("This day has not come yet.")})


def carry_followers(actor: Actor, instructor: Instructor) -> None:
    """Give what belongs to an instructor their area code, so that it is found with them."""
    for model in FOLLOWERS:
        rows = list(
            model.objects.filter(instructor=instructor).exclude(area_code=instructor.area_code)
        )
        for row in rows:
            row.area_code = instructor.area_code
        keep_changed(actor, rows, ["area_code"], "place")


def known_since(instructors: Iterable[int]) -> dict[int, date]:
    """From which day instructors stand in the books, by the trail; today where it says nothing."""
    keys = list(instructors)
    since = dict.fromkeys(keys, today())
    for start in range(0, len(keys), 500):
        entries = AuditEntry.objects.filter(
            model=Instructor._meta.label_lower,
            object_id__in=[str(key) for key in keys[start : start + 500]],
        )
        for key, first in entries.values_list("object_id").annotate(first=Min("at")):
            since[int(key)] = timezone.localtime(first).date()
    return since


def withdraw_open(actor: Actor, instructor: Instructor, reason: str) -> None:
    """Nobody is promoted who is no instructor any more."""
    for promotion in Promotion.objects.open().filter(instructor=instructor).select_for_update():
        promotion.state, promotion.reason = PromotionState.WITHDRAWN, reason[:200]
        keep(actor, promotion, "withdraw promotion", reason=reason)


def resume_place(actor: Actor, instructor: Instructor, day: date) -> None:
    """Let a place begin on ``day``; where the last one ended there just then, it goes on."""
    last: Any = instructor.places.order_by("-started_on", "-pk").first()
    if last is not None and last.ended_on is not None:
        day = max(day, last.ended_on)
        if day == last.ended_on and last.area_code == instructor.area_code:
            settle(actor, [instructor])
            return
    place = InstructorPlace(
        instructor=instructor, area_code=instructor.area_code, started_on=day, ended_on=None
    )
    keep_new(actor, [place], "place")
