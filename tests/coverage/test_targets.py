"""Targets: who asks what of whom; inherited, never overwritten, never undone from within."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from coverage.models import Target
from coverage.reading import coverage_of
from coverage.recount import rebuild
from coverage.registry import INDICATORS
from coverage.registry.kinds import Direction, Indicator
from coverage.targets.actions import allocate, set_target, withdraw_target
from coverage.targets.allocation import Part, adds_up, by_gap, mean
from coverage.targets.progress import Pace, progress_of
from coverage.targets.reading import standing_targets, targets_of
from grids.reorganise import merge_division, renumber_division
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests.builders import (
    CITY,
    COMMUNITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    user,
)
from tests.coverage.living_city import living_city

LED = "led_share"
WHY: dict[str, Any] = {"reason": "焦体〔2026〕1号"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> None:
    living_city()
    rebuild()


def year() -> int:
    return today().year


def asked(code: str, key: str = LED, on: date | None = None) -> float | None:
    return targets_of([code], on or today())[code, key]


def test_an_area_takes_the_nearest_target_above_it_then_the_registrys(city: None) -> None:
    assert asked(VILLAGE) == INDICATORS[LED].target
    set_target(SYSTEM, CITY, LED, year(), Decimal("0.8"), **WHY)
    set_target(SYSTEM, COUNTY, LED, year(), Decimal("0.9"), **WHY)
    assert [asked(code) for code in (CITY, COUNTY, VILLAGE, OTHER_COUNTY)] == [0.8, 0.9, 0.9, 0.8]
    assert standing_targets([VILLAGE], today())[VILLAGE, LED].source == COUNTY
    assert coverage_of(VILLAGE, today()).area.ratios[LED].target == 0.9


def test_the_target_of_a_renumbered_area_goes_on_at_its_new_code(city: None) -> None:
    """With all that was asked of what lies below it; the past is judged by what was asked then."""
    for code, value in ((TOWNSHIP, "0.8"), (VILLAGE, "0.9")):
        row = set_target(SYSTEM, code, LED, year(), Decimal(value), **WHY)
        Target.objects.filter(pk=row.pk).update(started_on=date(year(), 1, 1))
    new = COUNTY + "099"
    renumber_division(SYSTEM, TOWNSHIP, new, today(), reason="区划调整")
    assert [asked(new), asked(new + VILLAGE[len(TOWNSHIP) :])] == [0.8, 0.9]
    assert standing_targets([new], today())[new, LED].source == new
    if (today() - timedelta(days=1)).year == year():
        assert asked(VILLAGE, on=today() - timedelta(days=1)) == 0.9


@pytest.mark.parametrize(("own", "holds"), [("", 0.7), ("0.9", 0.9)])
def test_a_merged_areas_target_holds_where_the_successor_has_none(
    city: None, own: str, holds: float
) -> None:
    set_target(SYSTEM, VILLAGE, LED, year(), Decimal("0.7"), **WHY)
    if own:
        set_target(SYSTEM, OTHER_VILLAGE, LED, year(), Decimal(own), **WHY)
    merge_division(SYSTEM, VILLAGE, OTHER_VILLAGE, today(), reason="合村并居")
    assert asked(OTHER_VILLAGE) == holds
    # Nothing that was asked is lost.
    assert Target.objects.filter(area_code=VILLAGE, value=Decimal("0.7")).exists()


def test_a_changed_target_ends_and_another_begins(city: None) -> None:
    first = set_target(SYSTEM, CITY, LED, year(), Decimal("0.8"), **WHY)
    Target.objects.filter(pk=first.pk).update(started_on=today() - timedelta(days=3))
    set_target(SYSTEM, CITY, LED, year(), Decimal("0.9"), reason="再提高")
    first.refresh_from_db()
    assert (first.value, first.ended_on, first.end_reason) == (Decimal("0.8"), today(), "再提高")
    if (today() - timedelta(days=1)).year == year():
        assert asked(CITY, on=today() - timedelta(days=1)) == 0.8
    assert asked(CITY) == 0.9


def test_two_changes_of_one_day_both_stay_in_the_history(city: None) -> None:
    for value in ("0.8", "0.85", "0.9"):
        set_target(SYSTEM, CITY, LED, year(), Decimal(value), **WHY)
    values = Target.objects.order_by("pk").values_list("value", flat=True)
    assert list(values) == [Decimal("0.8"), Decimal("0.85"), Decimal("0.9")]
    assert asked(CITY) == 0.9


def test_a_withdrawn_target_leaves_the_one_above(city: None) -> None:
    set_target(SYSTEM, CITY, LED, year(), Decimal("0.8"), **WHY)
    set_target(SYSTEM, COUNTY, LED, year(), Decimal("0.8"), **WHY)
    withdraw_target(SYSTEM, COUNTY, LED, year(), reason="误设")
    assert standing_targets([COUNTY], today())[COUNTY, LED].source == CITY


def test_the_database_keeps_one_target_in_force(city: None) -> None:
    row = {"area_code": CITY, "indicator": LED, "year": year(), "value": Decimal("0.5")}
    Target.objects.create(**row, **WHY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(**row, **WHY)


@pytest.mark.parametrize(
    "wrong", [{"value": Decimal("-0.1")}, {"reason": ""}, {"area_code": VILLAGE + "001"}]
)
def test_the_database_refuses_what_is_no_target(city: None, wrong: dict[str, Any]) -> None:
    row = {"area_code": CITY, "indicator": LED, "year": year(), "value": Decimal("0.5"), **WHY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(**{**row, **wrong})


@pytest.mark.parametrize(
    ("key", "value"),
    [(LED, "1.1"), (LED, "-0.1"), (LED, "0.8555"), ("instructors_per_1000", "1001")],
)
def test_what_an_indicator_cannot_reach_is_refused(city: None, key: str, value: str) -> None:
    with pytest.raises(ValidationError):
        set_target(SYSTEM, CITY, key, year(), Decimal(value), **WHY)


def test_a_year_that_is_over_keeps_its_target(city: None) -> None:
    with pytest.raises(ValidationError):
        set_target(SYSTEM, CITY, LED, year() - 1, Decimal("0.8"), **WHY)


@pytest.mark.parametrize(
    ("role", "own", "area", "may"),
    [
        ("bureau_staff", CITY, CITY, True),
        ("bureau_staff", CITY, COUNTY, True),
        ("bureau_staff", CITY, TOWNSHIP, True),
        ("county_official", COUNTY, COUNTY, False),
        ("county_official", COUNTY, CITY, False),
        ("county_official", COUNTY, TOWNSHIP, True),
        ("county_official", COUNTY, VILLAGE, True),
        ("county_official", OTHER_COUNTY, TOWNSHIP, False),
        ("township_officer", TOWNSHIP, VILLAGE, False),
        ("township_officer", TOWNSHIP, TOWNSHIP, False),
        ("auditor", CITY, COUNTY, False),
    ],
)
def test_targets_are_set_from_above_only(
    city: None, role: str, own: str, area: str, may: bool
) -> None:
    actor = user(role, own)
    if may:
        set_target(actor, area, LED, year(), Decimal("1"), **WHY)
        entry = AuditEntry.objects.get(verb="set target")
        assert (entry.actor, entry.area_code, entry.reason) == (actor, area, WHY["reason"])
    else:
        with pytest.raises(OutOfReach):
            set_target(actor, area, LED, year(), Decimal("1"), **WHY)
        assert not Target.objects.exists()


def test_a_single_target_cannot_leave_the_whole_short(city: None) -> None:
    set_target(SYSTEM, COUNTY, LED, year(), Decimal("1"), **WHY)
    official = user("county_official", COUNTY)
    with pytest.raises(ValidationError, match=r"less|低于"):
        set_target(official, TOWNSHIP, LED, year(), Decimal("0.5"), **WHY)
    assert asked(TOWNSHIP) == 1


def test_an_allocation_must_add_up_by_weight_and_is_kept_whole(city: None) -> None:
    """The township has two grids, the other one: 2 × 0.7 + 1 × 1 = 3 × 0.8."""
    set_target(SYSTEM, COUNTY, LED, year(), Decimal("0.8"), **WHY)
    grids = {
        child.area_code: child.figures["grids"].value
        for child in coverage_of(COUNTY, today()).children
    }
    assert grids == {TOWNSHIP: 2, OTHER_TOWNSHIP: 1}
    official = user("county_official", COUNTY)
    for wrong in ("0.9", "0.69"):
        given_values = {TOWNSHIP: Decimal(wrong), OTHER_TOWNSHIP: Decimal("1")}
        with pytest.raises(ValidationError):
            allocate(official, COUNTY, LED, year(), given_values, **WHY)
    assert not Target.objects.exclude(area_code=COUNTY).exists()
    given_values = {TOWNSHIP: Decimal("0.7"), OTHER_TOWNSHIP: Decimal("1")}
    allocate(official, COUNTY, LED, year(), given_values, **WHY)
    assert (asked(TOWNSHIP), asked(OTHER_TOWNSHIP), asked(VILLAGE)) == (0.7, 1, 0.7)


def test_an_allocation_names_every_child(city: None) -> None:
    with pytest.raises(ValidationError):
        allocate(SYSTEM, COUNTY, LED, year(), {TOWNSHIP: Decimal("1")}, **WHY)


def test_an_allocation_again_writes_only_what_changed(city: None) -> None:
    same = {TOWNSHIP: Decimal("1"), OTHER_TOWNSHIP: Decimal("1")}
    assert len(allocate(SYSTEM, COUNTY, LED, year(), same, **WHY)) == 2
    assert allocate(SYSTEM, COUNTY, LED, year(), same, **WHY) == []


def test_who_is_asked_does_not_allocate_the_asking(city: None) -> None:
    with pytest.raises(OutOfReach):
        allocate(user("township_officer", TOWNSHIP), TOWNSHIP, LED, year(), {}, **WHY)


SHARE = INDICATORS[LED]
RATE = INDICATORS["instructors_per_1000"]
LESS = Indicator("x", "x", "x", "villages", "villages", 0.1, direction=Direction.LESS)
# (weight, value in thousandths, -1: not known)
numbers = st.lists(
    st.tuples(st.integers(0, 500_000), st.integers(-1, 1500)), min_size=1, max_size=12
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(numbers, st.integers(0, 1000), st.sampled_from([SHARE, RATE, LESS]))
def test_a_proposal_by_gap_adds_up(
    numbers: list[tuple[int, int]], thousandths: int, indicator: Indicator
) -> None:
    parts = [
        Part(str(n), weight, None if value < 0 else value / 1000)
        for n, (weight, value) in enumerate(numbers)
    ]
    goal = Decimal(thousandths) / (1000 if indicator.per == 1 else 100)
    proposed = by_gap(indicator, parts, goal)
    assert set(proposed) == {part.code for part in parts}
    reached = mean(parts, proposed)
    assert reached is None or adds_up(indicator, goal, reached)


@pytest.mark.parametrize(
    ("value", "pace"),
    [(1.0, Pace.REACHED), (0.9, Pace.AHEAD), (0.75, Pace.ON_LINE), (0.6, Pace.BEHIND)],
)
def test_progress_is_held_against_the_straight_line(value: float, pace: Pace) -> None:
    """Half of the year is gone: from 0.5 to 1 one should stand at 0.75."""
    found = progress_of(SHARE, 0.5, value, 1.0, date(2026, 7, 2))
    assert found.expected == pytest.approx(0.75, abs=0.002)
    assert found.pace is pace


@pytest.mark.parametrize(
    ("value", "pace"), [(0.1, Pace.REACHED), (0.2, Pace.AHEAD), (0.4, Pace.BEHIND)]
)
def test_where_less_is_better_below_the_line_is_ahead(value: float, pace: Pace) -> None:
    assert progress_of(LESS, 0.5, value, 0.1, date(2026, 7, 2)).pace is pace


def test_who_began_beyond_the_target_has_to_stay_there() -> None:
    assert progress_of(SHARE, 0.95, 0.92, 0.9, date(2026, 7, 2)).pace is Pace.REACHED
    assert progress_of(SHARE, 0.95, 0.89, 0.9, date(2026, 7, 2)).pace is Pace.BEHIND


def test_what_is_not_known_has_no_pace() -> None:
    assert progress_of(SHARE, None, 0.5, 0.9, today()).pace is Pace.UNKNOWN
    assert progress_of(SHARE, 0.5, None, 0.9, today()).pace is Pace.UNKNOWN
    assert progress_of(SHARE, 0.5, 0.5, None, today()).pace is Pace.UNTARGETED


def test_the_form_takes_per_cent_and_the_page_says_where_a_target_comes_from(
    city: None, signed_in: Any
) -> None:
    bureau = signed_in(user("bureau_staff", CITY))
    address = reverse("coverage-target", args=[COUNTY, LED])
    sent = {"year": year(), "value": "95.5", "reason": WHY["reason"]}
    assert bureau.post(address, sent).status_code == 302
    assert asked(COUNTY) == 0.955
    page = bureau.get(reverse("coverage-targets", args=[TOWNSHIP])).content.decode()
    row = page[page.index(f'data-target="{LED}"') :]
    assert "95.5%" in row[:1000]
    assert f'data-source="{COUNTY}"' in row[:1500]
    assert WHY["reason"] in bureau.get(address).content.decode()


def test_the_allocation_page_proposes_shows_the_difference_and_saves(
    city: None, signed_in: Any
) -> None:
    set_target(SYSTEM, COUNTY, LED, year(), Decimal("0.8"), **WHY)
    client = signed_in(user("county_official", COUNTY))
    address = reverse("coverage-target-allocate", args=[COUNTY, LED])
    fields = (f"value-{TOWNSHIP}", f"value-{OTHER_TOWNSHIP}")
    refused = client.post(address, {fields[0]: "60", fields[1]: "100", **WHY})
    assert refused.status_code == 422
    assert "73.333%" in refused.content.decode()
    assert client.post(address, {fields[0]: "70", fields[1]: "100", **WHY}).status_code == 302
    assert asked(TOWNSHIP) == 0.7


def test_who_may_not_set_reads_the_history_and_has_no_form(city: None, signed_in: Any) -> None:
    client = signed_in(user("county_official", COUNTY))
    address = reverse("coverage-target", args=[COUNTY, LED])
    assert 'name="value"' not in client.get(address).content.decode()
    assert client.post(address, {"year": year(), "value": "1", **WHY}).status_code == 403
    assert client.get(reverse("coverage-target", args=[OTHER_COUNTY, LED])).status_code == 404


def test_communities_of_unknown_size_take_what_their_township_takes(city: None) -> None:
    key = "grid_coverage"
    set_target(SYSTEM, TOWNSHIP, key, year(), Decimal("1"), **WHY)
    children = [child.area_code for child in coverage_of(TOWNSHIP, today()).children]
    assert COMMUNITY in children
    allocate(SYSTEM, TOWNSHIP, key, year(), {code: Decimal("1") for code in children}, **WHY)
    assert asked(COMMUNITY, key) == 1
