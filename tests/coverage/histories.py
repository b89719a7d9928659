"""Random histories of a small city, acted through the same writing as everything else."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random
from uuid import UUID

from activities.models import Session
from grids.models import Appointment, Grid, ResidentCount, Role
from grids.writing import keep
from jiaozuo_grid.reach import SYSTEM
from tests.builders import (
    COMMUNITY,
    GRID,
    HOBBY_GRID,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    VILLAGE,
    person,
    user,
)

LAST = date(2026, 11, 20)


class History:
    """A series of changes, late and backdated ones among them."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.writer = user()

    def step(self) -> None:
        """One change, chosen by chance."""
        changes = (self.log, self.log, self.log, self.withdraw, self.lead, self.count, self.end)
        self.rng.choice(changes)()

    def day(self) -> date:
        return LAST - timedelta(days=self.rng.randrange(300))

    def log(self) -> None:
        session = Session(
            id=UUID(int=self.rng.getrandbits(128), version=4),
            area_code=self.rng.choice((HOBBY_GRID, OTHER_HOBBY_GRID)),
            held_on=self.day(),
            start_time=time(self.rng.randrange(24)),
            minutes=60,
            participants=self.rng.randrange(1, 40),
            logged_by=self.writer,
        )
        keep(SYSTEM, session, "log")

    def withdraw(self) -> None:
        session = Session.objects.standing().order_by("id").first()
        if session is not None:
            session.withdrawn_at = f"{LAST}T12:00:00+08:00"
            keep(SYSTEM, session, "withdraw")

    def lead(self) -> None:
        """Appoint a leader, or end the one in force, on any day since the appointment."""
        code = self.rng.choice((GRID, OTHER_GRID))
        posts = Appointment.objects.filter(role=Role.GRID_LEADER, area_code=code, ended_on=None)
        post = posts.first()
        if post is None:
            post = Appointment(
                person=person(), role=Role.GRID_LEADER, area_code=code, started_on=self.day()
            )
        else:
            post.ended_on = max(post.started_on, self.day())
        keep(SYSTEM, post, "lead")

    def count(self) -> None:
        """Give a village's residents, or end the count in force."""
        code = self.rng.choice((VILLAGE, COMMUNITY))
        stored = ResidentCount.objects.filter(area_code=code, ended_on=None).first()
        if stored is None:
            stored = ResidentCount(
                area_code=code,
                started_on=self.day(),
                population=self.rng.randrange(900),
                households=self.rng.choice((None, self.rng.randrange(2000))),
                villager_groups=self.rng.choice((None, 3)),
            )
        else:
            stored.ended_on = max(stored.started_on, self.day())
        keep(SYSTEM, stored, "count")

    def end(self) -> None:
        """End a grid, or take its end back."""
        grid = Grid.objects.get(area_code=self.rng.choice((GRID, OTHER_GRID)))
        grid.ended_on = None if grid.ended_on else self.day()
        keep(SYSTEM, grid, "end")
