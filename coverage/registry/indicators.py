"""Every indicator, with its target."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from coverage.registry.kinds import Group, Indicator
from coverage.registry.measures import MEASURES

_INDICATORS = [
    Indicator(
        "villages_with_grids_share",
        _("Villages covered"),
        _("Share of villages and communities with at least one grid."),
        "villages_with_grids",
        "villages",
        1.0,
    ),
    Indicator(
        "villages_counted_share",
        _("Villages counted"),
        _("Share of villages and communities whose population is known."),
        "counted_villages",
        "villages",
        1.0,
    ),
    Indicator(
        "grid_coverage",
        _("Grid coverage"),
        _("Grids in force per required grid."),
        "grids",
        "required_grids",
        1.0,
    ),
    Indicator(
        "led_share",
        _("Grids led"),
        _("Share of grids with a leader."),
        "led_grids",
        "grids",
        1.0,
    ),
    Indicator(
        "staffed_share",
        _("Hobby grids staffed"),
        _("Share of hobby grids with a member."),
        "staffed_hobby_grids",
        "hobby_grids",
        1.0,
    ),
    Indicator(
        "active_grid_share",
        _("Grids active"),
        _("Share of grids with a session in the last 30 days."),
        "active_grids",
        "grids",
        0.9,
    ),
    Indicator(
        "active_hobby_share",
        _("Hobby grids active"),
        _("Share of hobby grids with a session in the last 30 days."),
        "active_hobby_grids",
        "hobby_grids",
        0.9,
    ),
    Indicator(
        "banded_share",
        _("Urban grids of 300 to 500 households"),
        _("Share of urban grids with 300 to 500 households."),
        "banded_grids",
        "urban_grids",
        None,
    ),
    Indicator(
        "sessions_per_week",
        _("Sessions per hobby grid and week"),
        _(
            "7 × sessions of the calendar month of the day ÷ hobby grids in force on the day ÷ "
            "days of the month that are gone by now (today is one of them)."
        ),
        "sessions",
        "hobby_grids",
        None,
        per=7,
        daily=True,
    ),
    Indicator(
        "kept_share",
        _("Schedules kept"),
        _(
            "Share of the month's scheduled meetings that took place. A meeting called off was "
            "scheduled and not held; one of which nothing is recorded too."
        ),
        "kept_meetings",
        "expected_meetings",
        None,
        ranked_from=10,
    ),
    Indicator(
        "recorded_share",
        _("Schedules with a record of each meeting"),
        _("Share of hobby grids with scheduled meetings of which each meeting is recorded."),
        "recorded_hobby_grids",
        "scheduled_hobby_grids",
        None,
    ),
    Indicator(
        "instructors_per_1000",
        _("Instructors per 1,000 people"),
        _("Henan's target is 3 per 1,000, the national one 2.16."),
        "instructors",
        "population",
        3.0,
        per=1000,
        ranked_from=1000,
        references=((2.16, _("national target")), (3.0, _("Henan's target"))),
    ),
    Indicator(
        "certified_share",
        _("Instructors with a certificate"),
        _("Share of instructors of whom a certificate in force is recorded."),
        "certified_instructors",
        "instructors",
        1.0,
        ranked_from=10,
    ),
    Indicator(
        "registered_share",
        _("Instructors registered"),
        _("Share of instructors who are registered for the year of the day."),
        "registered_instructors",
        "instructors",
        1.0,
        ranked_from=10,
    ),
    Indicator(
        "serving_share",
        _("Instructors serving"),
        _("Share of instructors who served in the 90 days that end with the day."),
        "serving_instructors",
        "instructors",
        None,
        ranked_from=10,
    ),
    Indicator(
        "stations_per_10000",
        _("Stations per 10,000 people"),
        _("The city aims at 5 or more per 10,000."),
        "stations",
        "population",
        5.0,
        per=10_000,
        ranked_from=1000,
    ),
    Indicator(
        "standard_share",
        _("Stations meeting the standard"),
        _("Share of stations that are known to meet every number of the standard."),
        "standard_stations",
        "stations",
        None,
    ),
    Indicator(
        "station_area_per_100",
        _("Station area per 100 people"),
        _(
            "Square metres of stations per 100 people, where the area of every station is known. "
            "It is not the sports ground area per person of the national survey, which counts all "
            "grounds; so its targets are not used here."
        ),
        "station_area",
        "population",
        None,
        per=100,
        ranked_from=1000,
    ),
    Indicator(
        "placed_share",
        _("Villages with a known point"),
        _("Share of villages and communities whose own coordinates are in the books."),
        "placed_villages",
        "villages",
        1.0,
    ),
    Indicator(
        "near_share",
        _("Villages within 1 km of a station"),
        _("Share of the villages with a known point that lie within 1 km of a station."),
        "near_villages",
        "placed_villages",
        1.0,
    ),
    Indicator(
        "households_500m_share",
        _("Households within 500 m"),
        _("Share of households within 500 m of a station, where every village's point is known."),
        "households_500m",
        "placed_households",
        None,
        ranked_from=100,
    ),
    Indicator(
        "households_1km_share",
        _("The last kilometre"),
        _("Share of households within 1 km of a station, where every village's point is known."),
        "households_1km",
        "placed_households",
        1.0,
        ranked_from=100,
    ),
    Indicator(
        "federated_share",
        _("Three-level federations"),
        _("Share of the city, its counties and townships with a sports federation (体育总会)."),
        "federated",
        "to_be_federated",
        1.0,
    ),
    Indicator(
        "organised_share",
        _("Four-level organisations"),
        _("Share of areas of all four levels with a fitness organisation (全民健身组织)."),
        "organised",
        "to_be_organised",
        1.0,
    ),
]
# As their measures stand: group by group.
_GROUPS = list(Group)
_INDICATORS.sort(key=lambda indicator: _GROUPS.index(MEASURES[indicator.numerator].group))
INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in _INDICATORS}
