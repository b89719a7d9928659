"""Which codes are to be recounted when something that stands changed at some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from coverage.models import NearStation, StaleMark
from coverage.near import refresh_near
from coverage.spells.areas import WORKING_ROLES
from grids.models import Appointment
from instructors.models import InstructorPlace
from jiaozuo_grid.area import Level
from stations.models import StationPlace


def leaves_of(code: str) -> list[str]:
    """The codes whose spells a change at ``code`` may change: its village, its grid, itself."""
    return [code[:n] for n in (Level.VILLAGE, Level.GRID) if n < len(code)] + [code]


def people_in(marks: Iterable[StaleMark]) -> set[int]:
    """The people whom marks are about."""
    about = (mark.about.split() for mark in marks)
    return {int(words[1]) for words in about if len(words) == 2 and words[0] == "person"}


def standing_leaves(codes: Collection[str], people: Collection[int]) -> set[str]:
    """All codes to recount where something standing changed at ``codes``, or about ``people``.

    Who or what moved has places at several codes; a station matters to the villages near it.
    """
    found = {leaf for code in codes for leaf in leaves_of(code)}
    found |= _other_places(InstructorPlace, "instructor", codes)
    found |= _other_places(StationPlace, "station", codes)
    if people:
        posts = Appointment.objects.filter(person__in=people, role__in=WORKING_ROLES)
        found |= set(posts.order_by().values_list("area_code", flat=True))
    return found | refresh_near(found)


def _other_places(model: Any, owner: str, codes: Collection[str]) -> set[str]:
    there = model.objects.filter(area_code__in=codes).order_by().values(owner)
    rows = model.objects.filter(**{f"{owner}__in": there}).order_by()
    return set(rows.values_list("area_code", flat=True))


def mark_what_rules_judge(marks: Iterable[StaleMark]) -> None:
    """A rule is asked of every station: each is marked, and folded in its turn."""
    if any(mark.about.startswith("rule ") for mark in marks):
        codes = StationPlace.objects.order_by().values_list("area_code", flat=True).distinct()
        StaleMark.objects.bulk_create(
            (StaleMark(area_code=code) for code in codes), batch_size=1000
        )


def codes_affected(marks: Collection[StaleMark]) -> set[str]:
    """The codes of which waiting marks tell that their figures may lack something."""
    codes = {mark.area_code for mark in marks}
    found = {leaf for code in codes for leaf in leaves_of(code)}
    found |= _other_places(InstructorPlace, "instructor", found)
    found |= _other_places(StationPlace, "station", found)
    people = people_in(marks)
    if people:
        posts = Appointment.objects.filter(person__in=people, role__in=WORKING_ROLES)
        places = InstructorPlace.objects.filter(instructor__person__in=people)
        found |= set(posts.order_by().values_list("area_code", flat=True))
        found |= set(places.order_by().values_list("area_code", flat=True))
    if any(mark.about.startswith("rule ") for mark in marks):
        found |= set(StationPlace.objects.order_by().values_list("area_code", flat=True))
    near = NearStation.objects.filter(Q(station_code__in=found) | Q(village_code__in=found))
    return found | set(near.values_list("village_code", flat=True))
