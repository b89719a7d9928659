"""Reading the boundaries of divisions from GeoJSON, and the outlines of an area's children."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from grids.divisions.checking import read_code
from grids.divisions.problems import BadCell, Problem, Refused, problem
from grids.divisions.reading import MAX_BYTES
from grids.models import Division, Outline
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of

RIGHT = "change grids.outline"
VERB = "import outlines"
# Degrees by level: about 100 m for a county, 30 for a township, 10 for a village. Less than a
# pixel of the map on which it is drawn.
TOLERANCES = {
    Level.CITY: 0.001,
    Level.COUNTY: 0.001,
    Level.TOWNSHIP: 0.0003,
    Level.VILLAGE: 0.0001,
}
# About 1 m.
DECIMALS = 5


@dataclass
class Outlines:
    """The geometries of a file by area code, or why it is refused; then what was written."""

    geometries: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@transaction.atomic
def import_outlines(actor: Actor, data: bytes, *, schematic: bool = False) -> Outlines:
    """Import the features of a GeoJSON file, each with its division's code in ``adcode``.

    The coordinates are taken as they are (the maps expect WGS-84 degrees) and simplified.
    ``schematic`` marks outlines that are invented. All or nothing: raises ``Refused`` with every
    problem, ``OutOfReach`` for a feature the actor may not write.
    """
    reach = reach_of(actor)
    if not reach.allows(RIGHT):
        raise OutOfReach
    outlines = read_outlines(data)
    if any(not reach.allows(RIGHT, code) for code in outlines.geometries):
        raise OutOfReach
    known = set(
        Division.objects.filter(area_code__in=outlines.geometries).values_list(
            "area_code", flat=True
        )
    )
    outlines.problems += [
        problem("outline_unknown", None, "adcode", code)
        for code in outlines.geometries
        if code not in known
    ]
    if outlines.problems:
        raise Refused(outlines.problems)
    _write(actor, outlines, schematic)
    return outlines


def _write(actor: Actor, outlines: Outlines, schematic: bool) -> None:
    stored = {
        row.area_code: row for row in Outline.objects.filter(area_code__in=outlines.geometries)
    }
    new: list[Outline] = []
    changed: list[Outline] = []
    for code, geometry in outlines.geometries.items():
        row = stored.get(code)
        if row is None:
            new.append(Outline(area_code=code, geometry=geometry, schematic=schematic))
        elif (row.geometry, row.schematic) != (geometry, schematic):
            row.geometry, row.schematic = geometry, schematic
            changed.append(row)
    keep_new(actor, new, VERB)
    keep_changed(actor, changed, ["geometry", "schematic"], VERB)
    outlines.added, outlines.changed = len(new), len(changed)
    outlines.unchanged = len(outlines.geometries) - len(new) - len(changed)


def read_outlines(data: bytes) -> Outlines:
    """The checked and simplified geometries of a GeoJSON FeatureCollection."""
    outlines = Outlines()
    features = _features(data)
    if isinstance(features, Problem):
        outlines.problems.append(features)
        return outlines
    for number, feature in enumerate(features, 1):
        try:
            code = _code(feature)
            if code in outlines.geometries:
                raise BadCell("outline_twice")
            outlines.geometries[code] = _geometry(feature, TOLERANCES[Level(len(code))])
        except BadCell as bad:
            value = _adcode(feature)
            params = {**bad.params, "number": number}
            outlines.problems.append(problem(bad.kind, None, f"#{number}", value, **params))
    return outlines


def _features(data: bytes) -> list[Any] | Problem:
    if len(data) > MAX_BYTES:
        return problem("too_large", megabytes=MAX_BYTES // 1024 // 1024)
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        return problem("not_geojson", getattr(error, "lineno", None))
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        return problem("not_geojson")
    return features


def _adcode(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    adcode = properties.get("adcode") if isinstance(properties, dict) else None
    return "" if adcode is None else str(adcode)


def _code(feature: Any) -> str:
    """The area code of a feature; ``adcode`` has 6, 9 or 12 digits, zeros filling up."""
    adcode = _adcode(feature).strip()
    return read_code(adcode.ljust(12, "0") if len(adcode) in (4, 6, 9) else adcode)


def _geometry(feature: Any, tolerance: float) -> dict[str, Any]:
    """The feature's geometry, valid, simplified and rounded."""
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadCell("outline_kind")
    try:
        area = shape(geometry)
        valid = not area.is_empty and area.is_valid
        why = "" if valid else explain_validity(area)
    except (
        ShapelyError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
    ) as error:
        raise BadCell("outline_invalid", why=type(error).__name__) from None
    if not valid:
        raise BadCell("outline_invalid", why=why)
    west, south, east, north = area.bounds
    if not (73 <= west <= east <= 136 and 3 <= south <= north <= 54):
        raise BadCell("outline_range")
    return _rounded(_simplified(area, tolerance))


def _simplified(area: BaseGeometry, tolerance: float) -> BaseGeometry:
    simple = area.simplify(tolerance, preserve_topology=True)
    usable = simple.is_valid and not simple.is_empty
    return simple if usable else area


def _rounded(area: BaseGeometry) -> dict[str, Any]:
    drawn = mapping(area)
    return {"type": drawn["type"], "coordinates": _round(drawn["coordinates"])}


def _round(part: Any) -> Any:
    if isinstance(part, int | float):
        return round(float(part), DECIMALS)
    # A third number would be the height.
    flat = part[:2] if part and isinstance(part[0], int | float) else part
    return [_round(inner) for inner in flat]


def outlines_below(actor: Actor, area_code: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of the children of an area that the actor may see."""
    children = Division.objects.visible_to(actor).children_of(area_code).on(today())
    names = dict(children.values_list("area_code", "name"))
    rows = Outline.objects.filter(area_code__in=names).order_by("area_code")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "area_code": row.area_code,
                    "name": names[row.area_code],
                    "schematic": row.schematic,
                },
                "geometry": row.geometry,
            }
            for row in rows
        ],
    }
