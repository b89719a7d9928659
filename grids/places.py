"""Rows that stand at an area code and remember where they stood before.

A station or an instructor keeps its identity when its village merges into another, yet figures of
earlier days must find it where it was. So each has *places*: lasting rows, one in force at a time,
which figures count; the row's own ``area_code`` is its last place. Apps register what they own, so
that a reorganisation (grids/reorganise/) can move rows of floors that it does not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction

from grids.writing import keep_changed, keep_new
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor


@dataclass(frozen=True)
class Placed:
    """A model with places: the model of its places, and the name of their foreign key to it.

    ``counts`` says whether a row that has had no place yet stands anywhere: a candidate in
    training does not.
    """

    model: type[models.Model]
    places: type[models.Model]
    owner: str
    counts: Callable[[Any], bool] = lambda row: True


@dataclass(frozen=True)
class Dated:
    """A model whose rows happened on a day (``day`` names the field) at an area code."""

    model: type[models.Model]
    day: str


@dataclass(frozen=True)
class Lasting:
    """A model of lasting rows about divisions, of which one area has one at a time for each
    ``key`` (names of fields)."""

    model: type[models.Model]
    key: tuple[str, ...]


_dated: list[Dated] = []
_lasting: list[Lasting] = []
_placed: dict[type[models.Model], Placed] = {}
_followers: list[type[models.Model]] = []


def register_placed(placed: Placed) -> None:
    """Called by the owning app when it is ready."""
    _placed[placed.model] = placed


def register_follower(*followers: type[models.Model]) -> None:
    """Models whose rows have an area code only to be found: in a move they just get the new one."""
    _followers.extend(model for model in followers if model not in _followers)


def register_dated(dated: Dated) -> None:
    """What happened on or after the day of a move belongs to the new code, however late it came."""
    if dated not in _dated:
        _dated.append(dated)


def register_lasting(lasting: Lasting) -> None:
    """What was decided of a division goes on at the code that follows it, from the day on."""
    if lasting not in _lasting:
        _lasting.append(lasting)


def lasting_models() -> list[Lasting]:
    return list(_lasting)


def dated_models() -> list[Dated]:
    return list(_dated)


def placed_models() -> list[Placed]:
    return list(_placed.values())


def followers() -> list[type[models.Model]]:
    return list(_followers)


@transaction.atomic
def settle(actor: Actor, rows: Sequence[Any], on: date | None = None) -> None:
    """Make the places of ``rows`` (of one model, saved already) agree with them.

    A row without places gets one; a changed beginning, end or area code is carried over. A new
    area code holds from ``on`` (default: today); what it was before stays as an ended place.
    """
    if not rows:
        return
    placed = _placed[type(rows[0])]
    known: dict[Any, list[Any]] = defaultdict(list)
    for start in range(0, len(rows), 500):
        keys = [row.pk for row in rows[start : start + 500]]
        found = placed.places._default_manager.filter(**{f"{placed.owner}__in": keys})
        for place in found.order_by("started_on", "pk"):
            known[getattr(place, f"{placed.owner}_id")].append(place)
    new: list[Any] = []
    changed: list[Any] = []
    for row in rows:
        _settle(placed, row, known[row.pk], on or today(), new, changed)
    # Ended before begun: a row has one open place at a time, and the database holds it to that.
    keep_changed(actor, changed, ["area_code", "started_on", "ended_on"], "place")
    keep_new(actor, new, "place")


def _settle(
    placed: Placed, row: Any, places: list[Any], on: date, new: list[Any], changed: list[Any]
) -> None:
    if not places:
        if placed.counts(row):
            new.append(_place(placed, row, row.started_on))
        return
    first, last = places[0], places[-1]
    touched: list[Any] = []
    if first.started_on != row.started_on and row.started_on <= (first.ended_on or row.started_on):
        first.started_on = row.started_on
        touched.append(first)
    if row.ended_on is not None and row.ended_on < last.started_on:
        # It ended before it came to its last place: there it never was.
        touched += _ended_earlier(places, row.ended_on)
        changed.extend(dict.fromkeys(touched))
        return
    ended_there = row.ended_on is not None and last.ended_on == row.ended_on and row.ended_on <= on
    if last.area_code != row.area_code and not ended_there:
        begins = max(on, last.started_on)
        if begins == last.started_on:
            last.area_code = row.area_code
            last.ended_on = row.ended_on
        else:
            last.ended_on = min(begins, last.ended_on or begins)
            new.append(_place(placed, row, begins))
        touched.append(last)
    elif last.ended_on != row.ended_on:
        last.ended_on = row.ended_on
        touched.append(last)
    changed.extend(dict.fromkeys(touched))


def _ended_earlier(places: list[Any], day: date) -> list[Any]:
    """End on ``day`` the place of that day; later ones were never begun."""
    touched = []
    for place in reversed(places):
        touched.append(place)
        if place.started_on <= day:
            place.ended_on = day
            break
        place.ended_on = place.started_on
    return touched


def _place(placed: Placed, row: Any, started_on: date) -> Any:
    ended = row.ended_on if row.ended_on is None else max(row.ended_on, started_on)
    return placed.places(
        **{placed.owner: row},
        area_code=row.area_code,
        started_on=started_on,
        ended_on=ended,
    )
