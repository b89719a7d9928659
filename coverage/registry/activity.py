"""Measures of what is done: activity, sessions, schedules, lectures, events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coverage.registry import rows as of
from coverage.registry.kinds import PUBLIC_FROM, Direction, Group, Kind, Measure
from jiaozuo_grid.area import Level

SESSIONS = _("logged sessions")
SCHEDULES = _("schedules of hobby grids, logged sessions, meetings called off")
LECTURES = _("logged lectures")
EVENTS = _("logged events")
_PERSON_TIMES = pgettext_lazy("unit", "person-times")
_MEETINGS = pgettext_lazy("unit", "meetings")

ACTIVITY = [
    Measure(
        "active_grids",
        _("Active grids"),
        pgettext_lazy("unit", "grids"),
        _("Grids in which a session was held in the 30 days that end with the day."),
        lambda area, on: of.grids(area, on).filter(of.had_session(area, on, Level.GRID)),
        level=Level.GRID,
        group=Group.ACTIVITY,
        source=SESSIONS,
        direction=Direction.MORE,
    ),
    Measure(
        "active_hobby_grids",
        _("Active hobby grids"),
        pgettext_lazy("unit", "hobby grids"),
        _("Hobby grids that held a session in the 30 days that end with the day."),
        lambda area, on: of.hobby_grids(area, on).filter(
            of.had_session(area, on, Level.HOBBY_GRID)
        ),
        group=Group.ACTIVITY,
        source=SESSIONS,
        direction=Direction.MORE,
    ),
    Measure(
        "sessions",
        _("Sessions this month"),
        pgettext_lazy("unit", "sessions"),
        _("Sessions held in the calendar month of the day and not withdrawn."),
        of.sessions,
        kind=Kind.FLOW,
        group=Group.ACTIVITY,
        source=SESSIONS,
        direction=Direction.MORE,
    ),
    Measure(
        "participants",
        _("Participants this month"),
        _PERSON_TIMES,
        _("Participants of the month's sessions; who comes twice counts twice."),
        of.sessions,
        kind=Kind.FLOW,
        amount="participants",
        group=Group.ACTIVITY,
        source=SESSIONS,
        direction=Direction.MORE,
        public_from=PUBLIC_FROM,
    ),
    Measure(
        "participant_minutes",
        _("Participant-minutes this month"),
        pgettext_lazy("unit", "minutes"),
        _("Of each session of the month, its participants × its minutes."),
        of.sessions_with_time,
        kind=Kind.FLOW,
        amount="participant_minutes",
        group=Group.ACTIVITY,
        source=SESSIONS,
        direction=Direction.MORE,
    ),
    Measure(
        "expected_meetings",
        _("Meetings scheduled this month"),
        _MEETINGS,
        _(
            "Meetings of the calendar month of the day, on days that are over by now, that the "
            "hobby grids' schedules said; holidays on which a schedule is off are none. Hobby "
            "grids that only have a usual hour in the register are not counted."
        ),
        of.months_of("expected_meetings"),
        kind=Kind.FLOW,
        amount="expected_meetings",
        group=Group.ACTIVITY,
        source=SCHEDULES,
    ),
    Measure(
        "kept_meetings",
        _("Scheduled meetings held"),
        _MEETINGS,
        _(
            "Of the month's scheduled meetings, those that took place: on each day as many as "
            "sessions were logged, at most as many as were scheduled and not called off."
        ),
        of.months_of("kept_meetings"),
        kind=Kind.FLOW,
        amount="kept_meetings",
        group=Group.ACTIVITY,
        source=SCHEDULES,
        direction=Direction.MORE,
    ),
    Measure(
        "called_off_meetings",
        _("Scheduled meetings called off"),
        _MEETINGS,
        _("Of the month's scheduled meetings, those of which it was said that they are not held."),
        of.months_of("called_off_meetings"),
        kind=Kind.FLOW,
        amount="called_off_meetings",
        group=Group.ACTIVITY,
        source=SCHEDULES,
    ),
    Measure(
        "scheduled_hobby_grids",
        _("Hobby grids with scheduled meetings"),
        pgettext_lazy("unit", "hobby grids"),
        _(
            "Hobby grids of which a schedule said a meeting in the month, on a day that is over. "
            "One that got another code within the month counts at both."
        ),
        of.months_of("scheduled_hobby_grids"),
        kind=Kind.FLOW,
        group=Group.ACTIVITY,
        source=SCHEDULES,
    ),
    Measure(
        "recorded_hobby_grids",
        _("Hobby grids whose meetings are all recorded"),
        pgettext_lazy("unit", "hobby grids"),
        _(
            "Of the hobby grids with scheduled meetings in the month, those of which each meeting "
            "is recorded as held or as called off."
        ),
        of.months_of("recorded_hobby_grids"),
        kind=Kind.FLOW,
        group=Group.ACTIVITY,
        source=SCHEDULES,
        direction=Direction.MORE,
    ),
    Measure(
        "lectures",
        _("Lectures this month"),
        pgettext_lazy("unit", "lectures"),
        _(
            "Lectures (体育大讲堂) held in the calendar month of the day at or below the area, and "
            "not withdrawn. One of a township belongs to none of its villages."
        ),
        of.dated("lectures"),
        kind=Kind.FLOW,
        level=Level.GRID,
        group=Group.ACTIVITY,
        source=LECTURES,
        direction=Direction.MORE,
    ),
    Measure(
        "listeners",
        _("Listeners this month"),
        _PERSON_TIMES,
        _("Listeners of the month's lectures; who comes twice counts twice."),
        of.dated("listeners"),
        kind=Kind.FLOW,
        amount="participants",
        level=Level.GRID,
        group=Group.ACTIVITY,
        source=LECTURES,
        direction=Direction.MORE,
        public_from=PUBLIC_FROM,
    ),
    Measure(
        "events",
        _("Events this month"),
        pgettext_lazy("unit", "events"),
        _(
            "Contests, performances and other events held in the calendar month of the day at or "
            "below the area, and not withdrawn; of a longer one each day that was logged."
        ),
        of.dated("events"),
        kind=Kind.FLOW,
        level=Level.GRID,
        group=Group.ACTIVITY,
        source=EVENTS,
        direction=Direction.MORE,
    ),
    Measure(
        "event_participants",
        _("Participants of events this month"),
        _PERSON_TIMES,
        _("Participants of the month's events; who comes twice counts twice."),
        of.dated("event_participants"),
        kind=Kind.FLOW,
        amount="participants",
        level=Level.GRID,
        group=Group.ACTIVITY,
        source=EVENTS,
        direction=Direction.MORE,
        public_from=PUBLIC_FROM,
    ),
]
