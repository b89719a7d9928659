"""More participants than people live there. Guests may have come: it is a question, no refusal."""

from __future__ import annotations

from datetime import date

from django.db import models

from activities.review.verdicts import Values, Verdicts, Written
from grids.models import Grid, ResidentCount
from jiaozuo_grid.area import Level
from jiaozuo_grid.often import Often, slot


def judge(written: Written, values: Values) -> Verdicts:
    """Two queries at most, none where day and number stayed: what was believed stays so."""
    session, now, before = written.session, written.now, written.before
    if not now.counts:
        return {session.pk: None}
    if before and (before.held_on, before.participants) == (now.held_on, now.participants):
        return {}
    population = population_of(session.area_code, session.held_on)
    if population is None or session.participants <= population:
        return {session.pk: None}
    return {session.pk: {"participants": session.participants, "population": population}}


def population_of(hobby_grid_code: str, day: date) -> int | None:
    """How many people live where the hobby grid is at home, where that is known."""
    grid: Grid | None = _GRID.first(code=hobby_grid_code[: Level.GRID])
    if grid is not None and grid.population:
        return grid.population
    counted = _COUNTED.first(code=hobby_grid_code[: Level.VILLAGE], day=day)
    return (counted and counted[0]) or None


_CODE = slot("code", models.CharField())
_GRID = Often(lambda: Grid.objects.filter(area_code=_CODE).order_by("pk")[:1])
_COUNTED = Often(
    lambda: (
        ResidentCount.objects.filter(area_code=_CODE)
        .on(slot("day", models.DateField()))
        .values_list("population")[:1]
    )
)
