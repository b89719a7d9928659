"""What sessions of some days change in spells that depend on what was held lately.

A session matters to a fixed number of days from its own on. So where the earliest session marked is
of a day, all that stands before it stays as it is stored, and from then on only the sessions since
that many days before it are read: the history behind does not make a fold slower.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from coverage.models import Spell
from coverage.spells import SPELL, Scope, Stretch, Stretches, merged, spell_rows
from coverage.spells.active import active
from coverage.spells.people import serving_at
from coverage.spells.stretches import before
from coverage.stocks import Changes, replace
from instructors.models import InstructorPlace
from jiaozuo_grid.lasting import today

ACTIVE = ("active_grids", "active_hobby_grids")
SERVING = "serving_instructors"
# What happened these days, and what the days before them, is counted apart: so that one late
# report does not make the fold read the history of all.
AGES = (timedelta(days=2), timedelta(days=62))


def replace_active(codes: Collection[str], since: date) -> Changes:
    """Of grids and hobby grids in which nothing but sessions changed, none of them before since."""
    stored = Spell.objects.filter(area_code__in=codes, measure__in=ACTIVE)
    return _replace(stored, active(Scope(codes=tuple(sorted(codes))), since), since)


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
    found: dict[tuple[str, str, int], list[Stretch]] = defaultdict(list)
    for measure, code, subject, start, end, amount in rows.values_list(*SPELL):
        found[measure, code, subject] += before([(start, end, amount)], since)
    for measure, stretches in counted.items():
        for _measure, code, subject, start, end, amount in spell_rows(measure, stretches):
            found[measure, code, subject].append((start, end, amount))
    fresh = [
        (*key, start, end, 1) for key, parts in found.items() for start, end, _one in merged(parts)
    ]
    return replace(rows, fresh)


def by_age(days: Iterable[tuple[Any, date]]) -> list[tuple[date, list[Any]]]:
    """What happened lately, earlier, and long ago, each part with its earliest day."""
    earliest: dict[Any, date] = {}
    for one, day in days:
        earliest[one] = min(day, earliest.get(one, day))
    borders = [today() - age for age in AGES]
    parts: dict[int, list[Any]] = defaultdict(list)
    for one, day in earliest.items():
        parts[sum(day < border for border in borders)].append(one)
    return [(min(earliest[one] for one in part), sorted(part)) for part in parts.values()]
