"""Whom a row means: by the certificate's number, or else by the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import written
from grids.resources.common import (
    parts,
)
from grids.resources.persons import (
    check_same_identity,
    find_people,
)
from instructors.models import (
    Certificate,
)
from instructors.resources.entries import Entry, entries_of, instructors_of
from jiaozuo_grid.reach import Actor, reach_of
from jiaozuo_grid.spreadsheets.sheet import Row


def find(actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
    """By the certificate's number, or else by the person."""
    people = find_people(actor, rows)
    numbered = _numbered(actor, rows)
    teaching = instructors_of(people.values())
    wanted = {one.pk: one for one in teaching.values()}
    wanted |= {one.instructor.pk: one.instructor for one in numbered.values() if one}
    ordered = list(wanted.values())
    entries = dict(zip((one.pk for one in ordered), entries_of(ordered), strict=True))
    found: dict[int, Any] = {}
    for row in rows:
        person, certificate = people.get(row.number), numbered.get(row["number"])
        if row["number"] in numbered:
            entry = _by_number(row, person, certificate, entries)
        elif person is not None:
            known = teaching.get(person.pk)
            entry = entries[known.pk] if known else Entry(person)
        else:
            continue
        if entry is not None:
            found[row.number] = entry
    check_same_identity(rows, {number: one.person for number, one in found.items()})
    return found


def _numbered(actor: Actor, rows: Sequence[Row]) -> dict[str, Certificate | None]:
    """The certificates by number; None for those that the actor cannot change."""
    known: dict[str, Certificate | None] = {}
    reach = reach_of(actor)
    for part in parts(sorted({row["number"] for row in rows if row["number"]})):
        there = Certificate.objects.filter(number__in=part)
        for one in there.select_related("instructor__person"):
            allowed = reach.allows("change instructors.certificate", one.area_code)
            known[one.number] = one if allowed else None
    return known


def _by_number(
    row: Row,
    person: Person | None,
    certificate: Certificate | None,
    entries: dict[int, Entry],
) -> Entry | None:
    if certificate is None:
        _number_used(row, "")
        return None
    holder = certificate.instructor.person
    alike = _alike(row, certificate)
    if (person is not None and person.pk != holder.pk) or (person is None and not alike):
        _number_used(row, holder.name)
        return None
    if certificate.revoked_on is not None:
        row.fault(
            "number",
            "revoked",
            _("This certificate was revoked on %(day)s.")
            % {"day": written(certificate.revoked_on)},
            _("Take the row out, or enter the certificate in force."),
        )
        return None
    entry = entries[certificate.instructor_id]
    entry.certificate = certificate
    return entry


def _alike(row: Row, certificate: Certificate) -> bool:
    """Whether the row, in which nobody is recognised, may be about the certificate's holder.

    A namesake whose number was mistyped is not: the birthday speaks against it, or the phone while
    the paper itself does not agree.
    """
    holder = certificate.instructor.person
    phone, born_on = row["phone"], row["born_on"]
    if row["name"] not in (None, holder.name):
        return bool(phone == holder.phone or born_on == holder.born_on is not None)
    if born_on and holder.born_on and born_on != holder.born_on:
        return False
    paper = (certificate.instructor_level, certificate.granted_on)
    other_phone = bool(phone and holder.phone and phone != holder.phone)
    return not other_phone or (row["level"], row["granted_on"]) == paper


def _number_used(row: Row, name: str) -> None:
    cause = (
        _("This certificate number is used already: %(name)s.") % {"name": name}
        if name
        else _("This certificate number is used already.")
    )
    row.fault("number", "number_used", cause, _("Compare the number with the certificate."))
