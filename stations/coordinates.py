"""Coordinates at the edge: read from whichever map, stored as WGS-84, refused where impossible.

Chinese maps shift their coordinates: 高德 and 腾讯 show GCJ-02, 百度 BD-09. Only this module
knows; behind it every coordinate is WGS-84 (as GPS and 天地图 give it, to within a metre).
"""

from __future__ import annotations

import eviltransform
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import Point, shape

from grids.models import Division, Outline
from grids.rules import value_of
from jiaozuo_grid.area import Level
from stations.rules import FARTHEST_KM

# About 10 cm.
DECIMALS = 6
# About 2 km: boundaries of maps are simplified, and a station may stand on the border.
TOLERANCE = 0.02
# What lies in China; the models' own limits.
LONGITUDES, LATITUDES = (73.0, 136.0), (3.0, 54.0)


class Datum(models.TextChoices):
    """Whose coordinates they are."""

    WGS84 = "wgs84", gettext_lazy("GPS, 天地图 (WGS-84)")
    GCJ02 = "gcj02", gettext_lazy("高德, 腾讯 (GCJ-02)")
    BD09 = "bd09", gettext_lazy("百度 (BD-09)")


def to_wgs84(longitude: float, latitude: float, datum: str) -> tuple[float, float]:
    """WGS-84 longitude and latitude of a point given in ``datum``, to within a metre."""
    x, y = longitude, latitude
    # There is no formula back; the shift changes so slowly that each step is closer by far. The
    # library's own search misses by more than a metre in the far west.
    for _step in range(5):
        u, v = _shifted(x, y, datum)
        x, y = x + longitude - u, y + latitude - v
    return round(x, DECIMALS), round(y, DECIMALS)


def from_wgs84(longitude: float, latitude: float, datum: str) -> tuple[float, float]:
    """The longitude and latitude by which another map finds a WGS-84 point."""
    x, y = _shifted(longitude, latitude, datum)
    return round(x, DECIMALS), round(y, DECIMALS)


def _shifted(longitude: float, latitude: float, datum: str) -> tuple[float, float]:
    if datum != Datum.WGS84:
        latitude, longitude = eviltransform.wgs2gcj(latitude, longitude)
    if datum == Datum.BD09:
        latitude, longitude = eviltransform.gcj2bd(latitude, longitude)
    return longitude, latitude


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points (longitude, latitude)."""
    (x, y), (u, v) = one, other
    return float(eviltransform.distance(y, x, v, u)) / 1000


def _lies(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def check_plausible(longitude: float, latitude: float) -> None:
    """Raise ``ValidationError`` for a point that is not in China; say so where it is swapped."""
    if _lies(longitude, LONGITUDES) and _lies(latitude, LATITUDES):
        return
    if _lies(latitude, LONGITUDES) and _lies(longitude, LATITUDES):
        text = _(
            "Longitude and latitude are swapped: longitude %(longitude)s, latitude %(latitude)s."
        )
        numbers = {"longitude": f"{latitude:g}", "latitude": f"{longitude:g}"}
        raise ValidationError({"longitude": text % numbers})
    raise ValidationError(
        {"longitude": _("This point is not in China. Longitude comes first, about 113.2.")}
    )


def check_inside(area_code: str, longitude: float, latitude: float) -> None:
    """Raise ``ValidationError`` for a point outside the county, or far from the village.

    The county's boundary decides where it is known; else the distance from the village's own
    point, or its township's. Where neither is known the point is believed.
    """
    check_plausible(longitude, latitude)
    county = area_code[: Level.COUNTY]
    outline = Outline.objects.filter(area_code=county, schematic=False).first()
    if outline is not None:
        boundary = shape(outline.geometry)
        if boundary.distance(Point(longitude, latitude)) > TOLERANCE:
            raise ValidationError(
                {
                    "longitude": _("This point lies outside %(county)s. Pick it on the map.")
                    % {"county": _name_of(county)}
                }
            )
        return
    centre = _nearest_known(area_code)
    if centre is None or centre.longitude is None or centre.latitude is None:
        return
    away = distance_km((longitude, latitude), (centre.longitude, centre.latitude))
    if away > value_of(FARTHEST_KM):
        raise ValidationError(
            {
                "longitude": _("This point lies %(km)d km from %(name)s. Pick it on the map.")
                % {"km": round(away), "name": centre.name}
            }
        )


def _nearest_known(area_code: str) -> Division | None:
    """The village, or else its township, whose own point is known."""
    codes = [area_code[: Level.VILLAGE], area_code[: Level.TOWNSHIP]]
    known = Division.objects.filter(area_code__in=codes, longitude__isnull=False)
    return known.order_by("-digits").first()


def _name_of(code: str) -> str:
    return Division.objects.filter(area_code=code).values_list("name", flat=True).first() or code
