"""Writing what rows say of instructors, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from accounts.models import Person
from grids.places import settle
from grids.resources.common import (
    parts,
)
from grids.resources.persons import (
    keep_people,
    new_person,
)
from grids.writing import keep_changed, keep_many_to_many, keep_new
from instructors.actions.ground import FOLLOWERS, resume_place
from instructors.models import (
    Certificate,
    Instructor,
    InstructorPlace,
    Registration,
)
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.sheet import Change, Row


def apply(actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
    people = keep_new(actor, [new_person(row, row["area_code"]) for row in new], "enter person")
    known = [one for one in changed if one.stored.instructor]
    keep_people(actor, [(one.row, one.stored.person) for one in changed])
    fresh = [one for one in changed if not one.stored.instructor]
    _enter(
        actor,
        [
            *zip(new, people, strict=True),
            *((one.row, one.stored.person) for one in fresh),
        ],
    )
    _change(actor, known)


def _enter(actor: Actor, pairs: Sequence[tuple[Row, Person]]) -> None:
    """New instructors, of people who are entered."""
    rows = [row for row, _person in pairs]
    instructors = keep_new(
        actor,
        [
            Instructor(
                person=person,
                area_code=row["area_code"],
                instructor_level=row["level"],
                started_on=row["granted_on"] or today(),
            )
            for row, person in pairs
        ],
        "enter instructor",
    )
    settle(actor, instructors)
    both = list(zip(rows, instructors, strict=True))
    _grant(actor, both)
    keep_many_to_many(actor, {one: row["sports"] for row, one in both if row["sports"]}, "sports")
    _register(actor, [(one, row["years"] or ()) for row, one in both])


def _grant(actor: Actor, pairs: Iterable[tuple[Row, Instructor]]) -> None:
    certificates = [
        Certificate(
            instructor=instructor,
            area_code=instructor.area_code,
            instructor_level=row["level"],
            number=row["number"],
            granted_on=row["granted_on"],
            granted_by=row["granted_by"] or "",
        )
        for row, instructor in pairs
        if row["number"]
    ]
    keep_new(actor, certificates, "grant certificate")


def _register(actor: Actor, wanted: Iterable[tuple[Instructor, Iterable[int]]]) -> None:
    registrations = [
        Registration(
            instructor=instructor,
            area_code=instructor.area_code,
            year=year,
            # The sheet does not say on which day; it was in that year.
            registered_on=min(today(), date(year, 12, 31)),
        )
        for instructor, years in wanted
        for year in years
    ]
    keep_new(actor, registrations, "register instructor")


def _change(actor: Actor, changed: Sequence[Change]) -> None:
    moved, edited, granted, corrected = [], [], [], []
    resumed = _granted_anew(changed)
    for one in changed:
        entry, instructor = one.stored, one.stored.instructor
        before = (instructor.area_code, instructor.instructor_level, instructor.started_on)
        if "area_code" in one.changes:
            instructor.area_code = one["area_code"]
            moved.append(instructor)
        if "number" in one.changes:
            granted.append((one.row, instructor))
            _raise_level(instructor, one.row, begun=instructor.pk in resumed)
        elif {"granted_on", "granted_by"} & {*one.changes}:
            corrected.append(_corrected(entry.certificate, one))
        after = (instructor.area_code, instructor.instructor_level, instructor.started_on)
        if before != after:
            edited.append(instructor)
    keep_changed(actor, edited, ["area_code", "instructor_level", "started_on"], "edit")
    settle(actor, [one for one in edited if one.pk not in resumed])
    for one in edited:
        if one.pk in resumed:
            resume_place(actor, one, resumed[one.pk])
    keep_changed(actor, corrected, ["granted_on", "granted_by"], "edit")
    _carry(actor, moved)
    _grant(actor, granted)
    sports = {one.stored.instructor: one["sports"] for one in changed if one["sports"]}
    keep_many_to_many(actor, sports, "sports")
    _register(
        actor,
        [
            (one.stored.instructor, sorted({*one["years"]} - {*one.stored.years}))
            for one in changed
            if one["years"]
        ],
    )


def _carry(actor: Actor, moved: Sequence[Instructor]) -> None:
    """Give what belongs to instructors their new area code, so that it is found with them."""
    codes = {one.pk: one.area_code for one in moved}
    for model in FOLLOWERS:
        for part in parts(codes):
            rows = list(model.objects.filter(instructor__in=part))
            for row in rows:
                row.area_code = codes[row.instructor_id]
            keep_changed(actor, rows, ["area_code"], "place")


def _granted_anew(changed: Sequence[Change]) -> dict[int, date]:
    """The day of the new certificate of those who lost theirs and were taken up again.

    They served here before, and in between they did not: their place begins anew.
    """
    granted = {
        one.stored.instructor.pk: one.row["granted_on"]
        for one in changed
        if "number" in one.changes and one.stored.instructor.instructor_level is None
    }
    begun: set[int] = set()
    for part in parts(granted):
        places = InstructorPlace.objects.filter(instructor__in=part)
        begun.update(places.values_list("instructor", flat=True))
    return {key: day for key, day in granted.items() if key in begun}


def _raise_level(instructor: Instructor, row: Row, *, begun: bool) -> None:
    if instructor.instructor_level is None:
        first, level = row["granted_on"], row["level"]
        instructor.started_on = min(instructor.started_on, first) if begun else first
        instructor.instructor_level = level
    else:
        instructor.instructor_level = min(instructor.instructor_level, row["level"])


def _corrected(certificate: Certificate, change: Change) -> Certificate:
    for key in ("granted_on", "granted_by"):
        if key in change.changes:
            setattr(certificate, key, change[key])
    return certificate
