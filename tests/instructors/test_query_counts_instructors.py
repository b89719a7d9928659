"""Each page of instructors costs a fixed number of queries, whatever the rows (L2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grids.models import Role
from instructors import actions
from instructors.models import Attendance, Course, Instructor, Promotion
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.instructors import books
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(client):
    b.small_city()
    client.force_login(b.user(Role.BUREAU_STAFF))
    return client


def grow(n: int = 3) -> None:
    """More of everything that a page could loop over."""
    officer = b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)
    course = Course.objects.create(
        area_code=b.COUNTY,
        name="二级班",
        instructor_level=2,
        started_on=today() - timedelta(days=9),
        ended_on=today(),
    )
    for _n in range(n):
        books.certified()
        for level in (3, 2, 1):
            who = books.ready(level)
            who.sports.add(b.sport(), b.sport("taiji", "太极拳", "tai chi"))
            books.led(who, 2)
            Attendance.objects.create(
                course=course, instructor=who, area_code=who.area_code, passed=True
            )
        actions.nominate(officer, books.ready(2), 2, course=course)


PAGES = {
    "instructors/list": "/instructors/",
    "instructors/list-due": "/instructors/?judged=due",
    "instructors/list-eligible": "/instructors/?judged=eligible",
    "instructors/list-inactive": "/instructors/?judged=inactive",
    "instructors/list-search": "/instructors/?q=a",
    "instructors/list-export": "/instructors/?format=csv",
    "instructors/promotions": "/instructors/promotions/?state=open",
    "instructors/courses": "/instructors/courses/",
    "instructors/ladder": f"/instructors/ladder/{b.CITY}/",
    "instructors/ladder-rows": f"/instructors/ladder/{b.CITY}/people/",
    "instructors/ladder-lost": f"/instructors/ladder/{b.CITY}/registered/lost/",
    "rules/list": "/rules/",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_with_more_rows(bureau, name):
    """L2"""
    grow(1)
    assert_query_count(bureau, PAGES[name], name)
    grow(4)
    assert_query_count(bureau, PAGES[name], name)


def test_the_names_lost_before_the_served_step_cost_the_same_with_more_of_them(bureau):
    """L2: the rule was read for each name once."""
    url = f"/instructors/ladder/{b.CITY}/served/lost/"
    books.registered(books.certified(), today().year)
    assert_query_count(bureau, url, "instructors/ladder-lost-served")
    for _n in range(4):
        books.registered(books.certified(), today().year)
    assert_query_count(bureau, url, "instructors/ladder-lost-served")


def test_an_instructors_page_costs_the_same_with_more_in_the_books(bureau):
    """L2"""
    who = books.ready(2)
    books.led(who)
    url = f"/instructors/{who.pk}/"
    assert_query_count(bureau, url, "instructors/instructor")
    assert_query_count(bureau, f"{url}record/{today().year}/", "instructors/record")
    for level in (3, 2, 1):
        books.trained(who, level)
    books.served(who, 5)
    books.led(who, 5)
    assert_query_count(bureau, url, "instructors/instructor")
    assert_query_count(bureau, f"{url}record/{today().year}/", "instructors/record")


def test_a_course_and_its_forms_cost_the_same_with_more_people(bureau):
    """L2"""
    grow(1)
    course = Course.objects.filter(name="二级班").earliest("pk")
    urls = {
        "instructors/course": f"/instructors/courses/{course.pk}/",
        "instructors/course-enrol": f"/instructors/courses/{course.pk}/enrol/",
        "instructors/course-nominate": f"/instructors/courses/{course.pk}/nominate/",
    }
    for name, url in urls.items():
        assert_query_count(bureau, url, name)
    for who in Instructor.objects.exclude(attendances__course=course):
        Attendance.objects.create(
            course=course, instructor=who, area_code=who.area_code, passed=True
        )
    grow(2)
    for name, url in urls.items():
        assert_query_count(bureau, url, name)


def test_a_promotions_page_is_cheap(bureau):
    """L2"""
    grow(1)
    promotion = Promotion.objects.earliest("pk")
    assert_query_count(bureau, f"/instructors/promotions/{promotion.pk}/", "instructors/promotion")
