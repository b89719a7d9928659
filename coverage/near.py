"""Which stations lie within a kilometre of which village, kept up beside the spells.

The distance is that of the straight line between the village's own point and the station's, both
as they are in the books today; a route on foot is never shorter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q

from coverage.models import NearStation
from grids.models import Division
from jiaozuo_grid.area import Level
from stations.coordinates import distance_km
from stations.models import Station, StationPlace

METRES = 1000
# Of a degree; in both directions wider than METRES at every latitude of China.
CELL = 0.025
# Of more cells one box around all is asked for: a whole county was entered.
MOST_BOXES = 50

Point = tuple[float, float]
# (village code, key of the station) -> (code of the station, metres)
Pairs = dict[tuple[str, int], tuple[str, int]]


def _villages(where: Q) -> dict[str, Point]:
    rows = Division.objects.filter(where, digits=Level.VILLAGE, longitude__isnull=False)
    found = rows.exclude(latitude=None).values_list("area_code", "longitude", "latitude")
    return {code: (x, y) for code, x, y in found}


def _stations(where: Q) -> dict[tuple[int, str], Point]:
    rows = Station.objects.filter(where, longitude__isnull=False).order_by()
    found = rows.values_list("pk", "area_code", "longitude", "latitude")
    return {(key, code): (x, y) for key, code, x, y in found}


def _around(points: Iterable[Point]) -> Q:
    """What may lie near one of some points: in its cell or in one beside it."""
    cells = {_cell(point) for point in points}
    if len(cells) > MOST_BOXES:
        xs, ys = {x for x, _y in cells}, {y for _x, y in cells}
        return _box(min(xs), max(xs), min(ys), max(ys))
    found = Q(pk__in=[])
    for x, y in cells:
        found |= _box(x, x, y, y)
    return found


def _box(west: int, east: int, south: int, north: int) -> Q:
    return Q(
        latitude__gte=(south - 1) * CELL,
        latitude__lte=(north + 2) * CELL,
        longitude__gte=(west - 1) * CELL,
        longitude__lte=(east + 2) * CELL,
    )


def _cell(point: Point) -> tuple[int, int]:
    return int(point[0] // CELL), int(point[1] // CELL)


def _pairs(villages: dict[str, Point], stations: dict[tuple[int, str], Point]) -> Pairs:
    cells: dict[tuple[int, int], list[str]] = defaultdict(list)
    for village, point in villages.items():
        cells[_cell(point)].append(village)
    found: Pairs = {}
    for (key, code), point in stations.items():
        x, y = _cell(point)
        for cell in ((x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            for village in cells.get(cell, ()):
                metres = distance_km(villages[village], point) * 1000
                if metres <= METRES:
                    found[village, key] = (code, int(metres))
    return found


def all_near() -> Iterator[NearStation]:
    """Every pair, counted anew."""
    yield from _rows(_pairs(_villages(Q()), _stations(Q())))


def _rows(pairs: Pairs) -> Iterator[NearStation]:
    for (village, key), (code, metres) in pairs.items():
        yield NearStation(village_code=village, station_key=key, station_code=code, metres=metres)


def refresh_near(codes: Iterable[str]) -> set[str]:
    """Bring up the pairs of what stands at some codes, where something standing changed.

    Returns the villages near which a station is or was.
    """
    there = {code for code in codes if len(code) == Level.VILLAGE}
    if not there:
        return set()
    # Where a station stood or stands, whichever of its codes is named.
    placed = StationPlace.objects.filter(area_code__in=there).values_list("station", flat=True)
    keys = set(placed) | set(
        Station.objects.filter(area_code__in=there).values_list("pk", flat=True)
    )
    keys |= set(
        NearStation.objects.filter(
            Q(village_code__in=there) | Q(station_code__in=there)
        ).values_list("station_key", flat=True)
    )
    # All pairs of each station, also with villages elsewhere: the station is paired anew with all.
    old = {
        (row.village_code, row.station_key): row
        for row in NearStation.objects.filter(Q(village_code__in=there) | Q(station_key__in=keys))
    }
    stations = _stations(Q(pk__in=keys)) if keys else {}
    new = _pairs(_villages(_around(stations.values())), stations) if stations else {}
    villages = _villages(Q(area_code__in=there))
    if villages:
        new |= _pairs(villages, _stations(_around(villages.values())))
    same = {pair for pair, row in old.items() if new.get(pair) == (row.station_code, row.metres)}
    gone = [row.pk for pair, row in old.items() if pair not in same]
    if gone:
        NearStation.objects.filter(pk__in=gone).delete()
    fresh = {pair: value for pair, value in new.items() if pair not in same}
    NearStation.objects.bulk_create(_rows(fresh), batch_size=1000)
    return {village for village, _key in (*old, *new)}
