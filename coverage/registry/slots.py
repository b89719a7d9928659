"""Measures declared for apps that are still to come: not known until one fills them.

An app fills a slot with ``jiaozuo_grid.counted.offer``; nothing else has to change here.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coverage.registry import rows as of
from coverage.registry.kinds import PUBLIC_FROM, Direction, Group, Kind, Measure, Text

_NOT_YET = _("There is no register of this yet.")


def _slot(
    key: str,
    name: Text,
    unit: Text,
    definition: Text,
    group: Group,
    *,
    missing: Text = _NOT_YET,
    public_from: int = PUBLIC_FROM,
) -> Measure:
    return Measure(
        key,
        name,
        unit,
        definition,
        of.dated(key),
        kind=Kind.FLOW,
        group=group,
        source=_("an app still to come"),
        direction=Direction.MORE,
        public_from=public_from,
        missing=missing,
    )


SLOTS = [
    _slot(
        "regular_participants",
        _("Regular participants"),
        pgettext_lazy("unit", "people"),
        _("People who exercise three times a week or more, as a survey finds them."),
        Group.ACTIVITY,
        missing=_(
            "Check-ins do not tell it: they are nobody's duty, most are without an account, and "
            "those are forgotten after 30 days. A count would say how many use check-in."
        ),
    ),
    _slot(
        "fitness_tests",
        _("Fitness tests this month"),
        _("tests"),
        _("People tested by the national fitness standard in the calendar month of the day."),
        Group.HEALTH,
    ),
    _slot(
        "prescriptions",
        _("Exercise prescriptions this month"),
        _("prescriptions"),
        _("Exercise prescriptions issued in the calendar month of the day."),
        Group.HEALTH,
    ),
    _slot(
        "home_visits",
        _("Home visits this month"),
        _("visits"),
        _("Home visits (入户走访) in the calendar month of the day."),
        Group.OUTREACH,
    ),
    _slot(
        "notices",
        _("Notices published this month"),
        _("notices"),
        _("Notices published in the calendar month of the day."),
        Group.OUTREACH,
        public_from=1,
    ),
    _slot(
        "reports_closed",
        _("Problem reports closed this month"),
        _("reports"),
        _("Problem reports closed in the calendar month of the day."),
        Group.OUTREACH,
        public_from=1,
    ),
]
