"""Grids merge and split; a hobby grid moves to another grid, or serves the whole village."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grids.actions.ground import require
from grids.models import Appointment, Change, Division, Grid, GridKind, HobbyGrid, Role
from grids.reorganise.ground import FREELY, Decision, Terms, check_stands, reorganising
from grids.reorganise.moving import (
    Move,
    carry_over,
    end_all,
    move_areas,
    move_what_happened,
    move_what_stands_there,
)
from grids.reorganise.numbers import Numbers
from grids.reorganise.report import Report, label_of
from grids.tree import area_at, path_to
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor

RIGHT = "reorganise grids"
MOST_PARTS = 9


@dataclass(frozen=True)
class Part:
    """One part of a grid that is split. Without households they are estimated."""

    name: str
    households: int | None = None
    population: int | None = None
    hobby_grids: tuple[str, ...] = ()


def _grid(code: str, field: str) -> Grid:
    grid = Grid.objects.filter(area_code=code).first()
    if grid is None:
        raise ValidationError({field: _("There is no grid with this code.")})
    return grid


def _in_words(code: str) -> str:
    return " ".join(name for _code, name in path_to(code)[-2:])


def merge_grid(
    actor: Actor, source: str, target: str, on: date, *, reason: str, terms: Terms = FREELY
) -> Report:
    """Grid ``source`` becomes part of grid ``target`` from ``on``; the target keeps its own.

    Where both have a leader, the target's stays and the source's post ends. Raises ``OutOfReach``
    or ``ValidationError``; ``Rehearsed`` when only rehearsed.
    """
    require(actor, RIGHT, source)
    require(actor, RIGHT, target)
    if source == target:
        raise ValidationError({"target": _("Choose another grid than this one.")})
    leaving, staying = _grid(source, "source"), _grid(target, "target")
    title = _("%(source)s merges into %(target)s") % {
        "source": _in_words(source),
        "target": _in_words(target),
    }
    decision = Decision(Change.MERGE_GRID, source, target, on, title, reason)
    with reorganising(actor, decision, terms) as move:
        leaving.refresh_from_db()
        staying.refresh_from_db()
        check_stands(leaving, on)
        check_stands(staying, on)
        move.codes[source] = target
        numbers = Numbers(target[: Level.VILLAGE])
        for group in move.lasting(HobbyGrid):
            move.codes[group.area_code] = numbers.next_hobby_grid(target)
        _end_second_leader(move, target)
        _add_up(move, leaving, staying)
        end_all(move, [leaving])
        move_areas(move)
        move_what_stands_there(move)
        move_what_happened(move)
    return move.report


def _end_second_leader(move: Move, target: str) -> None:
    """A grid has one leader at a time: posts that would be the second one end.

    Where the target's last leader has left since the day, the source's leads on from then.
    """
    there = Move(move.actor, target, move.on).lasting(Appointment)
    leaders = list(there.filter(role=Role.GRID_LEADER, area_code=target))
    posts = move.lasting(Appointment).filter(role=Role.GRID_LEADER, area_code=move.source)
    second = list(posts.select_related("person"))
    if not leaders or not second:
        return
    ends = [post.ended_on for post in leaders]
    if None in ends or max(day for day in ends if day) > today():
        move.report.losing += [f"{p.person.name} · {p.get_role_display()}" for p in second]
        end_all(move, second)
        return
    vacant = max(day for day in ends if day)

    def later(copy: Any, _row: Any) -> None:
        copy.started_on = max(copy.started_on, vacant)

    carry_over(move, [p for p in second if p.ended_on is None or p.ended_on > vacant], later)


def _add_up(move: Move, leaving: Grid, staying: Grid) -> None:
    """The households and population of both; unknown of one is unknown of the sum."""
    for field in ("households", "population"):
        theirs, ours = getattr(leaving, field), getattr(staying, field)
        both = None if theirs is None or ours is None else theirs + ours
        name = label_of(Grid, field)
        if theirs is not None or ours is not None:
            move.report.figures.append((name, theirs, ours, both))
        setattr(staying, field, both)
    known = staying.households is not None or staying.population is not None
    staying.estimated = (leaving.estimated or staying.estimated) and known
    move.report.estimated |= staying.estimated
    keep_changed(move.actor, [staying], ["households", "population", "estimated"], "reorganise")


def split_grid(
    actor: Actor,
    source: str,
    parts: Sequence[Part],
    on: date,
    *,
    reason: str,
    leader_part: int = 0,
    terms: Terms = FREELY,
) -> Report:
    """Grid ``source`` ends on ``on`` and goes on as ``parts``; its leader stays with one of them.

    Each hobby grid goes to one part, and its past with it. Households that are not given for every
    part are estimated in equal shares, and marked so. Raises ``OutOfReach`` or
    ``ValidationError``; ``Rehearsed`` when only rehearsed.
    """
    require(actor, RIGHT, source)
    grid = _grid(source, "source")
    village = source[: Level.VILLAGE]
    title = _("%(grid)s is split into %(parts)s") % {
        "grid": _in_words(source),
        "parts": "、".join(part.name for part in parts),
    }
    decision = Decision(Change.SPLIT_GRID, source, village, on, title, reason)
    with reorganising(actor, decision, terms) as move:
        grid.refresh_from_db()
        check_stands(grid, on)
        groups = list(move.lasting(HobbyGrid))
        _check_parts(grid, parts, leader_part, groups)
        numbers = Numbers(village)
        codes = [numbers.next_grid() for _part in parts]
        for part, code in zip(parts, codes, strict=True):
            for group in part.hobby_grids:
                move.codes[group] = numbers.next_hobby_grid(code)
        for row in groups:
            # What has ended or will, and was given to no part, stays with the leader's.
            if row.area_code not in move.codes:
                move.codes[row.area_code] = numbers.next_hobby_grid(codes[leader_part])
        move.homes[source] = village
        _establish(move, grid, parts, codes)
        _split_posts(move, grid, codes[leader_part])
        end_all(move, [grid])
        move_areas(move)
        move_what_stands_there(move)
        move_what_happened(move)
    return move.report


def _check_parts(
    grid: Grid, parts: Sequence[Part], leader_part: int, groups: list[HobbyGrid]
) -> None:
    if not 2 <= len(parts) <= MOST_PARTS:
        raise ValidationError(_("A grid is split into two to nine parts."))
    if not all(part.name.strip() for part in parts):
        raise ValidationError(_("Give every part a name."))
    if len({part.name.strip() for part in parts}) != len(parts):
        raise ValidationError(_("Give the parts different names."))
    given = [code for part in parts for code in part.hobby_grids]
    standing = {group.area_code for group in groups if group.ended_on is None}
    known = {group.area_code for group in groups}
    if len(given) != len(set(given)) or not standing <= set(given) <= known:
        raise ValidationError(_("Each hobby grid goes to exactly one part."))
    if not 0 <= leader_part < len(parts):
        raise ValidationError(_("The leader stays with one of the parts."))
    for field in ("households", "population"):
        values = [getattr(part, field) for part in parts]
        whole = getattr(grid, field)
        if whole is None or grid.estimated:
            continue
        total = sum(filter(None, values))
        if total > whole or (None not in values and total != whole):
            raise ValidationError(
                {
                    field: _("The parts add up to %(sum)d, the grid has %(whole)d.")
                    % {"sum": total, "whole": whole}
                }
            )


def _establish(move: Move, grid: Grid, parts: Sequence[Part], codes: list[str]) -> None:
    """The new grids; what is not given for every part is apportioned and marked as an estimate."""
    village = Division(area_code=grid.area_code[: Level.VILLAGE])
    given = [[part.households for part in parts], [part.population for part in parts]]
    households = _apportioned(given[0], grid.households)
    population = _apportioned(given[1], grid.population)
    counted = None not in given[0] and sum(filter(None, given[0])) > 0
    total = sum(filter(None, given[0])) if counted else 0
    figure = label_of(Grid, "households")
    rows = []
    for number, (part, code) in enumerate(zip(parts, codes, strict=True)):
        own, name = households[number], part.name.strip()
        move.shares[grid.area_code, code] = (own or 0) / total if counted else 1 / len(parts)
        # Whatever was not given and has a value all the same was apportioned.
        estimated = any(
            values[number] is not None and asked[number] is None
            for values, asked in zip((households, population), given, strict=True)
        )
        move.report.estimated |= estimated
        move.report.codes.append((grid.area_code, code, name))
        move.report.figures.append((f"{figure} · {name}", grid.households, None, own))
        rows.append(
            Grid(
                area_code=code,
                name=name,
                kind=GridKind.URBAN if village.is_community else GridKind.RURAL,
                households=own,
                population=population[number],
                estimated=estimated,
                started_on=move.on,
            )
        )
    keep_new(move.actor, rows, "reorganise")


def _apportioned(given: list[int | None], whole: int | None) -> list[int | None]:
    """What is given; the rest of the whole in equal shares among the parts without a figure."""
    empty = given.count(None)
    if whole is None or not empty:
        return given
    share, more = divmod(max(0, whole - sum(filter(None, given))), empty)
    shares = iter([share + 1] * more + [share] * (empty - more))
    return [next(shares) if value is None else value for value in given]


def _split_posts(move: Move, grid: Grid, heir: str) -> None:
    """The leader goes on in one of the parts; the others get one by appointment."""
    move.codes[grid.area_code] = heir
    posts = move.lasting(Appointment).filter(area_code=grid.area_code)
    carry_over(move, list(posts))
    move.codes.pop(grid.area_code)
    move.report.notes.append(_("The other parts have no leader yet: appoint one."))


def move_hobby_grid(
    actor: Actor, source: str, target: str, on: date, *, reason: str, terms: Terms = FREELY
) -> Report:
    """Hobby grid ``source`` belongs to grid ``target`` (12 digits: the whole village) from ``on``.

    Raises ``OutOfReach`` or ``ValidationError``; ``Rehearsed`` when only rehearsed.
    """
    require(actor, RIGHT, source)
    require(actor, RIGHT, target)
    if len(target) not in (Level.VILLAGE, Level.GRID):
        raise ValidationError({"target": _("A hobby grid is formed in a grid or a village.")})
    prefix = target.ljust(Level.GRID, "0")
    group = HobbyGrid.objects.filter(area_code=source).first()
    home: Any = area_at(target)
    if group is None or home is None:
        raise ValidationError({"target": _("There is nothing with this code.")})
    if source.startswith(prefix):
        raise ValidationError({"target": _("It belongs there already.")})
    title = _("%(name)s moves to %(target)s") % {"name": group.name, "target": _in_words(target)}
    decision = Decision(Change.MOVE_HOBBY_GRID, source, target, on, title, reason)
    with reorganising(actor, decision, terms) as move:
        group.refresh_from_db()
        home.refresh_from_db()
        check_stands(group, on)
        check_stands(home, on)
        move.codes[source] = Numbers(target[: Level.VILLAGE]).next_hobby_grid(prefix)
        move_areas(move)
        move_what_stands_there(move)
        move_what_happened(move)
    return move.report
