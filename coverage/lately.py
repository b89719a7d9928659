"""What sessions of a month change in spells that depend on what was held lately.

A session matters to a fixed number of days from its own on. So where the earliest session marked is
of month M, all that stands before M stays as it is stored, and from M on only the sessions since
that many days before M are read: the history behind does not make a fold slower.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from coverage.models import Spell
from coverage.spells.active import active_grids, active_hobby_grids
from coverage.spells.people import serving_at
from coverage.spells.scope import Scope
from coverage.spells.stretches import Stretches, before, merged
from coverage.stocks import Changes, replace
from instructors.models import InstructorPlace

_ACTIVE: dict[str, Callable[[Scope, date], Stretches]] = {
    "active_grids": active_grids,
    "active_hobby_grids": active_hobby_grids,
}
SERVING = "serving_instructors"


def replace_active(codes: Collection[str], since: date) -> Changes:
    """Of grids and hobby grids in which nothing but sessions changed, none of them before since."""
    scope = Scope(codes=tuple(sorted(codes)))
    stored = Spell.objects.filter(area_code__in=codes, measure__in=list(_ACTIVE))
    counted = {measure: source(scope, since) for measure, source in _ACTIVE.items()}
    return _replace(stored, counted, since)


def replace_serving(people: Collection[int], since: date) -> Changes:
    """Of the instructors among some people, who led sessions, none of them before since."""
    places = InstructorPlace.objects.filter(instructor__person__in=people)
    keys = dict(places.values_list("pk", "area_code"))
    if not keys:
        return {}
    stored = Spell.objects.filter(
        area_code__in=set(keys.values()), measure=SERVING, subject__in=list(keys)
    )
    return _replace(stored, {SERVING: serving_at(places, since)}, since)


def _replace(rows: QuerySet[Spell], counted: dict[str, Stretches], since: date) -> Changes:
    """Put what was counted from ``since`` on behind what is stored before it."""
    rows = rows.filter(Q(ended_on__gte=since) | Q(ended_on=None))
    found: dict[tuple[str, str, int], list[tuple[date, date | None, int]]] = defaultdict(list)
    for spell in rows:
        kept = before([(spell.started_on, spell.ended_on, 1)], since)
        found[spell.measure, spell.area_code, spell.subject] += kept
    for measure, stretches in counted.items():
        for key, parts in stretches.items():
            code, subject = key if isinstance(key, tuple) else (key, 0)
            found[measure, code, subject] += parts
    fresh = [
        Spell(
            measure=measure,
            area_code=code,
            subject=subject,
            started_on=start,
            ended_on=end,
            amount=1,
        )
        for (measure, code, subject), parts in found.items()
        for start, end, _one in merged(parts)
    ]
    return replace(rows, fresh)


def by_age(months: Iterable[tuple[str, date]], recent: date) -> list[tuple[date, set[str]]]:
    """What happened since ``recent`` and what before, each with its earliest month.

    Two parts, so that one late report does not make the fold read the history of all.
    """
    earliest: dict[str, date] = {}
    for code, month in months:
        earliest[code] = min(month, earliest.get(code, month))
    parts: dict[bool, set[str]] = defaultdict(set)
    for code, month in earliest.items():
        parts[month >= recent].add(code)
    return [(min(earliest[code] for code in codes), codes) for codes in parts.values()]
