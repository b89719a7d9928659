"""The ground: divisions (invented, or of an imported list), outlines, residents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from random import Random
from typing import Any

from django.conf import settings

from demo.city import words
from demo.city.book import Book
from demo.city.chance import dice
from demo.city.county import progress_of
from demo.city.outlines import CITY, Place, cells, centres, geometry, inside
from demo.city.scales import Scale, figures_begin
from grids.models import Division, Outline, ResidentCount
from jiaozuo_grid.area import Level

CITY_CODE, CITY_NAME = "4108", "焦作市"
PEOPLE_PER_VILLAGE = 1850
PEOPLE = {True: 4200, False: 1250}  # of a community, of a village: usual, before adjusting
PER_HOUSEHOLD = 2.85
GROUPS = 8.8  # villager groups of a usual village


@dataclass
class Village:
    """A village or community and how many live there, whether anyone has written it down or not."""

    code: str
    name: str
    is_community: bool
    population: int
    households: int
    villager_groups: int
    # Whether its posts are filled and its groups busy: the demo accounts' own.
    showcase: bool = False
    # None: in force.
    ended_on: date | None = None
    cell: Any = None
    centre: Place = (0.0, 0.0)

    @property
    def required(self) -> int:
        if self.is_community:
            return ceil(self.households / settings.HOUSEHOLDS_PER_GRID)
        return self.villager_groups

    def spot(self, rng: Random) -> Place:
        return inside(self.cell, self.centre, rng)


@dataclass
class Ground:
    """Where everything stands; villages by county."""

    city_code: str
    divisions: list[Division] = field(default_factory=list)
    villages: dict[str, list[Village]] = field(default_factory=lambda: defaultdict(list))

    def named(self, level: Level, within: str = "") -> list[Division]:
        return [
            division
            for division in self.divisions
            if len(division.area_code) == level and division.area_code.startswith(within)
        ]

    @property
    def every_village(self) -> Iterator[Village]:
        for villages in self.villages.values():
            yield from villages


def invented(scale: Scale, seed: int) -> list[Division]:
    """Townships and villages that do not exist, under the real counties."""
    found = [_division(CITY_CODE, CITY_NAME)]
    for county in words.COUNTIES[: scale.counties]:
        found.append(_division(county.code, county.name))
        rng = dice(seed, "towns", county.code)
        count = round(scale.townships * (0.8 if county.urban else 1.15))
        numbers = {"街道": 0, "镇": 99, "乡": 199}
        for name in rng.sample(words.TOWNS, count):
            kind = rng.choice(("街道",) if county.urban else ("街道", "镇", "镇", "镇", "乡"))
            numbers[kind] += 1
            code = f"{county.code}{numbers[kind]:03d}"
            found.append(_division(code, name + kind))
            found += _invented_villages(scale, code, kind, county.urban, rng)
    return found


def _invented_villages(
    scale: Scale, town: str, kind: str, urban: bool, rng: Random
) -> Iterator[Division]:
    count = round(scale.villages * (0.75 if urban else 1.2) * rng.uniform(0.75, 1.25))
    share = {"街道": 0.7 if urban else 0.35, "镇": 0.12, "乡": 0.04}[kind]
    communities = sum(rng.random() < share for _n in range(count))
    used: set[str] = set()
    for number in range(1, communities + 1):
        kind_code = "111" if urban else "121"
        name = words.community_name(rng, used)
        yield _division(f"{town}{number:03d}", name, urban_rural_class=kind_code)
    for number in range(count - communities):
        name = words.village_name(rng, used)
        yield _division(f"{town}{200 + number}", name, urban_rural_class="220")


def _division(code: str, name: str, **fields: Any) -> Division:
    return Division(area_code=code, name=name, started_on=figures_begin(), **fields)


def lay_out(divisions: list[Division], seed: int, today: date, showcases: int = 2) -> Ground:
    """Give every division a cell of the map and every village its people."""
    divisions = sorted(divisions, key=lambda row: (len(row.area_code), row.area_code))
    ground = Ground(divisions[0].area_code, divisions)
    rows = ground.named(Level.VILLAGE)
    raw = {row.area_code: _raw_population(row, seed) for row in rows}
    factor = PEOPLE_PER_VILLAGE * len(rows) / max(1, sum(raw.values()))
    for row in rows:
        size = raw[row.area_code] / PEOPLE[row.is_community]
        village = _village(row, round(raw[row.area_code] * factor), size, seed, today)
        if village.ended_on is not None:
            row.ended_on = village.ended_on
        ground.villages[row.area_code[: Level.COUNTY]].append(village)
    for county in _first_counties(ground)[:showcases]:
        # Of those that stand: one that was merged shows nothing.
        standing = (village for village in ground.villages[county] if village.ended_on is None)
        next(standing).showcase = True
    return ground


def _first_counties(ground: Ground) -> list[str]:
    """The counties that have villages; the pilots first, since the demo accounts are theirs."""
    pilots = ["410882", "410802"]
    there = list(ground.villages)
    return [code for code in pilots if code in there] + [c for c in there if c not in pilots]


def _raw_population(row: Division, seed: int) -> float:
    rng = dice(seed, "people", row.area_code)
    return PEOPLE[row.is_community] * min(3.0, rng.lognormvariate(-0.07, 0.38))


def _village(row: Division, population: int, size: float, seed: int, today: date) -> Village:
    """``size`` compares it with the usual one of its kind."""
    rng = dice(seed, "village", row.area_code)
    reached = rng.random() < 0.97
    return Village(
        code=row.area_code,
        name=row.name,
        is_community=row.is_community,
        population=population,
        households=max(30, round(population / PER_HOUSEHOLD * rng.uniform(0.92, 1.08))),
        villager_groups=max(2, round(GROUPS * size * rng.uniform(0.8, 1.2))),
        ended_on=None if reached else _merged_on(rng, row, today),
    )


def _merged_on(rng: Random, row: Division, today: date) -> date | None:
    """A few villages were merged into their neighbours before any grid was established."""
    if row.is_community or not row._state.adding or rng.random() < 0.7:
        return None
    day = today - timedelta(days=rng.randint(60, 500))
    return day if day > figures_begin() else None


def draw(ground: Ground, seed: int) -> Iterator[Outline]:
    """The outlines of all divisions; gives the villages their cells on the way."""
    villages = {village.code: village for village in ground.every_village}
    areas = {ground.city_code: CITY}
    points: dict[str, Place] = {}
    yield Outline(area_code=ground.city_code, geometry=geometry(CITY), schematic=True)
    below = _by_parent(ground.divisions)
    for division in ground.divisions:
        area = areas.pop(division.area_code)
        children = below.get(division.area_code, [])
        rng = dice(seed, "map", division.area_code)
        places = _places(area, children, rng)
        for child, cell, group in zip(children, cells(area, places), places, strict=True):
            areas[child.area_code], points[child.area_code] = cell, group[0]
            yield Outline(area_code=child.area_code, geometry=geometry(cell), schematic=True)
        if division.area_code in villages:
            village = villages[division.area_code]
            village.cell, village.centre = area, points[division.area_code]
        _place(division, points.get(division.area_code))


def _places(area: Any, children: list[Division], rng: Random) -> list[list[Place]]:
    known = {county.code: list(county.centres) for county in words.COUNTIES}
    if children and all(child.area_code in known for child in children):
        return [known[child.area_code] for child in children]
    return [[place] for place in centres(area, len(children), rng)]


def _by_parent(divisions: Iterable[Division]) -> dict[str, list[Division]]:
    below: dict[str, list[Division]] = defaultdict(list)
    up = {Level.COUNTY: Level.CITY, Level.TOWNSHIP: Level.COUNTY, Level.VILLAGE: Level.TOWNSHIP}
    for division in divisions:
        if division.level != Level.CITY:
            below[division.area_code[: up[division.level]]].append(division)
    return below


def _place(division: Division, point: Place | None) -> None:
    """Where an invented division lies; an imported one keeps what its list says."""
    if division._state.adding and point is not None:
        division.longitude, division.latitude = round(point[0], 5), round(point[1], 5)


def count_residents(ground: Ground, book: Book, seed: int, today: date) -> None:
    """What is known of the residents of each village: all, something, or nothing; and since when.

    Where an imported list brought figures of its own, they stand.
    """
    given = set(ResidentCount.objects.values_list("area_code", flat=True))
    for village in ground.every_village:
        rng = dice(seed, "residents", village.code)
        known = village.showcase or rng.random() < progress_of(village.code[:6]).figures
        if village.code in given or (not known and rng.random() < 0.5):
            continue
        for row in _counts(village, rng, today, complete=known):
            book.add(row)


def _counts(
    village: Village, rng: Random, today: date, *, complete: bool
) -> Iterator[ResidentCount]:
    figures = {"population": village.population}
    if complete:
        figures["households"] = village.households
        if not village.is_community:
            figures["villager_groups"] = village.villager_groups
    recounted = rng.random() < 0.15 and village.ended_on is None
    day = today - timedelta(days=rng.randint(30, 400)) if recounted else None
    if day is not None and day > figures_begin():
        change = rng.uniform(0.97, 1.02)
        before = {**figures, "population": round(village.population * change)}
        yield _count(village, before, figures_begin(), day)
        yield _count(village, figures, day, None)
    else:
        yield _count(village, figures, figures_begin(), village.ended_on)


def _count(
    village: Village, figures: dict[str, int], start: date, end: date | None
) -> ResidentCount:
    return ResidentCount(
        area_code=village.code, started_on=start, ended_on=end, source=words.SOURCE, **figures
    )
