"""G1: whatever happens, in whatever order, every figure equals a naive count and its rows.

Hypothesis chooses what happens: changes of every register, changes of the map, imports, folds, a
worker that is killed, a clock that is moved. After each step all figures of some areas are
compared, on several days and in both readings. A few examples here; many with
``make proof-histories``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from coverage.folding import fold, fold_batch
from coverage.recount import drift, rebuild
from jiaozuo_grid.lasting import today
from tests.builders import CITY, COMMUNITY, COUNTY, GRID, HOBBY_GRID, TOWNSHIP, VILLAGE
from tests.coverage.histories import History
from tests.coverage.importing import Office
from tests.coverage.naive import differing_figures
from tests.coverage.recount import NaiveFigures
from tests.coverage.reorganised import ChangingCity

AREAS = [CITY, COUNTY, TOWNSHIP, VILLAGE, COMMUNITY, GRID, HOBBY_GRID]


class Killed(Exception):
    """The worker went down in the middle of a fold."""


class Happening:
    """A city in which something happens, step by step."""

    def __init__(self, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.map = ChangingCity(seed)
        self.history = History(seed)
        self.office = Office(self.history.rng)
        self.patch = patch
        self.days = 0
        rebuild()

    def change(self) -> None:
        for _n in range(4):
            self.history.step()

    def change_the_map(self) -> None:
        try:
            self.map.reorganise()
        except ValidationError:
            # A change that cannot be is none.
            return

    def import_a_sheet(self) -> None:
        self.office.import_a_sheet()

    def fold_a_little(self) -> None:
        fold_batch(2)

    def kill(self) -> None:
        try:
            with transaction.atomic():
                fold_batch(3)
                raise Killed
        except Killed:
            return

    def move_the_clock(self) -> None:
        """Forward by a few days, or back."""
        self.days = self.history.rng.choice((-2, 0, 1, 5))
        day = today() + timedelta(days=self.days)
        self.patch.setattr("coverage.clock.today", lambda: day)

    def count_anew(self) -> None:
        rebuild()

    def naive(self) -> NaiveFigures:
        """What every figure should be by now, by the clock as it stands."""
        return self.map.naive(today() + timedelta(days=self.days))


HAPPENINGS = [
    Happening.change,
    Happening.change,
    Happening.change,
    Happening.change_the_map,
    Happening.import_a_sheet,
    Happening.fold_a_little,
    Happening.kill,
    Happening.move_the_clock,
    Happening.count_anew,
]
STEPS = st.sampled_from(HAPPENINGS)


def live(seed: int, steps: list[Any]) -> None:
    """Let it happen; raises where a figure is not what it should be."""
    with pytest.MonkeyPatch.context() as patch:
        city = Happening(seed, patch)
        for step in steps:
            step(city)
            with transaction.atomic():
                # What folds here is taken back: the marks go on waiting for the next step.
                fold()
                found = differing_figures(city.naive(), AREAS, city.history.rng)
                assert found == [], (seed, step.__name__)
                transaction.set_rollback(True)
        fold()
        assert drift() == [], seed


class AnyCity(TestCase):
    @settings(
        max_examples=3,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
    @given(seed=st.integers(0, 2**32), steps=st.lists(STEPS, min_size=3, max_size=7))
    def test_every_figure_equals_its_rows_after_each_step(
        self, seed: int, steps: list[Any]
    ) -> None:
        live(seed, steps)
