"""A reorganisation as a background job, carried out as it was previewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.audit import coming_from
from accounts.models import Door
from grids.models import Change, Reorganisation
from grids.reorganise.divisions import merge_division, renumber_division
from grids.reorganise.grids import Part, merge_grid, move_hobby_grid, split_grid
from grids.reorganise.ground import Terms
from grids.reorganise.report import Report
from grids.reorganise.undo import undo_reorganisation
from jiaozuo_grid.jobs import Job, works_as
from jiaozuo_grid.reach import Actor

KIND, UNDO = "reorganise", "undo_reorganisation"


def _split(actor: Actor, source: str, parts: list[dict[str, Any]], **options: Any) -> Report:
    made = [Part(**{**part, "hobby_grids": tuple(part["hobby_grids"])}) for part in parts]
    return split_grid(actor, source, made, **options)


OPERATIONS: dict[str, Callable[..., Report]] = {
    Change.MERGE_DIVISION: merge_division,
    Change.RENUMBER_DIVISION: renumber_division,
    Change.MERGE_GRID: merge_grid,
    Change.SPLIT_GRID: _split,
    Change.MOVE_HOBBY_GRID: move_hobby_grid,
}


def carry_out(actor: Actor, kind: str, source: str, terms: Terms, **params: Any) -> Report:
    """One reorganisation, from parameters as JSON can hold them."""
    params = {**params, "on": date.fromisoformat(params["on"])}
    return OPERATIONS[kind](actor, source, terms=terms, **params)


@works_as(
    KIND,
    label=_("Reorganise"),
    back="reorganisation-list",
    result_template="grids/_reorganised.html",
)
def work(job: Job) -> dict[str, Any]:
    """Carry it out as the job's owner, with the rights that they have by now."""
    params = dict(job.params)
    terms = Terms(agreed=params.pop("agreed"))
    with coming_from(Door.TASK):
        report = carry_out(job.owner, params.pop("change"), params.pop("source"), terms, **params)
    done = Reorganisation.objects.get(pk=report.reorganisation or 0)
    return {"reorganisation": done.pk, "title": done.title}


@works_as(
    UNDO,
    label=_("Undo a change of the map"),
    back="reorganisation-list",
    result_template="grids/_reorganised.html",
)
def undo(job: Job) -> dict[str, Any]:
    """Take one back as the job's owner."""
    row = Reorganisation.objects.get(pk=job.params["reorganisation"])
    with coming_from(Door.TASK):
        undo_reorganisation(job.owner, row)
    return {"reorganisation": row.pk, "title": row.title, "undone": True}
