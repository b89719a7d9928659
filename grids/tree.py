"""The tree of areas: what stands at a code, and the way down to it."""

from __future__ import annotations

from grids.models import Division, Grid, HobbyGrid
from jiaozuo_grid.area import Level, is_area_code

Area = Division | Grid | HobbyGrid


def model_at(code: str) -> type[Area]:
    """The kind of row that stands at a code of this length."""
    if len(code) == Level.HOBBY_GRID:
        return HobbyGrid
    return Grid if len(code) == Level.GRID else Division


def area_at(code: str) -> Area | None:
    """The division, grid or hobby grid at ``code``, ended ones too; None where there is none."""
    if not is_area_code(code):
        return None
    return model_at(code).objects.filter(area_code=code).first()


def home_code(code: str) -> str:
    """Where someone appointed at ``code`` is entered: a hobby grid's member in its grid or village.

    The leader of the grid then reaches the members that they appoint.
    """
    if len(code) < Level.HOBBY_GRID:
        return code
    return code[: Level.VILLAGE] if code[12:15] == "000" else code[: Level.GRID]


def path_to(code: str) -> list[tuple[str, str]]:
    """(code, name) of everything from the city down to ``code``, as far as it exists."""
    path = list(Division.objects.path_to(code).values_list("area_code", "name"))
    for level, model in ((Level.GRID, Grid), (Level.HOBBY_GRID, HobbyGrid)):
        if len(code) >= level:
            there = model.objects.filter(area_code=code[:level])
            path.extend(there.values_list("area_code", "name"))
    return path
