"""The promotion rules on tables of cases: eligible, and why not yet; due; inactive."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Person
from activities.models import Session
from grids.rules import set_rule
from instructors import eligibility
from instructors.models import Attendance, Certificate, Instructor, Promotion, Registration, Service
from instructors.rules import INACTIVE, RENEWAL, SERVICES, YEARS
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests import builders as b
from tests.instructors import books

pytestmark = pytest.mark.django_db
YEAR = today().year


@pytest.fixture(autouse=True)
def city():
    b.small_city()
    with translation.override("en"):
        yield


def judged(who: Instructor) -> eligibility.Judgement:
    row = Instructor.objects.select_related("person").get(pk=who.pk)
    verdict = eligibility.judge([row])[row.pk]
    # The same question in the database has the same answer.
    rows = Instructor.objects.filter(pk=who.pk)
    assert eligibility.eligible(rows).exists() == verdict.eligible
    assert eligibility.due(rows).exists() == verdict.due
    assert eligibility.inactive(rows).exists() == verdict.inactive
    return verdict


def missing(who: Instructor) -> list[str]:
    return [condition.words for condition in judged(who).missing]


# (services in the last year, course passed) -> what is missing for the third grade
TO_THIRD = [
    (30, True, []),
    (31, True, []),
    (29, True, ["29 of 30 services in the last year"]),
    (30, None, ["passed 0 of 1 courses for the third grade"]),
    (30, False, ["passed 0 of 1 courses for the third grade"]),
    (0, None, ["0 of 30 services in the last year", "passed 0 of 1 courses for the third grade"]),
]


@pytest.mark.parametrize(("services", "passed", "wanted"), TO_THIRD)
def test_to_the_third_grade(services, passed, wanted):
    who = books.candidate()
    books.served(who, services, ago=0)
    books.trained(who, 3, passed=passed)
    assert missing(who) == wanted
    assert judged(who).eligible == (not wanted)


# (level held, years of the certificate, registered years) -> what is missing for the next level
TO_THE_NEXT = [
    (3, 2, 2, []),
    (3, 5, 2, []),
    (3, 5, 1, ["registered 1 of 2 years"]),
    (3, 5, 0, ["registered 0 of 2 years"]),
    (2, 3, 3, []),
    (2, 8, 2, ["registered 2 of 3 years"]),
    (1, 4, 4, []),
    (1, 9, 3, ["registered 3 of 4 years"]),
]


@pytest.mark.parametrize(("level", "held", "years", "wanted"), TO_THE_NEXT)
def test_to_the_next_level(level, held, years, wanted):
    granted_on = eligibility.years_before(today(), held)
    who = books.certified(level=level, granted_on=granted_on)
    books.registered(who, *books.last_years(years))
    books.trained(who, level - 1)
    assert missing(who) == wanted
    assert judged(who).eligible == (not wanted)


def test_a_day_short_of_the_years_is_named():
    granted_on = eligibility.years_before(today(), 2) + timedelta(days=1)
    who = books.certified(granted_on=granted_on)
    books.registered(who, *books.last_years(3))
    books.trained(who, 2)
    since = granted_on.strftime("%Y-%m-%d")
    assert missing(who) == [f"holds the third grade since {since}: 1 of 2 years"]


def test_years_before_the_present_grade_do_not_count():
    who = books.certified(level=2, granted_on=date(YEAR - 4, 6, 1))
    books.registered(who, YEAR - 7, YEAR - 6, YEAR - 5, YEAR)
    books.trained(who, 1)
    assert missing(who) == ["registered 1 of 3 years"]


def test_sessions_led_count_as_services():
    who = books.candidate()
    books.led(who, 20)
    books.served(who, 9)
    assert "29 of 30 services in the last year" in missing(who)


@pytest.mark.parametrize("ago", [366, 400])
def test_services_of_more_than_a_year_ago_do_not_count(ago):
    who = books.candidate()
    books.served(who, 1, ago=ago)
    assert "0 of 30 services in the last year" in missing(who)


def test_what_was_withdrawn_does_not_count():
    who = books.candidate()
    books.led(who, 1, withdrawn_at="2025-01-01T00:00:00Z")
    books.served(who, 1, withdrawn_on=today())
    assert "0 of 30 services in the last year" in missing(who)


def test_a_course_for_another_level_does_not_count():
    who = books.certified()
    books.registered(who, *books.last_years(2))
    books.trained(who, 1)
    assert missing(who) == ["passed 0 of 1 courses for the second grade"]


def test_who_holds_the_highest_grade_has_nothing_to_reach():
    verdict = judged(books.certified(level=0))
    assert (verdict.next_level, verdict.eligible) == (None, False)


def test_who_is_nominated_is_not_eligible_again():
    who = books.ready(2)
    assert judged(who).eligible
    Promotion.objects.create(
        instructor=who, area_code=who.area_code, to_level=2, nominated_by=b.user()
    )
    assert not judged(who).eligible


@pytest.mark.parametrize("fact", ["died_on", "moved_away_on"])
def test_who_is_not_here_any_more_is_neither_eligible_nor_due(fact):
    who = books.ready(2)
    Registration.objects.filter(year=YEAR).delete()
    Person.objects.filter(pk=who.person_id).update(**{fact: today()})
    verdict = judged(who)
    assert (verdict.eligible, verdict.due, verdict.inactive) == (False, False, False)


# (year of the certificate, years registered) -> due
DUE = [
    (YEAR - 5, [], True),
    (YEAR - 5, [YEAR - 1], True),
    (YEAR - 5, [YEAR], False),
    (YEAR, [], False),
    (YEAR - 1, [], True),
]


@pytest.mark.parametrize(("granted", "years", "due"), DUE)
def test_registration_is_due(granted, years, due):
    who = books.certified(granted_on=date(granted, 1, 1))
    books.registered(who, *years)
    assert judged(who).due is due


def test_the_bureau_may_ask_for_it_every_second_year():
    who = books.certified()
    books.registered(who, YEAR - 1)
    set_rule(SYSTEM, RENEWAL, 2)
    assert not judged(who).due


# (days since the last service, days since the certificate) -> inactive
SILENT = [(100, 3000, False), (740, 3000, True), (None, 3000, True), (None, 100, False)]


@pytest.mark.parametrize(("ago", "held", "silent"), SILENT)
def test_inactive_after_two_years_without_service(ago, held, silent):
    who = books.certified(granted_on=today() - timedelta(days=held))
    if ago is not None:
        books.led(who, ago=ago)
    assert judged(who).inactive is silent


def test_a_candidate_is_neither_due_nor_inactive():
    verdict = judged(books.candidate())
    assert (verdict.due, verdict.inactive) == (False, False)


@pytest.mark.parametrize(
    ("key", "value", "level"), [(SERVICES, 5, 3), (YEARS[2], 1, 2), (YEARS[0], 2, 0)]
)
def test_the_bureau_sets_the_rules(key, value, level):
    who = books.candidate() if level == 3 else books.certified(level=level + 1)
    books.served(who, 5)
    books.registered(who, *books.last_years(int(value)))
    books.trained(who, level)
    assert not judged(who).eligible
    set_rule(SYSTEM, key, value)
    assert judged(who).eligible


def test_a_rule_set_today_leaves_yesterday_as_it_was():
    who = books.certified()
    books.led(who, ago=400)
    set_rule(SYSTEM, INACTIVE, 1)
    assert judged(who).inactive
    row = Instructor.objects.select_related("person").get(pk=who.pk)
    assert not eligibility.judge([row], today() - timedelta(days=1))[row.pk].inactive


def test_many_are_judged_in_as_many_queries_as_one():
    def cost(rows: list[Instructor]) -> int:
        with CaptureQueriesContext(connection) as queries:
            eligibility.judge(rows)
        return len(queries)

    one = [books.ready(2)]
    many = [*one, *(books.ready(level) for level in (0, 1, 2))]
    assert cost(one) == cost(many)


ago = st.integers(0, 1200)
instructors = st.lists(
    st.fixed_dictionaries(
        {
            "level": st.sampled_from([None, 0, 1, 2, 3]),
            "held": st.integers(0, 2500),
            "years": st.sets(st.integers(YEAR - 6, YEAR)),
            "trained": st.sets(st.integers(0, 3)),
            "led": st.lists(ago, max_size=3),
            "served": st.lists(ago, max_size=3),
            "ended": st.booleans(),
            "nominated": st.booleans(),
        }
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=instructors)
def test_explained_and_in_the_database_the_judgement_is_the_same(plan):
    for model in (Session, Service, Promotion, Attendance, Registration, Certificate):
        model.objects.all().delete()
    set_rule(SYSTEM, SERVICES, 2)
    user = b.user()
    for one in plan:
        granted_on = today() - timedelta(days=one["held"])
        who = b.instructor(instructor_level=one["level"], started_on=granted_on)
        if one["level"] is not None:
            books.certificate(who, one["level"], granted_on=granted_on)
        books.registered(who, *one["years"])
        for level in one["trained"]:
            books.trained(who, level)
        for days in one["led"]:
            books.led(who, ago=days)
        for days in one["served"]:
            books.served(who, ago=days)
        if one["ended"]:
            Instructor.objects.filter(pk=who.pk).update(ended_on=today())
        if one["nominated"]:
            Promotion.objects.create(
                instructor=who, area_code=who.area_code, to_level=2, nominated_by=user
            )
    rows = Instructor.objects.select_related("person")
    verdicts = eligibility.judge(rows)
    for name in ("due", "inactive", "eligible"):
        narrowed = set(getattr(eligibility, name)(rows).values_list("pk", flat=True))
        assert narrowed == {pk for pk, verdict in verdicts.items() if getattr(verdict, name)}, name
