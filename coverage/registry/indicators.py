"""Every indicator, with its target."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from coverage.registry.kinds import Indicator

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
        "instructors_per_1000",
        _("Instructors per 1,000 people"),
        _("Henan's target is 3 per 1,000, the national one 2.16."),
        "instructors",
        "population",
        3.0,
        per=1000,
    ),
    Indicator(
        "stations_per_10000",
        _("Stations per 10,000 people"),
        _("The city aims at 5 or more per 10,000."),
        "stations",
        "population",
        5.0,
        per=10_000,
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
INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in _INDICATORS}
