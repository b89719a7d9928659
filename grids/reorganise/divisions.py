"""A village merges into another; a division gets another number, or becomes a community."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from grids.actions.ground import require
from grids.models import (
    Change,
    Division,
    Grid,
    GridKind,
    HobbyGrid,
    Officer,
    Organisation,
    OrganisationKind,
    ResidentCount,
)
from grids.reorganise.ground import FREELY, Decision, Terms, check_stands, reorganising
from grids.reorganise.moving import (
    Move,
    carry_over,
    carry_what_lasts,
    end_all,
    move_areas,
    move_what_happened,
    move_what_stands_there,
)
from grids.reorganise.numbers import Numbers
from grids.reorganise.outlines import copy_outlines, unite_outlines
from grids.reorganise.report import Report
from grids.reorganise.residents import merge_counts
from jiaozuo_grid.area import Level, parent_code
from jiaozuo_grid.reach import Actor

RIGHT = "reorganise divisions"


def _division(code: str, field: str) -> Division:
    division = Division.objects.filter(area_code=code).first()
    if division is None:
        raise ValidationError({field: _("There is no division with this code.")})
    return division


def merge_division(
    actor: Actor,
    source: str,
    target: str,
    on: date,
    *,
    reason: str,
    same_place: bool = False,
    terms: Terms = FREELY,
) -> Report:
    """Village ``source`` becomes part of village ``target`` from ``on``; the target keeps its own.

    Residents are added up, unless it is the ``same_place``, entered twice. Raises ``OutOfReach``
    or ``ValidationError``; ``Rehearsed`` when only rehearsed.
    """
    require(actor, RIGHT, source)
    require(actor, RIGHT, target)
    if len(source) != Level.VILLAGE or len(target) != Level.VILLAGE:
        raise ValidationError({"target": _("A village or community merges into another one.")})
    if source == target:
        raise ValidationError({"target": _("Choose another village than this one.")})
    leaving, staying = _division(source, "source"), _division(target, "target")
    title = _("%(source)s merges into %(target)s") % {
        "source": leaving.name,
        "target": staying.name,
    }
    decision = Decision(Change.MERGE_DIVISION, source, target, on, title, reason)
    with reorganising(actor, decision, terms) as move:
        leaving.refresh_from_db()
        staying.refresh_from_db()
        check_stands(leaving, on)
        check_stands(staying, on)
        _give_numbers(move, target)
        kind = GridKind.URBAN if staying.is_community else GridKind.RURAL
        move_areas(move, lambda copy, _row: setattr(copy, "kind", kind))
        merge_counts(move, source, target, same_place=same_place)
        _move_organisations(move, leaving.name)
        carry_what_lasts(move)
        move_what_stands_there(move)
        move_what_happened(move)
        unite_outlines(move, source, target)
        end_all(move, [leaving])
    return move.report


def _give_numbers(move: Move, target: str) -> None:
    """New codes below ``target`` for every grid and hobby grid that goes on."""
    move.codes[move.source] = target
    numbers = Numbers(target)
    for grid in move.lasting(Grid):
        move.codes[grid.area_code] = numbers.next_grid()
    for group in move.lasting(HobbyGrid):
        home = group.area_code[: Level.GRID]
        if group.serves_village:
            move.codes[group.area_code] = numbers.next_hobby_grid(f"{target}000")
        elif home in move.codes:
            move.codes[group.area_code] = move.codes[home] + group.area_code[Level.GRID :]
        else:
            # Its grid ended before it did: it goes on for the whole village.
            move.codes[group.area_code] = numbers.next_hobby_grid(f"{target}000")


def renumber_division(
    actor: Actor,
    source: str,
    new_code: str,
    on: date,
    *,
    reason: str,
    name: str = "",
    terms: Terms = FREELY,
) -> Report:
    """A division goes on under another code from ``on``, with everything below it.

    A village becomes a community by a code of a community (domain.md, section 2). Raises
    ``OutOfReach`` or ``ValidationError``; ``Rehearsed`` when only rehearsed.
    """
    require(actor, RIGHT, source)
    require(actor, RIGHT, new_code)
    division = _division(source, "source")
    _check_shape(source, new_code)
    name = name.strip() or division.name
    title = _("%(old)s (%(code)s) becomes %(new)s (%(new_code)s)") % {
        "old": division.name,
        "code": source,
        "new": name,
        "new_code": new_code,
    }
    decision = Decision(Change.RENUMBER_DIVISION, source, new_code, on, title, reason)
    with reorganising(actor, decision, terms) as move:
        division.refresh_from_db()
        check_stands(division, on)
        _check_free(new_code, on)
        divisions = list(move.lasting(Division))
        for model in (Grid, HobbyGrid):
            codes = move.lasting(model).values_list("area_code", flat=True)
            move.codes |= {code: new_code + code[len(source) :] for code in codes}
        move.codes |= {row.area_code: new_code + row.area_code[len(source) :] for row in divisions}

        def rename(copy: Any, row: Any) -> None:
            copy.name = name if row.area_code == source else row.name

        carry_over(move, divisions, rename)
        move_areas(move, _right_kind)
        carry_over(move, _with_codes(move, move.lasting(ResidentCount)))
        _move_organisations(move, division.name)
        carry_what_lasts(move)
        move_what_stands_there(move)
        move_what_happened(move)
        copy_outlines(move)
    return move.report


def _with_codes(move: Move, rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.area_code in move.codes]


def _right_kind(copy: Any, _row: Any) -> None:
    """A village that becomes a community has urban grids."""
    village = Division(area_code=copy.area_code[: Level.VILLAGE])
    copy.kind = GridKind.URBAN if village.is_community else GridKind.RURAL


def _check_shape(source: str, new_code: str) -> None:
    if len(new_code) != len(source) or len(source) < Level.COUNTY:
        raise ValidationError(
            {"new_code": _("The new code has %(n)d digits, like the old one.") % {"n": len(source)}}
        )


def _check_free(new_code: str, on: date) -> None:
    if Division.objects.filter(area_code=new_code).exists():
        raise ValidationError(
            {"new_code": _("This code is or was used. To join an existing village, merge into it.")}
        )
    parent = Division.objects.filter(area_code=parent_code(new_code)).first()
    if parent is None:
        raise ValidationError({"new_code": _("There is no division above this code.")})
    check_stands(parent, on)


def _free_name(area_code: str, name: str, village: str) -> str:
    """The name itself, or with the old village's, or with a number: one that is not taken there."""
    standing = Organisation.objects.filter(area_code=area_code, ended_on__isnull=True)
    taken = set(standing.values_list("name", flat=True))
    suffixes = ["", f"（{village}）", *(f"（{village}{n}）" for n in range(2, 100))]
    for suffix in suffixes:
        free = name[: 60 - len(suffix)] + suffix
        if free not in taken:
            return free
    return name


def _move_organisations(move: Move, name: str) -> None:
    """Organisations and their officers; a second one where there may be one ends instead."""
    rows = list(move.lasting(Organisation))
    moving: list[Organisation] = []
    ending: list[Organisation] = []
    for row in rows:
        there = Organisation.objects.filter(
            Q(ended_on__isnull=True), area_code=move.translated(row.area_code)
        )
        single = row.kind in (OrganisationKind.VILLAGE, OrganisationKind.FEDERATION)
        (ending if single and there.filter(kind=row.kind).exists() else moving).append(row)

    def adjust(copy: Any, row: Any) -> None:
        copy.name = _free_name(copy.area_code, row.name, name)

    for row in moving:
        move.codes.setdefault(row.area_code, move.translated(row.area_code))
    officers = list(move.lasting(Officer).select_related("person", "organisation"))
    heirs = carry_over(move, moving, adjust)
    going = [officer for officer in officers if officer.organisation_id in heirs]

    def follow(copy: Any, row: Any) -> None:
        copy.organisation = heirs[row.organisation_id]
        if copy.term_ends_on is not None and copy.term_ends_on < copy.started_on:
            # The election was due before; in the copy the term is not known any more.
            copy.term_ends_on = None

    carry_over(move, going, follow)
    losing = [officer for officer in officers if officer.organisation_id not in heirs]
    move.report.losing += [
        f"{officer.person.name} · {officer.get_title_display()} · {officer.organisation.name}"
        for officer in losing
    ]
    end_all(move, losing)
    end_all(move, ending)
