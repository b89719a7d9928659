"""What people are asked for, why, and how much of it: the burden budget.

Every form that somebody has to fill in because of their role stands here with each of its fields
and the rule of the job that needs it, how often a week it is usual, and what it may take at most.
What it does take is measured by the browser tests on the pages themselves (burden.json). Nothing
here is ever counted for a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.effort import Desk, Effort
from grids.models import Role

Text = str | Promise
MEASURED = Path(__file__).with_name("burden.json")
# What a leader's week may take (pitfalls U1).
WEEK = Effort(40)
WEEK_SECONDS = 180


@dataclass(frozen=True)
class Asked:
    """A field, and the rule of the job that needs it; ``needed``: the form cannot do without it."""

    name: str
    label: Text
    why: Text
    needed: bool = False


@dataclass(frozen=True)
class Task:
    """Something that a role does in a form; ``form`` is its kind in the outbox."""

    key: str
    title: Text
    why: Text
    most: Effort | Desk
    # How often in a usual week; 0: now and then.
    a_week: int = 0
    form: str = ""
    fields: tuple[Asked, ...] = ()

    @property
    def measured(self) -> Effort | Desk:
        return measured()[self.key]


DAY = Asked("held_on", _("Day"), _("Figures belong to a month."), needed=True)
START = Asked(
    "start_time", _("Start"), _("So that nobody's session is counted twice."), needed=True
)
MINUTES = Asked("minutes", _("Minutes"), _("How much exercise there was."), needed=True)
PEOPLE = Asked(
    "participants", _("Participants"), _("How many people exercise: that is the aim."), needed=True
)
PLACE = Asked("place", _("Place"), _("So that others find it."))
LED_BY = Asked("led_by", _("Led by"), _("It counts as the instructor's service."))
NOTE = Asked("note", _("Note"), _("Only what you want to say."))
PHOTO = Asked("photo", _("Photo"), _("Only if you like; never required."))
REASON = Asked("reason", _("Why"), _("So that a changed figure can be explained."), needed=True)
WHERE = Asked("area_code", _("Where"), _("It counts for this village or grid."), needed=True)

SESSION = (PEOPLE, DAY, START, MINUTES, PLACE, LED_BY, NOTE, PHOTO)
GATHERING = (WHERE, PEOPLE, DAY, START, MINUTES, PLACE, NOTE)

LOGGING = (
    Task(
        "repeat",
        _("Log a session, as last time"),
        _("What is held is counted once, where it was held; nobody asks for it again."),
        Effort(2),
        a_week=3,
        form="session/log",
        fields=SESSION,
    ),
    Task(
        "changed",
        _("Log a session, with another number of participants"),
        _("The number is the one thing that differs from week to week."),
        Effort(3, 2),
        a_week=2,
        form="session/log",
        fields=SESSION,
    ),
    Task(
        "called-off",
        _("Say that a session was not held"),
        _("So that a gap is not taken for something forgotten. It is no blame."),
        Effort(2),
        a_week=1,
        form="session/called-off",
        fields=(
            DAY,
            START,
            Asked("reason", _("Why"), _("Weather, harvest, holiday: one tap."), needed=True),
        ),
    ),
    Task(
        "correct",
        _("Correct a session"),
        _("A figure that is wrong is mended by whoever wrote it."),
        Effort(7, 3),
        a_week=1,
        form="session/correct",
        fields=(*SESSION[:-1], REASON),
    ),
    Task(
        "lecture",
        _("Write down a lecture"),
        _("Lectures of the sports lecture hall are a figure of the programme."),
        Effort(7, 12),
        a_week=1,
        form="lecture/log",
        fields=(
            Asked("topic", _("Topic"), _("So that it can be told from others."), needed=True),
            *GATHERING,
            Asked("guest", _("Speaker"), _("So that the speaker can be thanked.")),
        ),
    ),
    Task(
        "running",
        _("Start and end a session in the square"),
        _("Instead of writing down day, hour and length."),
        Effort(4),
    ),
    Task(
        "withdraw",
        _("Withdraw a session"),
        _("What was not held must not count."),
        Effort(5),
        form="session/withdraw",
        fields=(REASON,),
    ),
    Task(
        "schedule",
        _("Say when a group meets"),
        _("Once a season; then every session is prepared, and two taps log it."),
        Effort(12, 0),
        form="schedule",
        fields=(
            Asked("weekdays", _("Days of the week"), _("So that Today is prepared."), needed=True),
            START,
            MINUTES,
            PLACE,
            Asked("holidays", _("On official holidays"), _("So that nobody waits."), needed=True),
            Asked("season_from", _("From"), _("Where summer and winter differ.")),
            Asked("season_until", _("Until"), _("Where summer and winter differ.")),
            Asked("started_on", _("In force from"), _("The past stays as it was."), needed=True),
        ),
    ),
    Task(
        "event",
        _("Write down an event"),
        _("Contests and performances are a figure of the programme."),
        Effort(8, 12),
        form="event/log",
        fields=(
            Asked("title", _("Title"), _("So that it can be told from others."), needed=True),
            Asked("event_kind", _("Kind"), _("Contests and shows count apart."), needed=True),
            *GATHERING,
        ),
    ),
)
OFFICE = (
    Task(
        "review",
        _("Look at a session that is unlikely"),
        _("So that a slip of the finger does not spoil the figures. Most need one tap."),
        Effort(1),
        a_week=5,
        form="review",
        fields=(Asked("remark", _("Remark"), _("Only if you like.")),),
    ),
    Task(
        "paper",
        _("Enter a week of a village from paper: 20 sessions"),
        _("Only where somebody has no phone. Paper counts as much as a phone does."),
        Desk(keys=130, rows=23),
        a_week=1,
        form="paper",
        fields=(
            Asked("participants", _("Participants"), PEOPLE.why, needed=True),
            Asked("group", _("Group no."), _("Only for what no schedule expects.")),
            Asked("day", _("Day"), _("Only for what no schedule expects.")),
            Asked("start", _("Start"), _("Only where it was not as usual.")),
            Asked("minutes", _("Minutes"), _("Only where it was not as usual.")),
        ),
    ),
)

# What each role is asked for; a role without an entry is asked for nothing that comes every week.
ASKED: Mapping[str, tuple[Task, ...]] = {
    Role.GRID_LEADER: LOGGING,
    Role.GRID_MEMBER: LOGGING,
    Role.TOWNSHIP_OFFICER: OFFICE,
}


def tasks() -> list[Task]:
    """All that is asked of anybody, each once."""
    return list(dict.fromkeys(task for of_role in ASKED.values() for task in of_role))


def week_of_role(role: str) -> Effort:
    """What a usual week takes on the phone, as it was measured; the desk is another matter."""
    total = Effort(0)
    for task in ASKED.get(role, ()):
        if isinstance(task.measured, Effort):
            total = total + task.measured * task.a_week
    return total


@cache
def measured() -> dict[str, Effort | Desk]:
    """What the browser tests measured, by task."""
    read: dict[str, dict[str, Any]] = json.loads(MEASURED.read_text())
    return {key: Desk(**row) if "keys" in row else Effort(**row) for key, row in read.items()}


# Settings that the national rules against formalism at the fingertips forbid. There are none by
# these names, and whoever sets one finds that the system does not start (activities/checks.py).
FORBIDDEN: Mapping[str, Text] = {
    "PHOTO_REQUIRED": _("a photo as a condition of a record"),
    "POSITION_REQUIRED": _("the position of the phone as a condition of a record"),
    "STAFF_CHECK_IN": _("checking in of staff, by code, place or face"),
    "RANK_PERSONS": _("points and rankings of persons"),
    "COUNT_ONLINE_TIME": _("time spent in the application as an indicator"),
    "RANK_BY_USE": _("installation or use of the application as an indicator"),
}
