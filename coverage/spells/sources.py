"""Which spells each standing measure is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from coverage.spells import active, areas, people, places
from coverage.spells.active import active as active_ones
from coverage.spells.areas import Source
from coverage.spells.scope import Scope
from coverage.spells.stretches import Stretches
from grids.models import OrganisationKind
from grids.organisations import FEDERATED_LEVELS, ORGANISED_LEVELS
from instructors.models import InstructorLevel

# The fields of a spell, and their values.
SPELL = ("measure", "area_code", "subject", "started_on", "ended_on", "amount")
SpellRow = tuple[str, str, int, date, date | None, int]

_FITNESS = [OrganisationKind.FEDERATION, OrganisationKind.VILLAGE]

SOURCES: dict[str, Source] = {
    "villages": areas.villages,
    "population": areas.residents("population"),
    "households": areas.residents("households"),
    "required_grids": areas.required_grids,
    "counted_villages": areas.counted_villages,
    "villages_with_grids": areas.villages_with_grids,
    "grids": areas.grids,
    "led_grids": areas.led_grids,
    "vacant_leader_posts": areas.unled_grids,
    "active_grids": active.active_grids,
    "urban_grids": areas.urban_grids,
    "banded_grids": areas.banded_grids,
    "hobby_grids": areas.hobby_grids,
    "staffed_hobby_grids": areas.staffed_hobby_grids,
    "vacant_member_posts": areas.unstaffed_hobby_grids,
    "double_posts": areas.double_posts,
    "active_hobby_grids": active.active_hobby_grids,
    "instructors": people.places,
    "instructors_national": people.of_level(InstructorLevel.NATIONAL),
    "instructors_first": people.of_level(InstructorLevel.FIRST),
    "instructors_second": people.of_level(InstructorLevel.SECOND),
    "instructors_third": people.of_level(InstructorLevel.THIRD),
    "certified_instructors": people.certified,
    "registered_instructors": people.registered,
    "serving_instructors": people.serving,
    "to_be_federated": areas.divisions(FEDERATED_LEVELS),
    "federated": areas.with_organisation(FEDERATED_LEVELS, [OrganisationKind.FEDERATION]),
    "to_be_organised": areas.divisions(ORGANISED_LEVELS),
    "organised": areas.with_organisation(ORGANISED_LEVELS, _FITNESS),
    "stations": places.stations,
    "standard_stations": places.standard_stations,
    "station_area": places.station_area,
    "placed_villages": places.placed_villages,
    "near_villages": places.near_villages,
    "placed_households": places.placed_households,
    "households_500m": places.near_households(500),
    "households_1km": places.near_households(1000),
}


def recounted(scope: Scope) -> Iterator[SpellRow]:
    """The spells that the rows of the scope give today, for every standing measure."""
    lately = active_ones(scope)
    counted = {
        measure: lately[measure] if measure in lately else source(scope)
        for measure, source in SOURCES.items()
    }
    for measure, found in (*counted.items(), *areas.sports(scope).items()):
        yield from spell_rows(measure, found)


def spell_rows(measure: str, found: Stretches) -> Iterator[SpellRow]:
    """The stretches of a measure as rows."""
    for key, stretches in found.items():
        code, subject = key if isinstance(key, tuple) else (key, 0)
        for start, end, amount in stretches:
            yield measure, code, subject, start, end, amount
