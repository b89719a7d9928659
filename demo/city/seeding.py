"""Seed the whole city, from the same numbers the same city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import Person
from coverage.recount import rebuild
from demo.accounts import make_accounts
from demo.city import words
from demo.city.groups import Group, grids_of, hobby_grids_of, sports, staff
from demo.city.held import Held
from demo.city.places import CITY, Place, settle
from demo.city.scales import Scale, beginning
from demo.city.storing import store, stored
from grids.models import Division, Grid, HobbyGrid
from instructors.models import Instructor, InstructorLevel
from jiaozuo_grid.reach import SYSTEM
from stations.models import Station, StationKind

Say = Callable[[str], None]


@transaction.atomic
def seed(scale: Scale, seed_number: int, today: date, file: Path | None, say: Say) -> None:
    """Fill an empty database; all or nothing."""
    rng = Random(seed_number)  # noqa: S311  (a toy city, not a secret)
    since = beginning(today)
    places = settle(scale, rng, since, file)
    say(f"{Division.objects.count():,} divisions")
    grids = [grid for place in places for grid in grids_of(place, rng, since, today)]
    store(Grid, grids)
    kinds = sports()
    groups = [
        group
        for grid in grids
        for group in hobby_grids_of(
            grid, kinds, scale, words.ZEAL.get(grid.area_code[:6], 1.0), rng, today
        )
    ]
    store(HobbyGrid, [group.row for group in groups])
    say(f"{len(grids):,} grids, {len(groups):,} hobby grids")
    staff(grids, groups, rng, today)
    _instructors(places, scale.instructors, rng, since, today)
    store(Station, _stations(places, scale.stations, rng, since, today))
    say(f"{scale.instructors:,} instructors, {scale.stations:,} stations")
    _log_and_count(groups, rng, today, scale.sessions, say)


def _log_and_count(groups: list[Group], rng: Random, today: date, sessions: int, say: Say) -> None:
    held = Held(groups, rng, today, sessions)
    say(f"{held.write():,} sessions")
    make_accounts(groups, rng)
    record(SYSTEM, "seed", area_code=CITY)
    rebuild()
    say("tallies counted")


def _weighted(places: list[Place], count: int, rng: Random) -> list[Place]:
    weights = [place.population * place.zeal for place in places]
    return rng.choices(places, weights, k=count)


def _instructors(places: list[Place], count: int, rng: Random, since: date, today: date) -> None:
    chosen = _weighted(places, count, rng)
    people = stored(
        [
            Person(name=words.person_name(rng), phone=words.mobile(rng), area_code=place.code)
            for place in chosen
        ]
    )
    span = (today - since).days
    levels = rng.choices(InstructorLevel.values, (66, 25, 8, 1), k=count)
    store(
        Instructor,
        (
            Instructor(
                person=person,
                area_code=person.area_code,
                instructor_level=level,
                started_on=since + timedelta(days=max(0, rng.randrange(-span, span - 60))),
                ended_on=today - timedelta(days=rng.randrange(30)) if rng.random() < 0.01 else None,
            )
            for person, level in zip(people, levels, strict=True)
        ),
    )


def _stations(
    places: list[Place], count: int, rng: Random, since: date, today: date
) -> list[Station]:
    spots: dict[str, Any] = {
        code: (longitude, latitude)
        for code, longitude, latitude in Division.objects.values_list(
            "area_code", "longitude", "latitude"
        )
    }
    found = []
    for number, place in enumerate(_weighted(places, count, rng), 1):
        morning = rng.random() < 0.4
        started = since + timedelta(days=max(0, rng.randrange(-400, (today - since).days)))
        longitude, latitude = spots[place.code]
        found.append(
            Station(
                area_code=place.code,
                name=f"{rng.choice(words.PLACES)}{'晨晚练点' if morning else '健身站'}{number}",
                kind=StationKind.EXERCISE_POINT if morning else StationKind.STATION,
                longitude=round(longitude + rng.uniform(-0.004, 0.004), 5),
                latitude=round(latitude + rng.uniform(-0.004, 0.004), 5),
                started_on=started,
            )
        )
    return found
