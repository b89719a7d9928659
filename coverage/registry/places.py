"""Measures of where people exercise: stations, and who lives near one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coverage.registry import rows as of
from coverage.registry.kinds import Direction, Group, Measure, Text
from jiaozuo_grid.area import Level

STATIONS = _("register of stations")
STANDARD = _("stations' posts, opening hours and usual people; rules of the standard")
POINTS = _("points of villages and stations; resident counts of villages")
_VILLAGES = pgettext_lazy("unit", "villages")


def _near_households(key: str, name: Text, metres: int) -> Measure:
    return Measure(
        key,
        name,
        pgettext_lazy("unit", "households"),
        _(
            "Known households of villages whose own point lies so near to a station in force on "
            "the day, in a straight line; all households of a village count as its point. Of "
            "villages without a point nothing is known. Points are those in the books now."
        ),
        of.near_households(metres),
        amount="households",
        partly_known=True,
        known_by="placed_households",
        level=Level.VILLAGE,
        group=Group.PLACES,
        source=POINTS,
        direction=Direction.MORE,
    )


PLACES = [
    Measure(
        "stations",
        _("Fitness stations"),
        pgettext_lazy("unit", "stations"),
        _("Fitness stations and exercise points in force on the day."),
        of.stations,
        level=Level.GRID,
        group=Group.PLACES,
        source=STATIONS,
        direction=Direction.MORE,
    ),
    Measure(
        "standard_stations",
        _("Stations meeting the standard"),
        pgettext_lazy("unit", "stations"),
        _(
            "Stations in force on the day that are known to meet every number of the standard in "
            "force on it: instructors posted, hours with guidance, people at a usual activity (as "
            "the register says now). One of which something is not known does not count."
        ),
        lambda area, on: of.stations(area, on).filter(of.meets_standard(on)),
        level=Level.GRID,
        group=Group.PLACES,
        source=STANDARD,
        direction=Direction.MORE,
    ),
    Measure(
        "station_area",
        _("Area of stations"),
        pgettext_lazy("unit", "m²"),
        _(
            "Square metres of the stations in force on the day where they are known, as the "
            "register says now. Sports grounds that are no station are not in it."
        ),
        of.stations_with_area,
        amount="square_metres",
        partly_known=True,
        known_of="stations",
        level=Level.GRID,
        group=Group.PLACES,
        source=STATIONS,
        direction=Direction.MORE,
    ),
    Measure(
        "placed_villages",
        _("Villages with a known point"),
        _VILLAGES,
        _("Villages and communities in force on the day whose own coordinates are in the books."),
        lambda area, on: of.villages(area, on).filter(of.is_placed()),
        level=Level.VILLAGE,
        group=Group.PLACES,
        source=POINTS,
        direction=Direction.MORE,
    ),
    Measure(
        "near_villages",
        _("Villages within 1 km of a station"),
        _VILLAGES,
        _(
            "Villages whose own point lies within 1 km of a station in force on the day, in a "
            "straight line, whichever village the station belongs to."
        ),
        lambda area, on: of.villages(area, on).filter(
            of.is_placed(), of.has_station_within(1000, on)
        ),
        level=Level.VILLAGE,
        group=Group.PLACES,
        source=POINTS,
        direction=Direction.MORE,
    ),
    Measure(
        "placed_households",
        _("Households of villages with a known point"),
        pgettext_lazy("unit", "households"),
        _("Known households of the villages and communities whose own point is known."),
        of.placed_households,
        amount="households",
        partly_known=True,
        level=Level.VILLAGE,
        group=Group.PLACES,
        source=POINTS,
    ),
    _near_households("households_500m", _("Households within 500 m of a station"), 500),
    _near_households("households_1km", _("Households within 1 km of a station"), 1000),
]
