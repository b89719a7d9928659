"""Recording the resident figures of many divisions at once; the rule is that of one division.

``grids.actions.record_residents`` says what happens to a single count. Here the two cases that make
up an import, a first count and a newer count, are written in bulk; everything else goes to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from grids.actions.residents import FIGURES, record_residents
from grids.models import ResidentCount
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.reach import Actor

VERB = "record residents"


def record_residents_of_many(
    actor: Actor, figures: Mapping[str, Mapping[str, Any]], on: date, *, source: str = ""
) -> None:
    """Record ``figures`` (by area code, then by figure) as known from ``on``.

    Call it in a transaction. A figure not given is carried over from the earlier count.
    """
    history = _histories(figures)
    begun: list[ResidentCount] = []
    ended: list[ResidentCount] = []
    for code, given in figures.items():
        counts = history[code]
        newest = counts[-1] if counts else None
        if newest is not None and (newest.ended_on is not None or newest.started_on >= on):
            record_residents(actor, code, on, source=source, **given)
            continue
        values = {name: getattr(newest, name, None) for name in FIGURES} | dict(given)
        begun.append(ResidentCount(area_code=code, started_on=on, source=source, **values))
        if newest is not None:
            newest.ended_on = on
            ended.append(newest)
    keep_changed(actor, ended, ["ended_on"], "end")
    keep_new(actor, begun, VERB)


def _histories(figures: Mapping[str, Any]) -> dict[str, list[ResidentCount]]:
    """All counts of the divisions, oldest first."""
    history: dict[str, list[ResidentCount]] = defaultdict(list)
    codes = sorted(figures)
    for start in range(0, len(codes), 500):
        counts = ResidentCount.objects.filter(area_code__in=codes[start : start + 500])
        for count in counts.select_for_update().order_by("started_on", "pk"):
            history[count.area_code].append(count)
    return history
