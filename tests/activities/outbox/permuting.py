"""One phone's submissions in any order, some twice, some again later, and the map changing between.

The end must be what the author last said, whatever the order (S4).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from activities.models import Session, SessionRevision, Submission, SubmissionState
from activities.outbox.posted import Posted
from activities.outbox.submitting import receive
from grids.lineage import code_on
from grids.reorganise import Part, split_grid
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.activities.acting import renewed
from tests.builders import GRID, HOBBY_GRID

SPLIT = "split"
# What a correction may change, with values that differ from the record's and from each other.
CHANGES: list[dict[str, Any]] = [
    {"participants": 31},
    {"participants": 32, "note": "下雨"},
    {"minutes": 45},
    {"place": "河边", "participants": 33},
    {"start_time": "19:45"},
]


@dataclass
class Story:
    """What an author said of one session, in the order of saying."""

    submissions: list[Posted]
    wanted: dict[str, Any]
    withdrawn: bool
    held_on: Any
    # All states that were answered.
    states: set[str] = field(default_factory=set)


def story(chance: random.Random) -> Story:
    """A record, up to three corrections, perhaps withdrawn; each follows the one before."""
    record, held_on = _id(chance), today() - timedelta(days=chance.choice([1, 5]))
    values = {
        "area_code": HOBBY_GRID,
        "held_on": held_on.isoformat(),
        "start_time": "19:30",
        "minutes": 60,
        "participants": 20,
        "place": "文化广场",
        "note": "",
    }
    submissions = [Posted(record, "session/log", record, dict(values))]
    for changes in chance.sample(CHANGES, chance.randint(0, 3)):
        values |= changes
        submissions.append(_next(chance, submissions, "correct", {**changes, "reason": "数错了"}))
    withdrawn = chance.random() < 0.4
    if withdrawn:
        submissions.append(_next(chance, submissions, "withdraw", {"reason": "没有举行"}))
    return Story(submissions, values, withdrawn, held_on)


def _next(chance: random.Random, before: list[Posted], verb: str, body: dict[str, Any]) -> Posted:
    last = before[-1]
    return Posted(_id(chance), f"session/{verb}", last.record, body, after=last.id)


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def deliveries(told: Story, chance: random.Random) -> list[Any]:
    """The order of arrival: shuffled, some doubled; what was dropped comes again in the end."""
    order: list[Any] = [one for one in told.submissions if chance.random() < 0.85]
    order += [one for one in told.submissions if chance.random() < 0.4]
    order += [SPLIT] if chance.random() < 0.5 else []
    chance.shuffle(order)
    again = list(told.submissions)
    chance.shuffle(again)
    return [*order, *again]


def deliver(told: Story, user: Any, order: list[Any]) -> None:
    for one in order:
        if one == SPLIT:
            split()
        else:
            told.states.add(receive(renewed(user), one).body["state"])


def split() -> None:
    """The grid becomes two, from a day between the two on which sessions are held here."""
    day = today() - timedelta(days=3)
    parts = [Part("东片", hobby_grids=(HOBBY_GRID,)), Part("西片")]
    split_grid(SYSTEM, GRID, parts, day, reason="户数超过400")


def faults(told: Story) -> list[str]:
    """Where the end is not what the author said last."""
    rows = list(Session.objects.all())
    if len(rows) != 1:
        return [f"{len(rows)} rows"]
    row = rows[0]
    found = []
    wanted = told.wanted | {"area_code": code_on(HOBBY_GRID, told.held_on)}
    wanted["held_on"] = told.held_on
    wanted["start_time"] = time.fromisoformat(wanted["start_time"])
    for name, value in wanted.items():
        if getattr(row, name) != value:
            found.append(f"{name} is {getattr(row, name)}, not {value}")
    if (row.withdrawn_at is not None) != told.withdrawn:
        found.append(f"withdrawn: {row.withdrawn_at}")
    steps = len(told.submissions) - 1
    if row.version != steps + 1 or SessionRevision.objects.count() != steps:
        found.append(f"version {row.version} after {steps} amendments")
    if Submission.objects.exclude(state=SubmissionState.DONE).exists():
        found.append("an amendment is not done")
    if row.logged_at > timezone.now():
        found.append("logged in the future")
    if told.states - {"done", "kept"}:
        found.append(f"answered: {told.states}")
    return found
