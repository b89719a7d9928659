"""Measures of how the city is organised: villages, residents, grids, posts, organisations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coverage.registry import rows as of
from coverage.registry.kinds import Direction, Measure
from grids.organisations import federated, organised, to_be_federated, to_be_organised
from jiaozuo_grid.area import Level

DIVISIONS = _("register of divisions")
RESIDENTS = _("resident counts of villages")
GRIDS = _("register of grids")
HOBBY_GRIDS = _("register of hobby grids")
POSTS = _("appointments")
ORGANISATIONS = _("register of organisations")

ORGANISATION = [
    Measure(
        "villages",
        _("Villages and communities"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities of the official list in force on the day."),
        of.villages,
        level=Level.VILLAGE,
        source=DIVISIONS,
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
        source=RESIDENTS,
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
        source=RESIDENTS,
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
        source=RESIDENTS,
    ),
    Measure(
        "counted_villages",
        _("Villages with a known population"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities whose population is recorded."),
        lambda area, on: of.villages(area, on).filter(of.is_counted(on)),
        level=Level.VILLAGE,
        source=RESIDENTS,
        direction=Direction.MORE,
    ),
    Measure(
        "villages_with_grids",
        _("Villages with grids"),
        pgettext_lazy("unit", "villages"),
        _("Villages and communities with at least one grid in force."),
        lambda area, on: of.villages(area, on).filter(of.has_grids(on)),
        level=Level.VILLAGE,
        source=GRIDS,
        direction=Direction.MORE,
    ),
    Measure(
        "grids",
        _("Grids"),
        pgettext_lazy("unit", "grids"),
        _("Grid fitness organisations in force on the day."),
        of.grids,
        level=Level.GRID,
        source=GRIDS,
        direction=Direction.MORE,
    ),
    Measure(
        "led_grids",
        _("Grids with a leader"),
        pgettext_lazy("unit", "grids"),
        _("Grids whose leader's appointment is in force on the day."),
        lambda area, on: of.grids(area, on).led_on(on),
        level=Level.GRID,
        source=POSTS,
        direction=Direction.MORE,
    ),
    Measure(
        "urban_grids",
        _("Urban grids"),
        pgettext_lazy("unit", "grids"),
        _("Grids in force on the day that are divided by households (not by villager group)."),
        of.urban_grids,
        level=Level.GRID,
        source=GRIDS,
    ),
    Measure(
        "banded_grids",
        _("Urban grids of 300 to 500 households"),
        pgettext_lazy("unit", "grids"),
        _(
            "Urban grids in force on the day whose households, as the register says now, are 300 "
            "to 500; a grid whose number is not known is not one of them."
        ),
        lambda area, on: of.urban_grids(area, on).filter(of.in_band()),
        level=Level.GRID,
        source=GRIDS,
        direction=Direction.MORE,
    ),
    Measure(
        "hobby_grids",
        _("Hobby grids"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids in force on the day."),
        of.hobby_grids,
        source=HOBBY_GRIDS,
        direction=Direction.MORE,
    ),
    Measure(
        "staffed_hobby_grids",
        _("Hobby grids with a member"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids to which at least one grid member is appointed on the day."),
        lambda area, on: of.hobby_grids(area, on).staffed_on(on),
        source=POSTS,
        direction=Direction.MORE,
    ),
    Measure(
        "sports",
        _("Sports offered"),
        pgettext_lazy("unit", "sports"),
        _(
            "Sports of which the area has a hobby grid in force on the day. One that is offered in "
            "two villages is one: the numbers of parts do not add up to that of the whole."
        ),
        of.sports,
        source=HOBBY_GRIDS,
        direction=Direction.MORE,
        distinct=True,
    ),
    Measure(
        "to_be_federated",
        _("Areas that need a sports federation"),
        pgettext_lazy("unit", "areas"),
        _("The city, its counties and its townships in force on the day."),
        to_be_federated,
        level=Level.TOWNSHIP,
        source=DIVISIONS,
    ),
    Measure(
        "federated",
        _("Areas with a sports federation"),
        pgettext_lazy("unit", "areas"),
        _("Of the city, its counties and townships, those with a federation (体育总会) in force."),
        federated,
        level=Level.TOWNSHIP,
        source=ORGANISATIONS,
        direction=Direction.MORE,
    ),
    Measure(
        "to_be_organised",
        _("Areas that need a fitness organisation"),
        pgettext_lazy("unit", "areas"),
        _("The city, its counties, townships, villages and communities in force on the day."),
        to_be_organised,
        level=Level.VILLAGE,
        source=DIVISIONS,
    ),
    Measure(
        "organised",
        _("Areas with a fitness organisation"),
        pgettext_lazy("unit", "areas"),
        _("Areas of all four levels with a federation or, in a village, a fitness organisation."),
        organised,
        level=Level.VILLAGE,
        source=ORGANISATIONS,
        direction=Direction.MORE,
    ),
]
