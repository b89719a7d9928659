"""Every measure, in the order in which pages show them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coverage.registry import rows as of
from coverage.registry.kinds import Kind, Measure
from grids.organisations import federated, organised, to_be_federated, to_be_organised
from instructors.models import InstructorPlace
from jiaozuo_grid.area import Level
from stations.models import StationPlace

_MEASURES = [
    Measure(
        "villages",
        _("Villages and communities"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities of the official list in force on the day."),
        of.villages,
        level=Level.VILLAGE,
    ),
    Measure(
        "population",
        _("Population"),
        pgettext_lazy("unit", "people"),
        _("Residents of the villages and communities whose population is known."),
        of.residents("population"),
        amount="population",
        partly_known=True,
        level=Level.VILLAGE,
    ),
    Measure(
        "households",
        _("Households"),
        pgettext_lazy("unit", "households"),
        _("Households of the villages and communities where their number is known."),
        of.residents("households"),
        amount="households",
        partly_known=True,
        level=Level.VILLAGE,
    ),
    Measure(
        "required_grids",
        _("Required grids"),
        pgettext_lazy("unit", "grids"),
        _("A community: households ÷ 400, rounded up. A village: one for each villager group."),
        of.required,
        amount="required",
        partly_known=True,
        level=Level.VILLAGE,
    ),
    Measure(
        "counted_villages",
        _("Villages with a known population"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities whose population is recorded."),
        lambda area, on: of.villages(area, on).filter(of.is_counted(on)),
        level=Level.VILLAGE,
    ),
    Measure(
        "villages_with_grids",
        _("Villages with grids"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities with at least one grid in force."),
        lambda area, on: of.villages(area, on).filter(of.has_grids(on)),
        level=Level.VILLAGE,
    ),
    Measure(
        "grids",
        _("Grids"),
        pgettext_lazy("unit", "grids"),
        _("Grid fitness organisations in force on the day."),
        of.grids,
        level=Level.GRID,
    ),
    Measure(
        "led_grids",
        _("Grids with a leader"),
        pgettext_lazy("unit", "grids"),
        _("Grids whose leader's appointment is in force on the day."),
        lambda area, on: of.grids(area, on).led_on(on),
        level=Level.GRID,
    ),
    Measure(
        "active_grids",
        _("Active grids"),
        pgettext_lazy("unit", "grids"),
        _("Grids in which a session was held in the 30 days that end with the day."),
        lambda area, on: of.grids(area, on).filter(of.had_session(area, on, Level.GRID)),
        level=Level.GRID,
    ),
    Measure(
        "hobby_grids",
        _("Hobby grids"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids in force on the day."),
        of.hobby_grids,
    ),
    Measure(
        "staffed_hobby_grids",
        _("Hobby grids with a member"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids to which at least one grid member is appointed on the day."),
        lambda area, on: of.hobby_grids(area, on).staffed_on(on),
    ),
    Measure(
        "active_hobby_grids",
        _("Active hobby grids"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids that held a session in the 30 days that end with the day."),
        lambda area, on: of.hobby_grids(area, on).filter(
            of.had_session(area, on, Level.HOBBY_GRID)
        ),
    ),
    Measure(
        "sessions",
        _("Sessions this month"),
        pgettext_lazy("unit", "sessions"),
        _("Sessions held in the calendar month of the day and not withdrawn."),
        of.sessions,
        kind=Kind.FLOW,
    ),
    Measure(
        "participants",
        _("Participants this month"),
        pgettext_lazy("unit", "person-times"),
        _("Participants of the month's sessions; who comes twice counts twice."),
        of.sessions,
        kind=Kind.FLOW,
        amount="participants",
    ),
    Measure(
        "instructors",
        _("Instructors"),
        pgettext_lazy("unit", "people"),
        _("Social sports instructors in force on the day."),
        lambda area, on: InstructorPlace.objects.within(area).on(on),
        level=Level.GRID,
    ),
    Measure(
        "stations",
        _("Fitness stations"),
        pgettext_lazy("unit", "stations"),
        _("Fitness stations and exercise points in force on the day."),
        lambda area, on: StationPlace.objects.within(area).on(on),
        level=Level.GRID,
    ),
    Measure(
        "to_be_federated",
        _("Areas that need a sports federation"),
        pgettext_lazy("unit", "areas"),
        _("The city, its counties and its townships in force on the day."),
        to_be_federated,
        level=Level.TOWNSHIP,
    ),
    Measure(
        "federated",
        _("Areas with a sports federation"),
        pgettext_lazy("unit", "areas"),
        _("Of the city, its counties and townships, those with a federation (体育总会) in force."),
        federated,
        level=Level.TOWNSHIP,
    ),
    Measure(
        "to_be_organised",
        _("Areas that need a fitness organisation"),
        pgettext_lazy("unit", "areas"),
        _("The city, its counties, townships, villages and communities in force on the day."),
        to_be_organised,
        level=Level.VILLAGE,
    ),
    Measure(
        "organised",
        _("Areas with a fitness organisation"),
        pgettext_lazy("unit", "areas"),
        _("Areas of all four levels with a federation or, in a village, a fitness organisation."),
        organised,
        level=Level.VILLAGE,
    ),
]
MEASURES: dict[str, Measure] = {measure.key: measure for measure in _MEASURES}
