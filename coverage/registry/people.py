"""Measures of those who do the work: instructors, and the posts of leaders and members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coverage.registry import rows as of
from coverage.registry.kinds import PUBLIC_FROM, Direction, Group, Measure, Text
from instructors.models import InstructorLevel
from jiaozuo_grid.area import Level

_PEOPLE = pgettext_lazy("unit", "people")
_POSTS = pgettext_lazy("unit", "posts")
INSTRUCTORS = _("register of instructors")
CERTIFICATES = _("certificates of instructors")
REGISTRATIONS = _("yearly registrations of instructors")
SERVICES = _("logged sessions with who led them; services entered with evidence")
POSTS = _("appointments")


def _of_level(key: str, name: Text, level: int) -> Measure:
    return Measure(
        key,
        name,
        _PEOPLE,
        _("Instructors in force on the day whose highest certificate in force is of this grade."),
        of.of_level(level),
        level=Level.GRID,
        group=Group.PEOPLE,
        source=CERTIFICATES,
        public_from=PUBLIC_FROM,
    )


PEOPLE = [
    Measure(
        "instructors",
        _("Instructors"),
        _PEOPLE,
        _("Social sports instructors in force on the day."),
        of.instructors,
        level=Level.GRID,
        group=Group.PEOPLE,
        source=INSTRUCTORS,
        direction=Direction.MORE,
        public_from=PUBLIC_FROM,
    ),
    _of_level("instructors_national", _("Instructors, national grade"), InstructorLevel.NATIONAL),
    _of_level("instructors_first", _("Instructors, first grade"), InstructorLevel.FIRST),
    _of_level("instructors_second", _("Instructors, second grade"), InstructorLevel.SECOND),
    _of_level("instructors_third", _("Instructors, third grade"), InstructorLevel.THIRD),
    Measure(
        "certified_instructors",
        _("Instructors with a certificate in the books"),
        _PEOPLE,
        _("Instructors in force on the day of whom a certificate in force is recorded."),
        lambda area, on: of.instructors(area, on).filter(of.is_certified(on)),
        level=Level.GRID,
        group=Group.PEOPLE,
        source=CERTIFICATES,
        direction=Direction.MORE,
        public_from=PUBLIC_FROM,
    ),
    Measure(
        "registered_instructors",
        _("Instructors registered this year"),
        _PEOPLE,
        _("Instructors in force on the day who were registered (工作注册) for its year by then."),
        lambda area, on: of.instructors(area, on).filter(of.is_registered(on)),
        level=Level.GRID,
        group=Group.PEOPLE,
        source=REGISTRATIONS,
        direction=Direction.MORE,
        public_from=PUBLIC_FROM,
    ),
    Measure(
        "serving_instructors",
        _("Instructors who served in 90 days"),
        _PEOPLE,
        _(
            "Instructors in force on the day who led a session or of whom a service is entered, "
            "wherever it was, in the 90 days that end with the day."
        ),
        lambda area, on: of.instructors(area, on).filter(of.is_serving(on)),
        level=Level.GRID,
        group=Group.PEOPLE,
        source=SERVICES,
        direction=Direction.MORE,
        public_from=PUBLIC_FROM,
    ),
    Measure(
        "vacant_leader_posts",
        _("Vacant posts of grid leaders"),
        _POSTS,
        _("Grids in force on the day without a leader whose appointment is in force."),
        lambda area, on: of.grids(area, on).without_leader_on(on),
        level=Level.GRID,
        group=Group.PEOPLE,
        source=POSTS,
        direction=Direction.LESS,
    ),
    Measure(
        "vacant_member_posts",
        _("Vacant posts of grid members"),
        _POSTS,
        _("Hobby grids in force on the day to which no grid member is appointed."),
        lambda area, on: of.hobby_grids(area, on).unstaffed_on(on),
        group=Group.PEOPLE,
        source=POSTS,
        direction=Direction.LESS,
    ),
    Measure(
        "double_posts",
        _("Posts held beside another"),
        _POSTS,
        _(
            "Posts of grid leaders and grid members in force on the day whose holder has another "
            "such post on that day, wherever it is. Who leads all grids of a village holds several."
        ),
        of.double_posts,
        group=Group.PEOPLE,
        source=POSTS,
    ),
]
