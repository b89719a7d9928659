"""Outlines on the map follow the divisions: two become one, and a new code gets the old one's."""

from __future__ import annotations

from shapely.geometry import mapping, shape
from shapely.ops import unary_union

from grids.models import Outline
from grids.reorganise.moving import VERB, Move
from grids.writing import keep, keep_new


def unite_outlines(move: Move, source: str, target: str) -> None:
    """The target's outline takes in the source's, where both are known."""
    known = {row.area_code: row for row in Outline.objects.filter(area_code__in=[source, target])}
    if source not in known or target not in known:
        return
    both = unary_union([shape(known[code].geometry).buffer(0) for code in (source, target)])
    row = known[target]
    row.geometry = {"type": both.geom_type, "coordinates": _plain(mapping(both)["coordinates"])}
    keep(move.actor, row, VERB)


def copy_outlines(move: Move) -> None:
    """Divisions under new codes keep their outlines; the old codes' stay for days of the past."""
    known = Outline.objects.filter(area_code__in=[c for c in move.codes if len(c) <= 12])
    there = set(Outline.objects.filter(area_code__in=move.codes.values()).values_list("area_code"))
    rows = [
        Outline(area_code=move.codes[row.area_code], geometry=row.geometry, schematic=row.schematic)
        for row in known.order_by("area_code")
        if (move.codes[row.area_code],) not in there
    ]
    keep_new(move.actor, rows, VERB)


def _plain(coordinates: object) -> object:
    """Coordinates as lists, as they are stored and as JSON gives them back."""
    if isinstance(coordinates, tuple | list):
        return [_plain(part) for part in coordinates]
    return coordinates
