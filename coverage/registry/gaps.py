"""Every gap: the named rows that keep an indicator below its target, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from coverage.registry import rows as of
from coverage.registry.kinds import Gap
from grids.models import HobbyGrid
from grids.organisations import to_be_federated, to_be_organised
from jiaozuo_grid.area import Level

_GAPS = [
    Gap(
        "villages_without_grids",
        _("Villages without a grid"),
        _("Establish the village's grids."),
        lambda area, on: of.villages(area, on).filter(~of.has_grids(on)),
        "villages",
        "villages_with_grids",
        "villages_with_grids_share",
    ),
    Gap(
        "villages_not_counted",
        _("Villages without resident figures"),
        _("Record population and households: without them there is no rate for the whole area."),
        lambda area, on: of.villages(area, on).filter(~of.is_counted(on)),
        "villages",
        "counted_villages",
        "villages_counted_share",
    ),
    Gap(
        "grids_without_leader",
        _("Grids without a leader"),
        _("Appoint a grid leader."),
        lambda area, on: of.grids(area, on).without_leader_on(on),
        "grids",
        "led_grids",
        "led_share",
    ),
    Gap(
        "hobby_grids_without_member",
        _("Hobby grids without a member"),
        _("Appoint a grid member who runs it."),
        lambda area, on: of.hobby_grids(area, on).unstaffed_on(on),
        "hobby_grids",
        "staffed_hobby_grids",
        "staffed_share",
    ),
    Gap(
        "silent_grids",
        _("Grids silent for 30 days"),
        _("Ask the leader what is missing: a place, someone to run it, or only the record."),
        lambda area, on: of.grids(area, on).filter(~of.had_session(area, on, Level.GRID)),
        "grids",
        "active_grids",
        "active_grid_share",
    ),
    Gap(
        "silent_hobby_grids",
        _("Hobby grids silent for 30 days"),
        _("Ask the member who runs it, or end a hobby grid that no longer meets."),
        lambda area, on: of.hobby_grids(area, on).filter(
            ~of.had_session(area, on, Level.HOBBY_GRID)
        ),
        "hobby_grids",
        "active_hobby_grids",
        "active_hobby_share",
    ),
    Gap(
        "areas_without_federation",
        _("Areas without a sports federation"),
        _("Found one, or enter it in the register of organisations."),
        lambda area, on: to_be_federated(area, on).without_federation_on(on),
        "to_be_federated",
        "federated",
        "federated_share",
    ),
    Gap(
        "areas_without_fitness_organisation",
        _("Areas without a fitness organisation"),
        _("Found one, or enter it in the register of organisations."),
        lambda area, on: to_be_organised(area, on).without_fitness_organisation_on(on),
        "to_be_organised",
        "organised",
        "organised_share",
    ),
    Gap(
        "grids_outside_band",
        _("Urban grids outside 300 to 500 households"),
        _("Count the households anew, or divide or join grids."),
        lambda area, on: of.urban_grids(area, on).exclude(of.in_band()),
        "urban_grids",
        "banded_grids",
        "banded_share",
    ),
    Gap(
        "meetings_without_record",
        _("Hobby grids with meetings of which nothing is recorded"),
        _("Ask the member who runs it: was it held and not yet logged, or called off?"),
        lambda area, on: HobbyGrid.objects.within(area).filter(
            of.in_month("scheduled_hobby_grids", on), ~of.in_month("recorded_hobby_grids", on)
        ),
        "scheduled_hobby_grids",
        "recorded_hobby_grids",
        "recorded_share",
    ),
    Gap(
        "instructors_without_certificate",
        _("Instructors without a certificate in the books"),
        _("Enter the certificate with its number and day."),
        lambda area, on: of.instructors(area, on).filter(~of.is_certified(on)),
        "instructors",
        "certified_instructors",
        "certified_share",
    ),
    Gap(
        "instructors_not_registered",
        _("Instructors not registered this year"),
        _("Register them (工作注册) for this year, or end the entry of who serves no more."),
        lambda area, on: of.instructors(area, on).filter(~of.is_registered(on)),
        "instructors",
        "registered_instructors",
        "registered_share",
    ),
    Gap(
        "instructors_not_serving",
        _("Instructors without a service in 90 days"),
        _("Ask whether they would like to serve, and where they are wanted."),
        lambda area, on: of.instructors(area, on).exclude(of.is_serving(on)),
        "instructors",
        "serving_instructors",
        "serving_share",
    ),
    Gap(
        "stations_below_standard",
        _("Stations below the standard, or not known"),
        _("Post instructors, agree on hours with guidance, or enter what is not known."),
        lambda area, on: of.stations(area, on).exclude(of.meets_standard(on)),
        "stations",
        "standard_stations",
        "standard_share",
    ),
    Gap(
        "villages_without_point",
        _("Villages without a known point"),
        _("Enter the village's coordinates: without them nobody knows how far its station is."),
        lambda area, on: of.villages(area, on).exclude(of.is_placed()),
        "villages",
        "placed_villages",
        "placed_share",
    ),
    Gap(
        "villages_without_station_near",
        _("Villages farther than 1 km from a station"),
        _("Plan a station, or enter the coordinates of one that is not on the map yet."),
        lambda area, on: of.villages(area, on).filter(
            of.is_placed(), ~of.has_station_within(1000, on)
        ),
        "placed_villages",
        "near_villages",
        "near_share",
    ),
]
GAPS: dict[str, Gap] = {gap.key: gap for gap in _GAPS}
