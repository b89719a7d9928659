"""Which code followed which: the map of today seen from the codes of any earlier day.

Rows of the past stay at the codes that were in force when they happened: that is the reading *as
reported*. The reading *as restated* counts the same rows where their area lies today. Nothing is
stored twice for it; a row's code is followed through the successions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from os.path import commonprefix
from typing import Any

from django.db import models
from django.db.models import Q

from grids.models import Division, Grid, HobbyGrid, Succession
from jiaozuo_grid.area import DIGITS, Ground, Level, ancestors, covers, range_end, within_q
from jiaozuo_grid.often import Often, slot

# A chain longer than this would be a circle, which codes that are never used twice cannot make.
LONGEST_CHAIN = 100
# SQLite takes no more than a thousand conditions joined by OR.
AT_ONCE = 200


class Lineage:
    """All successions, read at once: some thousands of short rows in a city with a long history."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        heirs: dict[str, list[str]] = defaultdict(list)
        for old, new in rows:
            heirs[old].append(new)
        self._heirs = {old: joint(news) for old, news in heirs.items()}

    @classmethod
    def read(cls) -> Lineage:
        rows = Succession.objects.standing().order_by("on", "pk")
        return cls(rows.values_list("old_code", "new_code"))

    def __bool__(self) -> bool:
        return bool(self._heirs)

    def today(self, code: str) -> str:
        """Where what stood at ``code`` belongs today; a shorter code where no more is known.

        A part that had no successor of its own (a grid that ended before its village was merged)
        belongs to the successor of the area around it; a grid that was split, to its village.
        """
        for _step in range(LONGEST_CHAIN):
            moved = next(
                (
                    self._heirs[up]
                    for up in reversed(ancestors(code, include_self=True))
                    if up in self._heirs
                ),
                None,
            )
            if moved is None:
                return code
            code = moved
        raise RuntimeError(f"the successions of {code} run in a circle")

    def moved(self) -> Iterator[Ground]:
        """Everything that belongs elsewhere today, in parts that a database takes at once."""
        rules = _pruned("", [(code, True) for code in self._heirs]).rules
        for start in range(0, len(rows := list(rules)), AT_ONCE):
            yield Ground("", tuple(rows[start : start + AT_ONCE]))

    def ground(self, area: str) -> Ground:
        """The codes of all times that belong to ``area`` today."""
        rules = [(old, self.today(old).startswith(area)) for old in self._heirs]
        return _pruned(area, rules)


def joint(codes: list[str]) -> str:
    """The deepest area that holds all of ``codes``."""
    if len(codes) == 1:
        return codes[0]
    shared = len(commonprefix(codes))  # noqa: RUF071  (digits, not paths)
    return codes[0][: max((n for n in DIGITS if n <= shared), default=0)]


def _pruned(area: str, rules: list[tuple[str, bool]]) -> Ground:
    """Without the rules that say what the next shorter one says already."""
    kept: dict[str, bool] = {}
    for code, inside in sorted(rules, key=lambda rule: (len(rule[0]), rule[0])):
        above = next((kept[up] for up in reversed(ancestors(code)) if up in kept), None)
        if above is None:
            above = bool(area) and code.startswith(area)
        if inside is not above:
            kept[code] = inside
    return Ground(area, tuple(kept.items()))


def code_on(code: str, day: date) -> str:
    """Where something that happens at ``code`` on ``day`` is to be entered.

    What followed the code by that day; or, for a day before it began, what it followed; or, where
    the code was made by a change that was undone, what it came from. The code itself where none is
    known or there are several. One query a step.
    """
    for _step in range(LONGEST_CHAIN):
        steps = _STEPS.all(code=code, day=day)
        found = {new if old == code else old for old, new, undone in steps if not undone}
        if not found:
            found = {old for old, _new, _undone in steps}
            if found and _stands(code):
                return code
        if len(found) != 1:
            return code
        code = found.pop()
    raise RuntimeError(f"the successions of {code} run in a circle")


_CODE, _DAY = slot("code", models.CharField()), slot("day", models.DateField())
_STEPS = Often(
    lambda: Succession.objects.filter(
        Q(old_code=_CODE, on__lte=_DAY, undone=False)
        | Q(new_code=_CODE, on__gt=_DAY, undone=False)
        | Q(new_code=_CODE, undone=True)
    ).values_list("old_code", "new_code", "undone")
)


def _stands(code: str) -> bool:
    """Whether there is something at the code, though a change that led to it was undone."""
    model = {Level.HOBBY_GRID: HobbyGrid, Level.GRID: Grid}.get(Level(len(code)), Division)
    rows: Any = model._default_manager
    return bool(rows.filter(area_code=code).exists())


def heirs_of_hobby_grids(codes: Iterable[str]) -> dict[str, set[str]]:
    """For each hobby grid's code all codes that followed it, whatever the day: a move takes none
    of its activity away.
    """
    found: dict[str, set[str]] = {code: {code} for code in codes if len(code) == Level.HOBBY_GRID}
    fresh = {code: {code} for code in found}
    while fresh:
        asked = {last for lasts in fresh.values() for last in lasts}
        rows = Succession.objects.standing().of_hobby_grids().filter(old_code__in=asked)
        steps: dict[str, set[str]] = defaultdict(set)
        for old, new in rows.values_list("old_code", "new_code"):
            steps[old].add(new)
        fresh = {
            code: news
            for code, lasts in fresh.items()
            if (news := {new for last in lasts for new in steps.get(last, ())} - found[code])
        }
        for code, news in fresh.items():
            found[code] |= news
    return {code: heirs - {code} for code, heirs in found.items() if len(heirs) > 1}


def with_predecessors(codes: Iterable[str], day: date) -> dict[str, set[str]]:
    """For each code what lies outside it and became part of it by ``day``.

    Who has the heir has the past. Of a grid that was split only the hobby grids that came to a
    part; of a village of which something had left before, only the hobby grids that came along.
    One query where nothing was ever reorganised.
    """
    found: dict[str, set[str]] = {code: set() for code in codes}
    fresh = {code: {code} for code in found}
    while any(fresh.values()):
        rows = _became_part(fresh, found, day)
        for code, ups in fresh.items():
            known = {code, *found[code]}
            olds = {
                old
                for old, new in rows
                if any(covers(up, new) for up in ups) and not any(covers(up, old) for up in known)
            }
            fresh[code] = _whole_or_in_parts(olds, known, day)
            found[code] |= fresh[code]
    return found


def _became_part(
    fresh: dict[str, set[str]], found: dict[str, set[str]], day: date
) -> list[tuple[str, str]]:
    if fresh == {code: {code} for code in fresh} and len(fresh) == 1:
        # Somebody with one post, of whose area nothing is known yet: nearly everybody.
        code = next(iter(fresh))
        return _INTO.all(code=code, end=range_end(code), day=day)
    wanted = Q(pk__in=[])
    for code, ups in fresh.items():
        if ups:
            known = [code, *found[code]]
            wanted |= within_q(ups, "new_code") & ~within_q(known, "old_code")
    rows = Succession.objects.standing().filter(wanted, on__lte=day, share__isnull=True)
    return list(rows.values_list("old_code", "new_code"))


_END = slot("end", models.CharField())
_INTO = Often(
    lambda: (
        Succession.objects.standing()
        .filter(new_code__gte=_CODE, new_code__lt=_END, on__lte=_DAY, share__isnull=True)
        .exclude(old_code__gte=_CODE, old_code__lt=_END)
        .values_list("old_code", "new_code")
    )
)


def _whole_or_in_parts(olds: set[str], known: set[str], day: date) -> set[str]:
    """The outermost of some codes; where a part of one went elsewhere, its hobby grids instead."""
    tops = {old for old in olds if not any(up in olds for up in ancestors(old))}
    if not tops:
        return tops
    elsewhere = Succession.objects.standing().filter(within_q(tops, "old_code"), on__lte=day)
    elsewhere = elsewhere.exclude(within_q([*known, *tops], "new_code"))
    left = set(elsewhere.values_list("old_code", flat=True))
    broken = {top for top in tops if any(covers(top, code) for code in left)}
    parts = {
        old
        for old in olds
        if len(old) == Level.HOBBY_GRID and any(covers(top, old) for top in broken)
    }
    return (tops - broken) | (parts - left)
