"""Two changes of the map in the city's past: a village merged into its neighbour, a grid split.

Made by the same actions as everyone's, so that both readings of the figures have something to
differ in.
"""

from __future__ import annotations

from datetime import date, timedelta

from grids.models import Division, Grid, HobbyGrid
from grids.reorganise import Part, Terms, merge_division, split_grid
from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import SYSTEM

MERGED = timedelta(days=75)
SPLIT = timedelta(days=40)


def change_the_map(today: date) -> None:
    """In the last township of the last county, where no demo account works."""
    standing = Division.objects.on(today - MERGED).filter(ended_on=None)
    villages = list(standing.villages().order_by("-area_code")[:2])
    if len(villages) < 2:
        return
    source, target = villages
    merge_division(
        SYSTEM,
        source.area_code,
        target.area_code,
        today - MERGED,
        reason="民政部门批复（演示）",
        terms=Terms(entered_on=today),
    )
    _split_one(target.area_code[: Level.TOWNSHIP], today)


def _split_one(township: str, today: date) -> None:
    """The first grid there with two hobby grids becomes two."""
    grids = Grid.objects.within(township).on(today - SPLIT).filter(ended_on=None)
    for grid in grids.order_by("area_code"):
        groups = HobbyGrid.objects.within(grid.area_code).filter(ended_on=None)
        codes = list(groups.order_by("area_code").values_list("area_code", flat=True))
        if len(codes) < 2:
            continue
        parts = [
            Part(f"{grid.name}东片", hobby_grids=(codes[0],)),
            Part(f"{grid.name}西片", hobby_grids=tuple(codes[1:])),
        ]
        split_grid(
            SYSTEM,
            grid.area_code,
            parts,
            today - SPLIT,
            reason="户数增加（演示）",
            terms=Terms(entered_on=today),
        )
        return
