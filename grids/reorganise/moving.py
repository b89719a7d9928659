"""Moving rows from old codes to new ones, from a day on. Written for every model the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import Person
from grids.models import Appointment, Grid, HobbyGrid, Reorganisation, Succession
from grids.places import Placed, dated_models, followers, placed_models, settle
from grids.reorganise.report import Report
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.reach import Delegated

VERB = "reorganise"
SIZE = 500


@dataclass
class Move:
    """A reorganisation under way: who, from which day, which code becomes which."""

    actor: Delegated
    source: str
    on: date
    codes: dict[str, str] = field(default_factory=dict)
    # Where people are entered whose grid has no single successor.
    homes: dict[str, str] = field(default_factory=dict)
    # Of a split: how much of the old code's past belongs to each part, an estimate.
    shares: dict[tuple[str, str], float] = field(default_factory=dict)
    report: Report = field(default_factory=Report)

    def translated(self, code: str) -> str:
        """The new code of what stood at ``code``; of a part without one, that of the area above."""
        new = self.codes | self.homes
        return next(new[up] for up in reversed(ancestors(code, include_self=True)) if up in new)

    def lasting(self, model: Any) -> models.QuerySet[Any]:
        """The rows below the source that are in force on the day or later."""
        later = Q(ended_on__isnull=True) | (
            Q(ended_on__gt=self.on) & Q(ended_on__gt=F("started_on"))
        )
        return model.objects.within(self.source).filter(later).order_by("area_code", "pk")


Adjust = Callable[[Any, Any], None]


def carry_over(move: Move, rows: Iterable[Any], adjust: Adjust | None = None) -> dict[Any, Any]:
    """End lasting rows on the day and go on with copies at the new codes; old key → new row.

    What begins later than the day begins at its new code, and never at the old one.
    ``adjust(copy, row)`` changes what does not stay the same.
    """
    olds = list(rows)
    copies = []
    for row in olds:
        start = max(move.on, row.started_on)
        copy = _clone(row, area_code=move.codes[row.area_code], started_on=start)
        if adjust is not None:
            adjust(copy, row)
        row.ended_on = start
        copies.append(copy)
    keep_changed(move.actor, olds, ["ended_on"], VERB)
    saved = keep_new(move.actor, copies, VERB)
    if olds:
        move.report.count(type(olds[0]), len(olds))
    return {old.pk: new for old, new in zip(olds, saved, strict=True)}


def _clone(row: Any, **changes: Any) -> Any:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.generated
    }
    copy = type(row)(**{**values, **changes})
    # What was read with the row need not be read again to check and to name the copy.
    for relation in row._meta.concrete_fields:
        if relation.is_relation and relation.is_cached(row):
            relation.set_cached_value(copy, relation.get_cached_value(row))
    return copy


def end_all(move: Move, rows: Iterable[Any]) -> None:
    """End lasting rows on the day; what has not begun by then never does."""
    olds = list(rows)
    for row in olds:
        row.ended_on = max(move.on, row.started_on)
    keep_changed(move.actor, olds, ["ended_on"], VERB)


def move_areas(move: Move, adjust_grid: Adjust | None = None) -> None:
    """Grids, hobby grids and the posts in them, wherever ``move.codes`` has a new code for them."""
    for model, adjust in ((Grid, adjust_grid), (HobbyGrid, None)):
        rows = [row for row in move.lasting(model).select_related() if row.area_code in move.codes]
        move.report.codes += [(r.area_code, move.codes[r.area_code], r.name) for r in rows]
        carry_over(move, rows, adjust)
    posts = move.lasting(Appointment).select_related("person")
    carry_over(move, [post for post in posts if post.area_code in move.codes])


def move_what_stands_there(move: Move) -> None:
    """Stations and instructors, which keep their identity; people; and what only follows them."""
    for placed in placed_models():
        rows = list(move.lasting(placed.model).select_related())
        for start in range(0, len(rows), SIZE):
            part = rows[start : start + SIZE]
            for row in part:
                row.area_code = move.translated(row.area_code)
            keep_changed(move.actor, part, ["area_code"], VERB)
            settle(move.actor, part, on=move.on)
        move.report.count(placed.model, len(rows))
        _move_left_places(move, placed)
        ended: Any = placed.model._default_manager
        # What ended before keeps its places; it is only found where its papers are.
        rewritten(move, ended.within(move.source))
    rewritten(move, Person.objects.within(move.source))
    left = _left_behind(move)
    found_by_code: list[Any] = followers()
    for model in found_by_code:
        rewritten(move, model._default_manager.within(move.source), left)


def _move_left_places(move: Move, placed: Placed) -> None:
    """Places that lasted beyond the day of what stands elsewhere by now."""
    places = list(move.lasting(placed.places).select_related())
    for place in places:
        move.codes.setdefault(place.area_code, move.translated(place.area_code))
    carry_over(move, places)


def move_what_happened(move: Move) -> None:
    """What happened on the day or later belongs to the new code, though it was reported before."""
    left = _left_behind(move)
    for dated in dated_models():
        rows: Any = dated.model._default_manager
        since = rows.within(move.source).filter(**{f"{dated.day}__gte": move.on})
        rewritten(move, since, left)


def _left_behind(move: Move) -> frozenset[str]:
    """Hobby grids that ended before and do not move: what belongs to them stays with them."""
    ended = HobbyGrid.objects.within(move.source).exclude(ended_on=None).order_by()
    return frozenset(ended.values_list("area_code", flat=True)) - move.codes.keys()


def rewritten(move: Move, rows: models.QuerySet[Any], left: frozenset[str] = frozenset()) -> None:
    """Give rows that are only found by their code the new one, but for what is ``left``."""
    for found in _batches(rows):
        batch = [row for row in found if row.area_code not in left]
        if not batch:
            continue
        for row in batch:
            row.area_code = move.translated(row.area_code)
        keep_changed(move.actor, batch, ["area_code"], VERB)
        move.report.count(type(batch[0]), len(batch))


def _batches(rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), SIZE):
        part = keys[start : start + SIZE]
        found: Any = rows.model._default_manager.filter(pk__in=part).order_by("pk")
        yield list(found.select_related())


def remember(move: Move, reorganisation: Reorganisation) -> None:
    """Write down which code followed which."""
    pairs: dict[tuple[str, str], float | None] = dict.fromkeys(move.codes.items())
    pairs |= move.shares
    Succession.objects.bulk_create(
        [
            Succession(
                reorganisation=reorganisation, old_code=old, new_code=new, on=move.on, share=share
            )
            for (old, new), share in pairs.items()
        ],
        batch_size=1000,
    )
