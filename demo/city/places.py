"""Divisions of the demo city with their residents and schematic outlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from demo.city import outlines, words
from demo.city.scales import Scale
from demo.city.storing import store
from grids.divisions.importing import import_divisions
from grids.models import Division, Outline, ResidentCount
from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import SYSTEM

CITY = "4108"
# Of communities and of villages: households, people a household, as means.
URBAN, RURAL = (1_550, 2.8), (430, 3.2)


@dataclass(frozen=True)
class Place:
    """A village or community, with what the seeder knows of it (even where the bureau does not)."""

    code: str
    community: bool
    households: int
    population: int
    villager_groups: int

    @property
    def zeal(self) -> float:
        return words.ZEAL.get(self.code[: Level.COUNTY], 1.0)


def invented(scale: Scale, rng: Random, since: date) -> list[Division]:
    """The city, its counties, and townships and villages that exist nowhere."""
    rows = [Division(area_code=CITY, name="焦作市", started_on=since)]
    for county, name, _longitude, _latitude in words.SEATS[: scale.counties]:
        rows.append(Division(area_code=county, name=name, started_on=since))
        urban = county[4] == "0" or county == "410811"
        towns = rng.sample(words.TOWNS, scale.townships)
        for number, town in enumerate(towns):
            rows += _township(county, town, number, urban, scale.villages, rng, since)
    return rows


def _township(
    county: str, town: str, number: int, urban: bool, villages: int, rng: Random, since: date
) -> list[Division]:
    street = urban or number == 0
    kind, first = ("街道", 1) if street else (("镇", 100) if number % 3 else ("乡", 200))
    code = f"{county}{first + number:03d}"
    rows = [Division(area_code=code, name=town + kind, started_on=since)]
    used: set[str] = set()
    names = rng.sample(words.COMMUNITIES, min(villages, len(words.COMMUNITIES)))
    for n in range(villages):
        if street and (urban or n % 2 == 0):
            rows.append(
                Division(area_code=f"{code}{n + 1:03d}", name=f"{names[n]}社区", started_on=since)
            )
        else:
            name = words.village_name(rng, used)
            rows.append(Division(area_code=f"{code}{n + 201:03d}", name=name, started_on=since))
    return rows


def settle(scale: Scale, rng: Random, since: date, file: Path | None) -> list[Place]:
    """Write the divisions, their residents and outlines; returns the villages."""
    if file is None:
        rows = invented(scale, rng, since)
        drawn = _draw(rows, rng)
        store(Division, rows)
    else:
        import_divisions(SYSTEM, file.read_bytes(), on=since)
        rows = list(Division.objects.order_by("area_code"))
        drawn = _draw(rows, rng)
        Division.objects.bulk_update(rows, ["longitude", "latitude"], batch_size=500)
    store(Outline, drawn)
    places = [_place(row, rng) for row in rows if len(row.area_code) == Level.VILLAGE]
    store(ResidentCount, _counts(places, rng, since))
    return places


def _place(village: Division, rng: Random) -> Place:
    households, size = URBAN if village.is_community else RURAL
    count = max(40, round(rng.gauss(households, households * 0.3)))
    people = round(count * rng.gauss(size, 0.15))
    return Place(village.area_code, village.is_community, count, people, max(2, round(count / 62)))


def _counts(places: list[Place], rng: Random, since: date) -> list[ResidentCount]:
    """What the bureau knows: nothing of some villages, of others a count that was renewed."""
    rows = []
    for place in places:
        if rng.random() < (0.03 if place.zeal > 1 else 0.08):
            continue
        renewed = since.replace(year=since.year + 1) if rng.random() < 0.3 else None
        rows.append(_count(place, since, renewed, rng.uniform(0.97, 1.03) if renewed else 1))
        if renewed:
            rows.append(_count(place, renewed, None, 1))
    return rows


def _count(place: Place, start: date, end: date | None, factor: float) -> ResidentCount:
    return ResidentCount(
        area_code=place.code,
        started_on=start,
        ended_on=end,
        population=round(place.population * factor),
        households=round(place.households * factor),
        villager_groups=None if place.community else place.villager_groups,
        source="演示数据",
    )


def _draw(rows: list[Division], rng: Random) -> list[Outline]:
    """Give every division a place, and every one below the city an outline within its parent's."""
    children: dict[str, list[Division]] = {}
    for row in rows:
        above = {4: "", 6: row.area_code[:4], 9: row.area_code[:6], 12: row.area_code[:9]}
        children.setdefault(above[len(row.area_code)], []).append(row)
    seats = {code: (longitude, latitude) for code, _name, longitude, latitude in words.SEATS}
    found: list[Outline] = []
    waiting = [(CITY, outlines.CITY)]
    while waiting:
        code, area = waiting.pop()
        below = children.get(code, [])
        if not below:
            continue
        points = (
            [seats[row.area_code] for row in below]
            if code == CITY
            else outlines.centres(area, len(below), rng)
        )
        for row, point, cell in zip(below, points, outlines.cells(area, points), strict=True):
            row.longitude, row.latitude = round(point[0], 5), round(point[1], 5)
            found.append(
                Outline(area_code=row.area_code, geometry=outlines.geometry(cell), schematic=True)
            )
            waiting.append((row.area_code, cell))
    for row in children[""]:
        row.longitude, row.latitude = 113.24, 35.22
    return found
