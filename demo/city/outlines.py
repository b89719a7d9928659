"""Schematic outlines: Voronoi cells of invented centres; children tile their parent."""

from __future__ import annotations

from random import Random
from typing import Any

from shapely import MultiPoint, Point, Polygon, voronoi_polygons
from shapely.geometry import mapping

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


def centres(area: Any, count: int, rng: Random) -> list[tuple[float, float]]:
    """Points inside an area, kept apart by taking the best of several tries."""
    west, south, east, north = area.bounds
    found: list[Point] = []
    while len(found) < count:
        tries: list[Point] = []
        while len(tries) < 6:
            point = Point(rng.uniform(west, east), rng.uniform(south, north))
            if area.contains(point):
                tries.append(point)
        best = max(tries, key=lambda p: min((p.distance(q) for q in found), default=1.0))
        found.append(best)
    return [(point.x, point.y) for point in found]


def cells(area: Any, points: list[tuple[float, float]]) -> list[Any]:
    """The parts of ``area`` nearest to each point, in the order of the points."""
    if len(points) == 1:
        return [area]
    found = list(voronoi_polygons(MultiPoint(points), extend_to=area).geoms)
    ordered = [next(cell for cell in found if cell.covers(Point(point))) for point in points]
    return [cell.intersection(area) for cell in ordered]


def geometry(cell: Any) -> dict[str, Any]:
    """GeoJSON of a cell, with coordinates of some ten metres."""
    return _rounded(mapping(cell))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DEGREES)
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
