"""Every gap: the named rows that keep an indicator below its target, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from coverage.registry import rows as of
from coverage.registry.kinds import Gap
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
]
GAPS: dict[str, Gap] = {gap.key: gap for gap in _GAPS}
