"""What can be wrong with the row of an instructor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from grids.actions.ground import written
from grids.people import person_of
from grids.resources.common import check_areas, outside, parts
from grids.resources.persons import (
    CHANGE_PERSON,
    FIELDS,
    check_answerable,
    check_identities,
)
from instructors.actions.certificates import owed_promotions, promotion_leads
from instructors.models import (
    InstructorLevel,
    Promotion,
)
from instructors.resources.entries import Entry, place_of
from jiaozuo_grid.reach import Actor, reach_of
from jiaozuo_grid.spreadsheets.sheet import Change, Row

CHANGE_INSTRUCTOR = "change instructors.instructor"
RIGHTS = (
    CHANGE_INSTRUCTOR,
    CHANGE_PERSON,
    "change instructors.certificate",
    "change instructors.registration",
)
OF_AGE = 18
# What others decide about an instructor.
DECIDED = ("number", "granted_on", "granted_by", "years")
# From this level on the province or the General Administration grants, so it must be said who did.
SAID_BY_WHOM = InstructorLevel.FIRST


def check(actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
    check_identities(rows)
    standing = {number: place_of(entry) for number, entry in found.items()}
    check_areas(actor, rows, "area_code", RIGHTS, standing)
    for row in rows:
        entry = found.get(row.number)
        _check_whole(row, entry)
        _check_age(row, entry)
        _check_years(row, entry)
        if entry is None and row["level"] is not None:
            _check_may_grant(actor, row, row["area_code"])


def check_changes(actor: Actor, changed: Sequence[Change]) -> None:
    people = [one for one in changed if {*one.changes} & {*FIELDS, "id_number"}]
    check_answerable(actor, [(one.row, one.stored.person) for one in people])
    promoted = _under_way(changed)
    owed = owed_promotions(_raised(changed))
    me, reach = person_of(actor), reach_of(actor)
    for one in changed:
        row, entry = one.row, one.stored
        _check_standing(row, entry)
        if entry.instructor and not reach.allows(CHANGE_INSTRUCTOR, entry.instructor.area_code):
            outside(row, "name")
        decided = [key for key in DECIDED if key in one.changes]
        if entry.person.pk == me and (decided or entry.instructor is None):
            row.fault(
                "level" if "number" in decided else (*decided, "name")[0],
                "self",
                _("Nobody decides about their own grade. Ask a colleague."),
                _("Take the row out."),
            )
        if "number" in one.changes:
            _check_may_grant(actor, row, one["area_code"] or place_of(entry) or row["area_code"])
            _check_order(row, entry)
            if (entry.instructor and entry.instructor.pk, row["level"]) in promoted:
                row.fault(
                    "level",
                    "promotion",
                    _("A promotion to this level is under way."),
                    _("Decide about it, or withdraw it first."),
                )
            elif entry.instructor and entry.instructor.pk in owed:
                row.fault(
                    "granted_on",
                    "by_promotion",
                    promotion_leads(owed[entry.instructor.pk]),
                    _("Take the row out, and nominate this instructor."),
                )
        elif "level" in one.changes:
            row.fault(
                "level",
                "level_differs",
                _("This certificate is entered with another level."),
                _("Correct the level or the number; a wrong certificate is revoked."),
            )
        elif {"granted_on", "granted_by"} & {*decided}:
            _check_correction(actor, one, decided[0])


def _check_whole(row: Row, entry: Entry | None) -> None:
    """Number, level and day of a new certificate belong together."""
    known = entry is not None and entry.certificate is not None
    if known and row["number"] in (None, entry.certificate.number):  # type: ignore[union-attr]
        return
    names = {"number": _("number"), "level": _("level"), "granted_on": _("day of the grant")}
    given = [key for key in names if row.shown(key)]
    if not given:
        return
    for key, name in names.items():
        if key not in given:
            row.fault(
                key,
                "incomplete",
                _("The %(name)s of the certificate is missing.") % {"name": name},
                _("Number, level and day belong together: fill all three or none."),
            )
    level = row["level"]
    if level is not None and level <= SAID_BY_WHOM and not row.shown("granted_by"):
        row.fault(
            "granted_by",
            "by_whom",
            _("It is not said who granted the certificate."),
            _("Enter the body that granted it: the city records its decision."),
        )


def _check_age(row: Row, entry: Entry | None) -> None:
    identity, granted_on = row["id_number"], row["granted_on"]
    born_on = row["born_on"] or (identity.born_on if identity else None)
    if born_on is None and entry is not None:
        born_on = entry.person.born_on
    if granted_on and born_on and granted_on.year - born_on.year < OF_AGE:
        row.fault(
            "granted_on",
            "under_age",
            _("Instructors are of full age on this day (18)."),
            _("Correct the day of the grant or the date of birth."),
        )


def _check_years(row: Row, entry: Entry | None) -> None:
    """No registration before the first certificate."""
    known = entry.years if entry else ()
    added = [year for year in row["years"] or () if year not in known]
    first: date | None = None
    if entry is not None and entry.instructor is not None and entry.certificates:
        first = entry.instructor.started_on
        if row["granted_on"]:
            first = min(first, row["granted_on"])
    elif row["level"] == InstructorLevel.THIRD:
        first = row["granted_on"]
    if first is not None and added and min(added) < first.year:
        row.fault(
            "years",
            "before_grant",
            _("The first certificate was granted after %(year)d.") % {"year": min(added)},
            _("Correct the year, or the day of the grant."),
        )
    if added and not row.shown("number") and not (entry and entry.certificates):
        row.fault(
            "years",
            "no_certificate",
            _("Who holds no certificate is not registered."),
            _("Enter the certificate, or take the years out."),
        )


def _check_may_grant(actor: Actor, row: Row, area_code: str | None) -> None:
    level = row["level"]
    if level is None or area_code is None:
        return
    reach = reach_of(actor)
    if reach.allows(CHANGE_INSTRUCTOR, area_code) and not reach.allows(
        f"approve level {level}", area_code
    ):
        _may_not_grant(row, "level")


def _may_not_grant(row: Row, key: str) -> None:
    row.fault(
        key,
        "may_not_grant",
        _("Certificates of this level are not entered by your office."),
        _("Take the row out and send it to the office above you."),
    )


def _check_correction(actor: Actor, one: Change, key: str) -> None:
    """Who may not grant a level does not move the day or the body of its certificates either."""
    row, entry, reach = one.row, one.stored, reach_of(actor)
    certificate = entry.certificate
    if certificate is None:
        return
    right = f"approve level {certificate.instructor_level}"
    if not reach.allows(right, certificate.area_code):
        _may_not_grant(row, key)
    held = {one.instructor_level: one.granted_on for one in entry.certificates}
    if "granted_on" in one.changes:
        _check_day(row, certificate.instructor_level, held)


def _check_order(row: Row, entry: Entry) -> None:
    """No level skipped, none twice, each granted after the one below."""
    level, granted_on = row["level"], row["granted_on"]
    held = {one.instructor_level: one.granted_on for one in entry.certificates}
    if level is None or granted_on is None or entry.instructor is None:
        return
    # Who is in the books without a certificate begins at the lowest level, as on the page.
    highest = min(held) if held else InstructorLevel.THIRD + 1
    if level in held:
        row.fault(
            "level",
            "level_held",
            _("A certificate of this level is in force, with another number."),
            _("Correct the number, or revoke the old certificate first."),
        )
    elif level < highest - 1:
        row.fault(
            "level",
            "level_skipped",
            _("No level is skipped: the next one is the %(level)s.")
            % {"level": InstructorLevel(highest - 1).label},
            _("Enter the certificate in between first."),
        )
    else:
        _check_day(row, level, held)


def _check_day(row: Row, level: int, held: Mapping[int, date]) -> None:
    day = row["granted_on"]
    if any(
        (other > level and day < other_day) or (other < level and day > other_day)
        for other, other_day in held.items()
    ):
        row.fault(
            "granted_on",
            "level_order",
            _("Higher levels are granted after lower ones."),
            _("Correct the day of the grant or the level."),
        )


def _check_standing(row: Row, entry: Entry) -> None:
    person, instructor = entry.person, entry.instructor
    cause = ""
    if person.died_on:
        cause = _("This person died on %(day)s.") % {"day": written(person.died_on)}
    elif person.moved_away_on:
        cause = _("This person moved away on %(day)s.") % {"day": written(person.moved_away_on)}
    elif instructor is not None and instructor.ended_on:
        text = _("This instructor's entry ended on %(day)s. Take it up again first.")
        cause = text % {"day": written(instructor.ended_on)}
    if cause:
        row.fault("name", "not_standing", cause, _("Take the row out."))


def _raised(changed: Sequence[Change]) -> dict[int, tuple[int, date]]:
    """(level, day) of the new certificates that lead to the next level, by instructor."""
    return {
        one.stored.instructor.pk: (one.row["level"], one.row["granted_on"])
        for one in changed
        if "number" in one.changes
        and one.stored.instructor
        and one.row["level"] == one.stored.instructor.next_level
        and one.row["granted_on"]
    }


def _under_way(changed: Sequence[Change]) -> set[tuple[int, int]]:
    """(instructor, level) of the promotions under way."""
    keys = [
        one.stored.instructor.pk
        for one in changed
        if "number" in one.changes and one.stored.instructor
    ]
    found: set[tuple[int, int]] = set()
    for part in parts(keys):
        rows = Promotion.objects.open().filter(instructor__in=part)
        found.update(rows.values_list("instructor", "to_level"))
    return found
