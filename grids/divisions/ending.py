"""Whether divisions that a new list no longer has can be ended."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Q

from grids.divisions.problems import Problem, problem
from grids.models import Appointment, Division, Grid, HobbyGrid
from jiaozuo_grid.area import ancestors, within_q

# More areas than this in one condition are slower than reading the whole city once.
MANY = 50


def cannot_end(absent: list[Division], on: date) -> list[Problem]:
    """Why each of ``absent`` could not be ended on ``on``; empty if all of them could.

    A division ends only together with all divisions below it, and not while a grid, hobby grid or
    appointment is in force there: whoever runs it must end or move those knowingly.
    """
    codes = {division.area_code for division in absent}
    if not codes:
        return []
    lasting = Q(ended_on=None) | Q(ended_on__gt=on)
    below = {
        "divisions": _count(Division, codes, lasting),
        "grids": _count(Grid, codes, lasting),
        "hobby_grids": _count(HobbyGrid, codes, lasting),
        "appointments": _count(Appointment, codes, lasting),
    }
    problems = []
    for division in absent:
        code, name = division.area_code, division.name
        found = {what: counts[code] for what, counts in below.items()}
        if any(found.values()):
            problems.append(problem("still_in_force", None, "", code, name=name, **found))
        elif division.started_on > on:
            day = division.started_on.isoformat()
            problems.append(problem("begins_later", None, "", code, name=name, day=day))
    return problems


def _count(model: Any, codes: set[str], lasting: Q) -> Counter[str]:
    """For each of ``codes`` how many rows last at or below it (divisions of ``codes`` apart)."""
    rows = model.objects.filter(lasting)
    tops = [code for code in codes if not codes.intersection(ancestors(code))]
    rows = rows.filter(within_q(tops)) if len(tops) <= MANY else rows.within(tops[0][:4])
    found: Counter[str] = Counter()
    for code in rows.values_list("area_code", flat=True).iterator(chunk_size=5000):
        if model is Division and code in codes:
            continue
        found.update(codes.intersection(ancestors(code, include_self=True)))
    return found
