"""Stations and who lives near them, counted naively."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import asin, cos, radians, sin, sqrt
from typing import Any

from grids.models import RuleValue
from stations.models import OpeningHours, Station, StationPlace, StationPost
from tests.coverage.recount.books import Books, Count, Row, in_force, rows_of
from tests.coverage.recount.organisation import counts_of_villages


def _rule(books: Books, key: str, day: date, default: float) -> float:
    return next((row.value for row in books.standing(RuleValue, day, key=key)), default)


def _week(hours: Any) -> int:
    opens, closes = hours.opens_at, hours.closes_at
    length = 60 * (closes.hour - opens.hour) + closes.minute - opens.minute
    return int(len(hours.weekdays) * length)


def _station(books: Books, place: Any) -> Any:
    return books.by(Station, "pk")[place.station_id][0]


def standard_stations(books: Books, day: date) -> Iterable[Row]:
    """Two instructors posted, eight guided hours a week, thirty people, or what the bureau says."""
    for place in books.standing(StationPlace, day):
        posts = books.by(StationPost, "station_id").get(place.station_id, ())
        teachers = {
            post.person_id
            for post in posts
            if in_force(post, day) and post.station_role == "instructor"
        }
        hours = books.by(OpeningHours, "station_id").get(place.station_id, ())
        known = [one for one in hours if in_force(one, day)]
        people = _station(books, place).usual_people
        if (
            known
            and people is not None
            and people >= _rule(books, "station.people", day, 30)
            and len(teachers) >= _rule(books, "station.instructors", day, 2)
            and sum(_week(one) for one in known if one.guided)
            >= 60 * _rule(books, "station.guided_hours", day, 8)
        ):
            yield Row(place.area_code)


def station_area(books: Books, day: date) -> Iterable[Row]:
    places = books.standing(StationPlace, day)
    areas = [(place.area_code, _station(books, place).square_metres) for place in places]
    return [Row(code, area) for code, area in areas if area is not None]


def metres_apart(one: Any, other: Any) -> float:
    """Along the great circle of a ball of the earth's mean radius."""
    x, y, far_x, far_y = (
        radians(n) for n in (one.longitude, one.latitude, other.longitude, other.latitude)
    )
    half = sin((far_y - y) / 2) ** 2 + cos(y) * cos(far_y) * sin((far_x - x) / 2) ** 2
    return 2 * 6_371_008.8 * asin(sqrt(half))


def _has_point(row: Any) -> bool:
    return row.longitude is not None and row.latitude is not None


def _villages_near(books: Books, day: date, metres: float) -> set[str]:
    """Villages with a point, so near to a station in force (0: however far)."""
    villages = [village for village in books.villages(day).values() if _has_point(village)]
    if not metres:
        return {village.area_code for village in villages}
    stations = [_station(books, place) for place in books.standing(StationPlace, day)]
    placed = [station for station in stations if _has_point(station)]
    return {
        village.area_code
        for village in villages
        if any(metres_apart(village, station) <= metres for station in placed)
    }


def villages_near(metres: float) -> Count:
    return lambda books, day: [Row(code) for code in _villages_near(books, day, metres)]


def households_near(metres: float) -> Count:
    def count(books: Books, day: date) -> Iterable[Row]:
        near = _villages_near(books, day, metres)
        rows = counts_of_villages(books, day, "households")
        return [Row(row.area_code, row.households) for row in rows if row.area_code in near]

    return count


PLACES: dict[str, Count] = {
    "stations": lambda books, day: rows_of(books.standing(StationPlace, day)),
    "standard_stations": standard_stations,
    "station_area": station_area,
    "placed_villages": villages_near(0),
    "near_villages": villages_near(1000),
    "placed_households": households_near(0),
    "households_500m": households_near(500),
    "households_1km": households_near(1000),
}
