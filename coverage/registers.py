"""What the yearly form asks of the registers themselves and no measure counts.

Frozen with each edition of a month: what is entered into a register later changes no form of a
month that was reported.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import Substr

from grids.models import Organisation
from grids.models.organisations import OrganisationKind
from instructors.models import Certificate, InstructorLevel
from jiaozuo_grid.area import child_digits

# {area code: {key: number}}
Registers = dict[str, dict[str, int]]


def granted_key(level: InstructorLevel) -> str:
    return f"granted_{level.name.lower()}"


def organisations_key(kind: OrganisationKind) -> str:
    return f"organisations_{kind.value}"


def registers_of(area_code: str, on: date) -> Registers:
    """Of a division and what lies one level below it, in two queries: certificates granted in the
    day's year until the day, by level, and organisations on the day, by kind.

    An area that is not named has none.
    """
    granted = Certificate.objects.filter(granted_on__gte=on.replace(month=1, day=1))
    found: Registers = defaultdict(empty)
    levels = {level.value: granted_key(level) for level in InstructorLevel}
    kinds = {kind.value: organisations_key(kind) for kind in OrganisationKind}
    _add(found, area_code, granted.filter(granted_on__lte=on), "instructor_level", levels)
    _add(found, area_code, Organisation.objects.on(on), "kind", kinds)
    return found


def empty() -> dict[str, int]:
    keys = [granted_key(level) for level in InstructorLevel]
    keys += [organisations_key(kind) for kind in OrganisationKind]
    return dict.fromkeys(keys, 0)


def _add(found: Registers, area_code: str, rows: Any, field: str, keys: dict[Any, str]) -> None:
    below = child_digits(area_code) or len(area_code)
    grouped = rows.within(area_code).order_by().annotate(up=Substr("area_code", 1, below))
    for up, value, number in grouped.values_list("up", field).annotate(n=Count("pk")):
        if value in keys:
            for code in {up, area_code}:
                found[code][keys[value]] += number
