"""Small areas are placed only as far as chance allows."""

from __future__ import annotations

from datetime import date

import pytest

from coverage.comparing.intervals import Place, byar, interval_of, places, ranks, wilson
from coverage.comparing.spread import spread_of
from coverage.reading import Ratio
from coverage.registry import INDICATORS

LED = INDICATORS["led_share"]
DAY = date(2026, 4, 10)
INSTRUCTORS = INDICATORS["instructors_per_1000"]


def ratio(top: int, bottom: int, per: int = 1) -> Ratio:
    return Ratio(top, bottom, per * top / bottom, 1.0)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_of_a_share_is_the_published_one(
    successes: int, trials: int, low: float, high: float
) -> None:
    """Wilson's; the last is the example of Newcombe 1998 (81 of 263)."""
    interval = wilson(successes, trials)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-4)


def test_the_interval_of_events_is_close_to_the_exact_one() -> None:
    """Exact Poisson limits of 10 events are 4.795 and 18.390."""
    interval = byar(10)
    assert (interval.low, interval.high) == pytest.approx((4.795, 18.390), abs=0.02)


def test_a_rate_keeps_its_scale() -> None:
    interval = interval_of(ratio(30, 10_000, 1000), INSTRUCTORS, DAY)
    assert interval is not None
    assert interval.low < 3.0 < interval.high < 4.5


def test_where_nothing_was_held_the_range_has_the_scale_of_a_week() -> None:
    """100 groups, ten days, not one session: the upper end is what one event would come to."""
    weekly = INDICATORS["sessions_per_week"]
    silent = interval_of(Ratio(0, 100, 0.0, None), weekly, DAY)
    one = interval_of(Ratio(1, 100, weekly.per * 1 / 100 / 10, None), weekly, DAY)
    assert silent is not None
    assert one is not None
    assert 0 < silent.high < one.high


def test_a_tiny_area_has_no_interval_and_no_place() -> None:
    assert interval_of(ratio(1, LED.ranked_from - 1), LED, DAY) is None
    assert places({"a": 0.5}, {}, 0.9) == {"a": Place.UNRANKED}


def test_an_area_differs_only_where_its_interval_leaves_the_whole_out() -> None:
    shares = {"large": ratio(500, 1000), "small": ratio(5, 10)}
    found = {code: interval_of(one, LED, DAY) for code, one in shares.items()}
    intervals = {code: one for code, one in found.items() if one is not None}
    values = {code: one.value for code, one in shares.items()}
    assert places(values, intervals, 0.7) == {"large": Place.BELOW, "small": Place.ALIKE}


def test_areas_whose_intervals_meet_share_their_ranks() -> None:
    found = {
        "best": wilson(990, 1000),
        "one": wilson(5, 10),
        "other": wilson(6, 10),
    }
    assert ranks(found) == {"best": (1, 1), "one": (2, 3), "other": (2, 3)}
    assert ranks(found, more_is_better=False)["best"] == (3, 3)


def test_the_five_numbers_of_a_distribution() -> None:
    spread = spread_of([4.0, 1.0, 2.0, 3.0, 5.0])
    assert spread is not None
    five = (spread.lowest, spread.lower, spread.median, spread.upper, spread.highest)
    assert five == (1.0, 2.0, 3.0, 4.0, 5.0)
    assert spread_of([]) is None
