"""Spells of what stands in the grids' own books: villages, grids, posts, organisations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from coverage.spells.scope import Scope
from coverage.spells.stretches import (
    Stretches,
    both,
    common,
    lacking,
    lasting,
    merged,
    required,
)
from grids.models import (
    Appointment,
    Division,
    Grid,
    GridKind,
    HobbyGrid,
    Organisation,
    ResidentCount,
    Role,
)
from jiaozuo_grid.area import Level

Source = Callable[[Scope], Stretches]
# An urban grid has about 400 households; with fewer or more it is worth a look.
BAND = (300, 500)
WORKING_ROLES = (Role.GRID_LEADER, Role.GRID_MEMBER)


def villages(scope: Scope) -> Stretches:
    return lasting(scope.at(Division.objects.all(), Level.VILLAGE))


def residents(field: str) -> Source:
    def stretches(scope: Scope) -> Stretches:
        rows = scope.at(ResidentCount.objects.exclude(**{field: None}), Level.VILLAGE)
        return both(lasting(rows, field), villages(scope))

    return stretches


def counted_villages(scope: Scope) -> Stretches:
    """A village counts once, though two of its counts should overlap."""
    known = residents("population")(scope)
    return {code: merged(stretches) for code, stretches in known.items()}


def required_grids(scope: Scope) -> Stretches:
    rows = scope.at(ResidentCount.objects.all(), Level.VILLAGE)
    found: Stretches = defaultdict(list)
    for code, start, end, households, groups in rows.values_list(
        "area_code", "started_on", "ended_on", "households", "villager_groups"
    ):
        amount = required(code, households, groups)
        if amount is not None and (end is None or start < end):
            found[code].append((start, end, amount))
    return both(found, villages(scope))


def villages_with_grids(scope: Scope) -> Stretches:
    found: Stretches = defaultdict(list)
    for code, stretches in lasting(scope.below(Grid.objects.all(), Level.VILLAGE)).items():
        found[code[: Level.VILLAGE]] += stretches
    return both(villages(scope), found)


def grids(scope: Scope) -> Stretches:
    return lasting(scope.at(Grid.objects.all(), Level.GRID))


def urban_grids(scope: Scope) -> Stretches:
    return lasting(scope.at(Grid.objects.filter(kind=GridKind.URBAN), Level.GRID))


def banded_grids(scope: Scope) -> Stretches:
    rows = Grid.objects.filter(kind=GridKind.URBAN, households__range=BAND)
    return lasting(scope.at(rows, Level.GRID))


def hobby_grids(scope: Scope) -> Stretches:
    return lasting(scope.at(HobbyGrid.objects.all(), Level.HOBBY_GRID))


def sports(scope: Scope) -> dict[str, Stretches]:
    """The hobby grids of each sport, by the key of its tally."""
    rows = scope.at(HobbyGrid.objects.all(), Level.HOBBY_GRID)
    found: dict[str, Stretches] = defaultdict(lambda: defaultdict(list))
    for code, sport, start, end in rows.values_list("area_code", "sport", "started_on", "ended_on"):
        if end is None or start < end:
            found[f"{SPORT}{sport}"][code].append((start, end, 1))
    return found


# Spells of one sport are kept under this and its key; how many sports have any is the measure.
SPORT = "sport:"


def _posts(scope: Scope, role: str, digits: int) -> Stretches:
    return lasting(scope.at(Appointment.objects.filter(role=role), digits))


def led_grids(scope: Scope) -> Stretches:
    return both(grids(scope), _posts(scope, Role.GRID_LEADER, Level.GRID))


def unled_grids(scope: Scope) -> Stretches:
    return lacking(grids(scope), _posts(scope, Role.GRID_LEADER, Level.GRID))


def staffed_hobby_grids(scope: Scope) -> Stretches:
    return both(hobby_grids(scope), _posts(scope, Role.GRID_MEMBER, Level.HOBBY_GRID))


def unstaffed_hobby_grids(scope: Scope) -> Stretches:
    return lacking(hobby_grids(scope), _posts(scope, Role.GRID_MEMBER, Level.HOBBY_GRID))


def double_posts(scope: Scope) -> Stretches:
    """Posts of leaders and members on the days on which the same person holds another one."""
    working = Appointment.objects.filter(role__in=WORKING_ROLES)
    here = scope.at(working)
    posts = working.filter(person__in=here.order_by().values("person"))
    held: dict[int, list[tuple[int, str, tuple[object, ...]]]] = defaultdict(list)
    for pk, code, person, start, end in posts.values_list(
        "pk", "area_code", "person", "started_on", "ended_on"
    ):
        if end is None or start < end:
            held[person].append((pk, code, (start, end, 1)))
    wanted = set(here.values_list("pk", flat=True))
    found: Stretches = defaultdict(list)
    for mine in held.values():
        for pk, code, stretch in mine:
            if pk in wanted:
                others = merged(other for key, _code, other in mine if key != pk)  # type: ignore[misc]
                found[code] += common([stretch], others)  # type: ignore[list-item]
    return found


def divisions(levels: Collection[int]) -> Source:
    def stretches(scope: Scope) -> Stretches:
        return lasting(scope.at(Division.objects.filter(digits__in=levels)))

    return stretches


def with_organisation(levels: Collection[int], kinds: Collection[str]) -> Source:
    """The days on which a division of these levels has an organisation of one of these kinds."""

    def stretches(scope: Scope) -> Stretches:
        organisations = lasting(scope.at(Organisation.objects.filter(kind__in=kinds)))
        return both(divisions(levels)(scope), organisations)

    return stretches
