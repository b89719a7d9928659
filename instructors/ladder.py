"""The count ladder: from certificates down to the people who serve, every step with its names.

Certificates in force → distinct living people → living here → registered this year → served of
late, as of a day. A register that counts certificates counts people twice and keeps the dead and
the moved; here each figure is the number of rows behind it, and what is lost from one step to the
next stands there by name, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.actions.ground import written
from grids.rules import value_of
from instructors.models import Certificate, InstructorPlace, Registration
from instructors.rules import SERVED_DAYS
from instructors.service import Span, entered_in, led_in
from jiaozuo_grid.area import within_q

_FIRST = "instructor__person__merged_into__merged_into_id"
_MERGED = "instructor__person__merged_into_id"


@dataclass(frozen=True)
class Step:
    """A step of the ladder: its rows among the certificates, and those lost in coming to it."""

    key: str
    name: str | Promise
    rows: Q
    lost: Q | None

    def title(self, on: date) -> str:
        """The name of the step as of a day."""
        if self.key == "registered":
            return _("Registered in %(year)d") % {"year": on.year}
        if self.key == "served":
            days = int(value_of(SERVED_DAYS, on))
            return _("Served in the last %(days)d days") % {"days": days}
        return str(self.name)


_ALIVE = Q(line_rank=1, line_dead=False)
_HERE = _ALIVE & Q(line_moved=False)
_REGISTERED = _HERE & Q(line_registered=True)
STEPS: dict[str, Step] = {
    step.key: step
    for step in (
        Step("certificates", gettext_lazy("Certificates in force"), Q(), None),
        Step(
            "people",
            gettext_lazy("Distinct living people"),
            _ALIVE,
            Q(line_rank__gt=1) | Q(line_dead=True),
        ),
        Step("here", gettext_lazy("Living here"), _HERE, _ALIVE & Q(line_moved=True)),
        Step(
            "registered",
            gettext_lazy("Registered"),
            _REGISTERED,
            _HERE & Q(line_registered=False),
        ),
        Step(
            "served",
            gettext_lazy("Served"),
            _REGISTERED & Q(line_served=True),
            _REGISTERED & Q(line_served=False),
        ),
    )
}


def lines(area_code: str, on: date) -> QuerySet[Certificate]:
    """The certificates in force on ``on`` of those who stood at or below the area, classified.

    Of a person's certificates the highest stands for the person (``line_rank`` 1); entries merged
    into one person are one person.
    """
    rows = Certificate.objects.in_force(on).filter(_stood(area_code, on))
    return _classified(rows.annotate(line_person=_person_of("instructor__person")), on)


def _stood(area_code: str, on: date) -> Q:
    """Instructors who stood in the area on the day; whose entry had ended, where it was last."""
    begun = InstructorPlace.objects.filter(started_on__lte=on)
    later = begun.filter(
        Q(started_on__gt=OuterRef("started_on"))
        | Q(started_on=OuterRef("started_on"), pk__gt=OuterRef("pk")),
        instructor=OuterRef("instructor"),
    )
    there = begun.within(area_code).filter(~Exists(later)).values("instructor")
    nowhere = Q(~Exists(begun.filter(instructor=OuterRef("instructor"))))
    own = within_q([area_code], "instructor__area_code")
    return Q(instructor__in=there) | (own & nowhere)


def _classified(rows: Any, on: date) -> QuerySet[Certificate]:
    rank = Window(
        RowNumber(),
        partition_by=F("line_person"),
        order_by=[
            F("instructor_level").asc(),
            # The surviving entry stands for the person before those merged into it.
            F(_MERGED).asc(nulls_first=True),
            F("granted_on").desc(),
            F("pk").asc(),
        ],
    )
    rows = _dated(rows)
    return rows.annotate(
        line_dead=_holds(Q(line_died__isnull=False, line_died__lte=on)),
        line_moved=_holds(Q(line_moved_on__isnull=False, line_moved_on__lte=on)),
        line_registered=_holds(_registered(on)),
        line_served=_holds(_served(on)),
        line_rank=rank,
    )


def _dated(rows: Any) -> Any:
    return rows.annotate(
        line_died=_of_the_person("died_on"), line_moved_on=_of_the_person("moved_away_on")
    )


def _of_the_person(name: str) -> Any:
    """A field of the entry that stands for the person."""
    person = "instructor__person"
    return Case(
        When(**{f"{_FIRST}__isnull": False}, then=F(f"{person}__merged_into__merged_into__{name}")),
        When(**{f"{_MERGED}__isnull": False}, then=F(f"{person}__merged_into__{name}")),
        default=F(f"{person}__{name}"),
    )


def _holds(condition: Q) -> Any:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _registered(on: date) -> Q:
    """Somebody whose person is this one is registered for the year, by that day."""
    year = Registration.objects.filter(year=on.year, registered_on__lte=on)
    people = year.annotate(whose=_person_of("instructor__person")).values("whose")
    return Q(line_person__in=people)


def _served(on: date) -> Q:
    span = Span(on - timedelta(days=int(value_of(SERVED_DAYS, on))), on)
    entered = entered_in(span).annotate(whose=_person_of("instructor__person")).values("whose")
    served = Q(line_person__in=entered)
    for led, rows in led_in(span):
        served |= Q(Exists(rows.filter(**{led.person: OuterRef("line_person")})))
        merged = rows.filter(**{f"{led.person}__merged_into__isnull": False})
        served |= Q(line_person__in=merged.annotate(whose=_person_of(led.person)).values("whose"))
    return served


def _person_of(path: str) -> Any:
    return Coalesce(
        F(f"{path}__merged_into__merged_into_id"), F(f"{path}__merged_into_id"), F(f"{path}_id")
    )


def keys_of(area_code: str, on: date, step: Step, *, lost: bool = False) -> QuerySet[Any]:
    """The keys of the certificates behind a figure, or of those lost in coming to it, in order."""
    condition = step.lost if lost else step.rows
    rows = lines(area_code, on).filter(condition if condition is not None else Q(pk__in=[]))
    return rows.order_by("area_code", "instructor", "pk").values_list("pk", flat=True)


def shown(keys: Sequence[int], on: date) -> list[Any]:
    """Certificates with their people, and with what ``reasons`` and a list say of them."""
    places = InstructorPlace.objects.filter(instructor=OuterRef("instructor"), started_on__lte=on)
    rows = _dated(Certificate.objects.filter(pk__in=keys)).annotate(
        line_place=Coalesce(
            Subquery(places.order_by("-started_on", "-pk").values("area_code")[:1]),
            F("instructor__area_code"),
        )
    )
    found = {row.pk: row for row in rows.select_related("instructor__person__merged_into")}
    return [found[key] for key in keys]


@dataclass(frozen=True)
class Figure:
    """A step with its number, and how many were lost in coming to it."""

    step: Step
    title: str
    count: int
    lost: int


def figures(area_code: str, on: date) -> list[Figure]:
    """All steps in one query over the certificates."""
    counts = lines(area_code, on).aggregate(
        **{
            key: Count("pk", filter=step.rows) if step.rows else Count("pk")
            for key, step in STEPS.items()
        }
    )
    found: list[Figure] = []
    for key, step in STEPS.items():
        above = found[-1].count if found else counts[key]
        found.append(Figure(step, step.title(on), counts[key], above - counts[key]))
    return found


def reasons(step: Step, on: date) -> Callable[[Any], str]:
    """What says of a certificate or person why it is not among those of the step.

    The rule that it names is read once, for all of them.
    """
    if step.key == "people":
        return lambda line: _not_of_a_person(line, on)
    if step.key == "here":
        return lambda line: _("moved away on %(day)s") % {"day": written(line.line_moved_on)}
    if step.key == "registered":
        text = _("no registration for %(year)d") % {"year": on.year}
    else:
        days = int(value_of(SERVED_DAYS, on))
        text = _("no service in the %(days)d days before") % {"days": days}
    return lambda line: text


def _not_of_a_person(line: Any, on: date) -> str:
    if line.line_died is not None and line.line_died <= on:
        return _("died on %(day)s") % {"day": written(line.line_died)}
    if line.instructor.person.merged_into is not None:
        name = line.instructor.person.merged_into.name
        return _("a merged duplicate of %(name)s") % {"name": name}
    return _("one of several certificates")
