"""The standard of a station: a table of cases, and the lists judge as for a single station."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grids.rules import set_rule, values_on
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from stations.filters import StationFilter
from stations.models import (
    Equipment,
    Inspection,
    OpeningHours,
    Repair,
    Station,
    StationPost,
)
from stations.rules import GUIDED_HOURS, INSTRUCTORS, PEOPLE
from stations.standard import Verdict, judge, standard_of, standards_of, with_verdict
from stations.upkeep import Age, ageing_of, inspection_overdue
from tests import builders as b

RULES = {INSTRUCTORS: 2.0, GUIDED_HOURS: 8.0, PEOPLE: 30.0}
CASES = [
    # instructors, guided minutes, people, verdict
    (2, 480, 30, Verdict.MET),
    (5, 1200, 100, Verdict.MET),
    (1, 480, 30, Verdict.MISSING),
    (0, 480, 30, Verdict.MISSING),
    (2, 479, 30, Verdict.MISSING),
    (2, 0, 30, Verdict.MISSING),
    (2, 480, 29, Verdict.MISSING),
    (2, None, 30, Verdict.UNKNOWN),
    (2, 480, None, Verdict.UNKNOWN),
    (2, None, None, Verdict.UNKNOWN),
    (1, None, None, Verdict.MISSING),
    (2, None, 10, Verdict.MISSING),
    (2, 100, None, Verdict.MISSING),
]


@pytest.mark.parametrize(("instructors", "minutes", "people", "verdict"), CASES)
def test_the_verdict(instructors: int, minutes: Any, people: Any, verdict: Verdict) -> None:
    found = judge(RULES, instructors=instructors, guided_minutes=minutes, people=people)
    assert found.verdict == verdict


def test_what_is_missing_is_said_in_numbers_and_unknown_is_no_zero() -> None:
    found = judge(RULES, instructors=1, guided_minutes=None, people=12)
    told = [str(one) for one in found.open]
    assert "1" in told[0]
    assert "2" in told[0]
    assert "0" not in told[1]
    assert "12" in told[2]


@pytest.fixture
def station(db: Any) -> Station:
    b.small_city()
    return b.station(usual_people=30)


def hours(station: Station, **fields: Any) -> OpeningHours:
    return OpeningHours.objects.create(
        station=station,
        area_code=station.area_code,
        **{
            "weekdays": "1234",
            "opens_at": time(19),
            "closes_at": time(21),
            "guided": True,
            "started_on": b.BEGINNING,
            **fields,
        },
    )


def posted(station: Station, **fields: Any) -> StationPost:
    return StationPost.objects.create(
        station=station,
        area_code=station.area_code,
        person=b.person(),
        **{"station_role": "instructor", "started_on": b.BEGINNING, **fields},
    )


def test_only_what_is_in_force_counts(station: Station) -> None:
    posted(station)
    posted(station)
    hours(station)
    assert standard_of(station).verdict == Verdict.MET
    StationPost.objects.filter(pk=posted(station).pk).update(ended_on=today())
    assert standard_of(station).requirements[0].has == 2
    OpeningHours.objects.update(ended_on=today())
    assert standard_of(station).verdict == Verdict.UNKNOWN
    assert standard_of(station, today() - timedelta(days=1)).verdict == Verdict.MET


def test_open_hours_without_guidance_are_known_to_be_no_guided_ones(station: Station) -> None:
    hours(station, guided=False)
    assert standard_of(station).requirements[1].has == 0


def test_the_bureau_sets_its_own_numbers(station: Station) -> None:
    posted(station)
    hours(station)
    assert standard_of(station).verdict == Verdict.MISSING
    set_rule(SYSTEM, INSTRUCTORS, 1)
    assert standard_of(station).verdict == Verdict.MET


@pytest.mark.parametrize("count", [1, 30])
def test_many_are_judged_in_three_queries(
    station: Station, count: int, django_assert_num_queries: Any
) -> None:
    stations = [station, *(b.station(name=f"站{n}") for n in range(count))]
    with django_assert_num_queries(3):
        assert len(standards_of(stations)) == count + 1


# --- the filters of the list say what is said of each single station ---

DAYS = st.integers(-400, 40).map(lambda n: today() + timedelta(days=n))
LASTING = st.tuples(DAYS, st.none() | st.integers(0, 400)).map(
    lambda pair: {
        "started_on": pair[0],
        "ended_on": None if pair[1] is None else pair[0] + timedelta(days=pair[1]),
    }
)
POST = st.fixed_dictionaries({"role": st.sampled_from(["instructor"]), "dates": LASTING})
HOURS = st.fixed_dictionaries(
    {
        "weekdays": st.sampled_from(["1", "135", "1234567"]),
        "closes_at": st.times(time(8, 1), time(12)),
        "guided": st.booleans(),
        "dates": LASTING,
    }
)
INSTALLED = st.none() | st.dates(date(2014, 1, 1), today())
EQUIPMENT = st.fixed_dictionaries(
    {
        "installed_on": INSTALLED,
        "life_years": st.none() | st.integers(1, 12),
        "dates": LASTING,
    }
)
REPAIR = st.tuples(st.sampled_from(["reported", "accepted", "done", "rejected"]), DAYS)
STATION = st.fixed_dictionaries(
    {
        "people": st.none() | st.integers(25, 35),
        "dates": LASTING,
        "responsible": st.none() | LASTING,
        "posts": st.lists(POST, max_size=3),
        "hours": st.lists(HOURS, max_size=3),
        "equipment": st.lists(EQUIPMENT, max_size=2),
        "inspected": st.lists(st.integers(0, 200), max_size=2),
        "repairs": st.lists(REPAIR, max_size=2),
    }
)


def build(number: int, plan: dict[str, Any]) -> Station:
    station = Station.objects.create(
        area_code=b.VILLAGE, name=f"站{number}", usual_people=plan["people"], **plan["dates"]
    )
    own: dict[str, Any] = {"station": station, "area_code": b.VILLAGE}
    if plan["responsible"] is not None:
        posted(station, station_role="responsible", **plan["responsible"])
    for post in plan["posts"]:
        posted(station, **post["dates"])
    for line in plan["hours"]:
        dates, rest = line["dates"], {k: v for k, v in line.items() if k != "dates"}
        hours(station, opens_at=time(8), **rest, **dates)
    for item in plan["equipment"]:
        dates, rest = item["dates"], {k: v for k, v in item.items() if k != "dates"}
        Equipment.objects.create(name="器材", **own, **rest, **dates)
    for ago in plan["inspected"]:
        Inspection.objects.create(
            inspected_on=today() - timedelta(days=ago), in_order=True, inspected_by=_user(), **own
        )
    for state, due_on in plan["repairs"]:
        closed = today() if state in ("done", "rejected") else None
        Repair.objects.create(description="坏了", state=state, due_on=due_on, done_on=closed, **own)
    return station


_users: list[Any] = []


def _user() -> Any:
    return _users[-1]


def judged(station: Station) -> set[str]:
    """What is true of one station, asked without the list's filters."""
    day, values = today(), values_on()
    said = {f"standard={standard_of(station).verdict}"}
    last = max((i.inspected_on for i in station.inspections.all()), default=None)
    standing = station.in_force(day)
    if inspection_overdue(station, last, values, day):
        said.add("inspection=overdue")
    ages = {ageing_of(e, values, day).state for e in station.equipment.all() if e.in_force(day)}
    said |= {f"equipment={age}" for age in ages & {Age.PAST, Age.NEAR}}
    repairs = [r for r in station.repairs.all() if r.is_open and standing]
    if repairs:
        said.add("repairs=open")
    if any(r.due_on < day for r in repairs):
        said.add("repairs=overdue")
    led = any(p.in_force(day) for p in station.posts.all() if p.station_role == "responsible")
    said.add(f"responsible={'yes' if led else 'no'}")
    return said


QUESTIONS = [
    *(f"standard={verdict}" for verdict in Verdict.values),
    "inspection=overdue",
    "equipment=past",
    "equipment=near",
    "repairs=open",
    "repairs=overdue",
    "responsible=yes",
    "responsible=no",
]


@pytest.mark.django_db
@given(plans=st.lists(STATION, min_size=1, max_size=5))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_filters_say_what_is_said_of_each_station(plans: list[dict[str, Any]]) -> None:
    for model in (StationPost, OpeningHours, Equipment, Repair, Inspection, Station):
        model.objects.all().delete()
    _users.append(b.user())
    stations = [build(number, plan) for number, plan in enumerate(plans)]
    truth = {station.pk: judged(station) for station in stations}
    for question in QUESTIONS:
        name, _is, value = question.partition("=")
        chosen = StationFilter({name: value, "state": "all"}, queryset=Station.objects.all())
        found = {row.pk for row in chosen.qs}
        assert found == {pk for pk, said in truth.items() if question in said}, question


def test_every_station_has_one_verdict(station: Station) -> None:
    posted(station)
    b.station(name="另一站")
    found = [set(with_verdict(Station.objects.all(), v)) for v in Verdict.values]
    assert set.union(*found) == set(Station.objects.all())
    assert sum(map(len, found)) == Station.objects.count()
