"""What stands of a person: perhaps an instructor, perhaps with a certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Person
from grids.resources.common import (
    parts,
)
from grids.resources.persons import (
    person_values,
)
from instructors.models import (
    Certificate,
    Instructor,
    Registration,
)


@dataclass
class Entry:
    """What stands of a person: perhaps an instructor, perhaps with a certificate."""

    person: Person
    instructor: Instructor | None = None
    # Those not revoked, the highest first.
    certificates: list[Certificate] = field(default_factory=list)
    # The one that the row is about.
    certificate: Certificate | None = None
    years: tuple[int, ...] = ()
    sports: tuple[int, ...] = ()

    def __str__(self) -> str:
        return self.person.name

    @property
    def pk(self) -> str:
        instructor = self.instructor.pk if self.instructor else ""
        return f"{self.person.pk}/{instructor}"


def entries_of(instructors: Sequence[Instructor]) -> list[Entry]:
    """The instructors (with their people loaded) with what belongs to them, in three queries."""
    keys = [row.pk for row in instructors]
    certificates: dict[int, list[Certificate]] = defaultdict(list)
    years: dict[int, list[int]] = defaultdict(list)
    sports: dict[int, list[int]] = defaultdict(list)
    through: Any = Instructor.sports.through
    for part in parts(keys):
        held = Certificate.objects.filter(instructor__in=part, revoked_on__isnull=True)
        for one in held.order_by("instructor_level", "-granted_on", "pk"):
            certificates[one.instructor_id].append(one)
        registered = Registration.objects.filter(instructor__in=part)
        for key, year in registered.values_list("instructor", "year"):
            years[key].append(year)
        taught = through._default_manager.filter(instructor__in=part)
        for key, sport in taught.values_list("instructor", "sport"):
            sports[key].append(sport)
    return [
        Entry(
            row.person,
            row,
            certificates[row.pk],
            next(iter(certificates[row.pk]), None),
            tuple(sorted(years[row.pk])),
            tuple(sorted(sports[row.pk])),
        )
        for row in instructors
    ]


def values_of(entry: Entry) -> dict[str, Any]:
    certificate = entry.certificate
    values = {
        **person_values(entry.person),
        "area_code": place_of(entry),
        "sports": entry.sports,
        "years": entry.years,
        "level": None,
        "number": None,
        "granted_on": None,
        "granted_by": None,
    }
    if certificate is not None:
        values |= {
            "level": certificate.instructor_level,
            "number": certificate.number,
            "granted_on": certificate.granted_on,
            "granted_by": certificate.granted_by,
        }
    return values


def place_of(entry: Entry) -> str | None:
    return entry.instructor.area_code if entry.instructor else None


def instructors_of(people: Iterable[Person]) -> dict[int, Instructor]:
    """The instructors of people, by the person's key."""
    found: dict[int, Instructor] = {}
    for part in parts(sorted({person.pk for person in people})):
        for one in Instructor.objects.filter(person__in=part).select_related("person"):
            found[one.person_id] = one
    return found
