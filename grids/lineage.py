"""Which code followed which: the map of today seen from the codes of any earlier day.

Rows of the past stay at the codes that were in force when they happened: that is the reading *as
reported*. The reading *as restated* counts the same rows where their area lies today. Nothing is
stored twice for it; a row's code is followed through the successions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from os.path import commonprefix

from django.db.models import Q

from grids.models import Succession
from jiaozuo_grid.area import DIGITS, Ground, ancestors, covers, within_q

# A chain longer than this would be a circle, which codes that are never used twice cannot make.
LONGEST_CHAIN = 100


class Lineage:
    """All successions, read at once: some thousands of short rows in a city with a long history."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        heirs: dict[str, list[str]] = defaultdict(list)
        for old, new in rows:
            heirs[old].append(new)
        self._heirs = {old: _joint(news) for old, news in heirs.items()}

    @classmethod
    def read(cls) -> Lineage:
        return cls(Succession.objects.order_by("on", "pk").values_list("old_code", "new_code"))

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

    def moved(self) -> Ground:
        """Everything that belongs elsewhere today."""
        return _pruned("", [(code, True) for code in self._heirs])

    def ground(self, area: str) -> Ground:
        """The codes of all times that belong to ``area`` today."""
        rules = [(old, self.today(old).startswith(area)) for old in self._heirs]
        return _pruned(area, rules)


def _joint(codes: list[str]) -> str:
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

    What followed the code by that day; or, for a day before it began, what it followed. The code
    itself where neither is known or there are several. One query a step.
    """
    for _step in range(LONGEST_CHAIN):
        steps = Succession.objects.filter(
            Q(old_code=code, on__lte=day) | Q(new_code=code, on__gt=day)
        ).values_list("old_code", "new_code")
        found = {new if old == code else old for old, new in steps}
        if len(found) != 1:
            return code
        code = found.pop()
    raise RuntimeError(f"the successions of {code} run in a circle")


def with_predecessors(codes: Iterable[str]) -> dict[str, set[str]]:
    """For each code the codes outside it that became part of it: who has the heir has the past.

    Of a grid that was split only the hobby grids that came to a part, not the whole. One query
    where nothing was ever reorganised, one more for each link of the longest chain.
    """
    found: dict[str, set[str]] = {code: set() for code in codes}
    fresh = {code: {code} for code in found}
    while any(fresh.values()):
        asked = {up for ups in fresh.values() for up in ups}
        pairs = Succession.objects.filter(within_q(asked, "new_code"), share__isnull=True)
        outside = pairs.exclude(within_q(found, "old_code"))
        rows = list(outside.values_list("old_code", "new_code"))
        for code, ups in fresh.items():
            known = {code, *found[code]}
            olds = {
                old
                for old, new in rows
                if any(covers(up, new) for up in ups) and not any(covers(up, old) for up in known)
            }
            fresh[code] = {old for old in olds if not any(up in olds for up in ancestors(old))}
            found[code] |= fresh[code]
    return found
