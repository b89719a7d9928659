"""Schematic outlines: Voronoi cells of invented centres; children tile their parent."""

from __future__ import annotations

from random import Random
from typing import Any

from shapely import MultiPoint, MultiPolygon, Point, Polygon, prepare, union_all, voronoi_polygons
from shapely.geometry import mapping

Place = tuple[float, float]

# A rough shape around the city, drawn by hand; not a boundary.
CITY = Polygon(
    [
        (112.57, 34.86),
        (112.72, 34.80),
        (112.95, 34.83),
        (113.20, 34.86),
        (113.45, 34.93),
        (113.63, 35.05),
        (113.60, 35.22),
        (113.53, 35.42),
        (113.30, 35.47),
        (113.12, 35.37),
        (112.92, 35.29),
        (112.78, 35.24),
        (112.66, 35.05),
    ]
)
DEGREES = 4


def centres(area: Any, count: int, rng: Random) -> list[Place]:
    """Points inside an area, kept apart by taking the best of several tries."""
    west, south, east, north = area.bounds
    prepare(area)
    found: list[Place] = []
    while len(found) < count:
        tries: list[Place] = []
        while len(tries) < 6:
            x, y = rng.uniform(west, east), rng.uniform(south, north)
            if area.contains(Point(x, y)):
                tries.append((x, y))
        found.append(max(tries, key=lambda place: _nearest(place, found)))
    return found


def _nearest(place: Place, others: list[Place]) -> float:
    x, y = place
    return min(((x - a) ** 2 + (y - b) ** 2 for a, b in others), default=1.0)


def cells(area: Any, groups: list[list[Place]]) -> list[Any]:
    """The parts of ``area`` that are nearest to the points of each group, in their order."""
    if len(groups) < 2:
        return [area] * len(groups)
    points = [point for group in groups for point in group]
    found = list(voronoi_polygons(MultiPoint(points), extend_to=area).geoms)
    cell_of = {point: next(cell for cell in found if cell.covers(Point(point))) for point in points}
    return [
        _polygons(union_all([cell_of[point] for point in group]).intersection(area))
        for group in groups
    ]


def _polygons(geometry: Any) -> Any:
    """Without the lines and points that an intersection may leave."""
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if part.area > 0]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def inside(cell: Any, centre: Place, rng: Random) -> Place:
    """A point of the cell: part of the way from its centre to one of its corners."""
    largest = max(getattr(cell, "geoms", [cell]), key=lambda part: part.area)
    x, y = rng.choice(list(largest.exterior.coords))
    way = rng.uniform(0.05, 0.55)
    a, b = centre
    return round(a + (x - a) * way, DEGREES + 1), round(b + (y - b) * way, DEGREES + 1)


def geometry(cell: Any) -> dict[str, Any]:
    """GeoJSON of a cell, with coordinates of some ten metres."""
    shape: dict[str, Any] = mapping(cell)
    return {"type": shape["type"], "coordinates": _rounded(shape["coordinates"])}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DEGREES)
    return [_rounded(part) for part in value]
