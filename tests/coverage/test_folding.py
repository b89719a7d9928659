"""Tallies kept up change by change equal a count of the rows, whatever happened."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from coverage.folding import fold, fold_batch
from coverage.models import FlowTally, FoldState, NearStation, Spell, StaleMark, StockTally
from coverage.recount import drift, rebuild
from coverage.spells import merged
from grids.models import Division, Grid
from grids.writing import keep
from jiaozuo_grid.reach import SYSTEM
from tests.builders import (
    GRID,
    HOBBY_GRID,
    OTHER_HOBBY_GRID,
    OTHER_VILLAGE,
    VILLAGE,
    hobby_grid,
    small_city,
    station,
)
from tests.coverage.histories import History


class AnyHistory(TestCase):
    @settings(
        max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(seed=st.integers(0, 2**32), steps=st.integers(1, 25), pause=st.integers(1, 6))
    def test_folding_in_any_rhythm_equals_a_recount(
        self, seed: int, steps: int, pause: int
    ) -> None:
        """G1 in small."""
        small_city()
        rebuild()
        history = History(seed)
        for step in range(steps):
            history.step()
            if step % pause == 0:
                fold()
        assert drift() == []


@pytest.mark.django_db
def test_rebuilding_gives_what_folding_gave() -> None:
    small_city()
    rebuild()
    history = History(7)
    for _step in range(40):
        history.step()
    fold()
    folded = snapshot()
    rebuild()
    assert snapshot() == folded


@pytest.mark.django_db
def test_children_add_up_to_their_parent() -> None:
    """G2: every stock of the city on every day is the sum over its counties."""
    small_city()
    rebuild()
    history = History(11)
    for _step in range(30):
        history.step()
    fold()
    for month in FlowTally.objects.values_list("month", flat=True).distinct():
        for digits, child in ((4, 6), (6, 9), (9, 12), (12, 15), (15, 17)):
            whole = participants(month, digits)
            assert whole == participants(month, child)


@pytest.mark.django_db
def test_folding_twice_changes_nothing() -> None:
    small_city()
    rebuild()
    History(3).log()
    fold()
    before = snapshot()
    StaleMark.objects.create(area_code=HOBBY_GRID)
    fold()
    assert snapshot() == before


@pytest.mark.django_db
def test_a_batch_folds_all_marks_of_the_areas_of_its_oldest_ones() -> None:
    small_city()
    rebuild()
    for code in (HOBBY_GRID, HOBBY_GRID, VILLAGE, HOBBY_GRID, OTHER_HOBBY_GRID):
        StaleMark.objects.create(area_code=code)
    assert fold_batch(2) == 3
    left = StaleMark.objects.order_by("pk").values_list("area_code", flat=True)
    assert list(left) == [VILLAGE, OTHER_HOBBY_GRID]


@pytest.mark.django_db
def test_a_fold_that_fails_leaves_the_marks() -> None:
    small_city()
    rebuild()
    History(3).log()
    marks = StaleMark.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        fold_then_fail()
    assert StaleMark.objects.count() == marks


@pytest.mark.django_db
def test_the_recount_reports_a_tally_that_is_wrong() -> None:
    small_city()
    rebuild()
    tally = StockTally.objects.filter(area_code="4108", measure="grids").get()
    StockTally.objects.filter(pk=tally.pk).update(total=tally.total + 1)
    assert {row["table"] for row in drift()} == {"stock"}
    assert FoldState.objects.get().drift


@pytest.mark.django_db
def test_the_cost_of_a_fold_does_not_grow_with_the_marks() -> None:
    """L2 for the background: a batch of 40 marks needs as many queries as one of 2."""
    small_city()
    for n in range(2, 20):
        hobby_grid(f"{GRID}{n:02d}")
    rebuild()
    counts = []
    for marks in (2, 40):
        StaleMark.objects.bulk_create(
            StaleMark(area_code=f"{GRID}{random.Random(n).randrange(1, 20):02d}")
            for n in range(marks)
        )
        with CaptureQueriesContext(connection) as queries:
            fold_batch()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_touching_stretches_become_one() -> None:
    days = [date(2026, 1, n) for n in range(1, 10)]
    assert merged([(days[4], days[6], 1), (days[0], days[4], 1)]) == [(days[0], days[6], 1)]
    assert merged([(days[0], days[2], 1), (days[3], None, 1)]) == [
        (days[0], days[2], 1),
        (days[3], None, 1),
    ]


def fold_then_fail() -> None:
    fold()
    raise RuntimeError


def participants(month: date, digits: int) -> int:
    rows = FlowTally.objects.filter(month=month, area_code__length=digits)
    return sum(rows.values_list("participants", flat=True))


def snapshot() -> tuple[set[object], ...]:
    return (
        set(Spell.objects.values_list("measure", "area_code", "started_on", "ended_on", "amount")),
        set(StockTally.objects.values_list("area_code", "measure", "day", "total", "spells")),
        set(FlowTally.objects.values_list("area_code", "month", "sessions", "participants")),
    )


@pytest.mark.django_db
def test_a_wrong_tally_is_reported_even_while_changes_wait_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a fold before it, as when somebody writes all the time."""
    small_city()
    rebuild()
    StockTally.objects.filter(area_code=VILLAGE, measure="grids").update(total=99)
    monkeypatch.setattr("coverage.recount.fold", lambda: 0)
    StaleMark.objects.create(area_code=OTHER_HOBBY_GRID)
    assert [row["area_code"] for row in drift()] == [VILLAGE, VILLAGE]


@pytest.mark.django_db
def test_a_change_in_a_village_near_a_station_of_its_neighbour_is_folded() -> None:
    """The station's pair with its own village is in the books already."""
    small_city()
    for code in (VILLAGE, OTHER_VILLAGE):
        Division.objects.filter(area_code=code).update(longitude=113.2, latitude=35.2)
    station(OTHER_VILLAGE, longitude=113.201, latitude=35.201)
    rebuild()
    keep(SYSTEM, Grid.objects.get(area_code=GRID), "a change")
    fold()
    assert NearStation.objects.count() == 2
    assert drift() == []
