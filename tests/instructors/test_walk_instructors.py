"""The books of the instructors walked in a browser: entering, promoting, counting."""

from __future__ import annotations

from typing import Any

import pytest

from grids.models import Role
from instructors.models import Instructor, Promotion
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.instructors import books

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PAGES = (
    "/instructors/",
    "/instructors/new/",
    "/instructors/promotions/?state=open",
    "/instructors/courses/",
    f"/instructors/ladder/{b.CITY}/",
    f"/instructors/ladder/{b.CITY}/registered/lost/",
    "/rules/",
)


def fits(tab: Any) -> bool:
    return bool(tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("phone", [True, False])
def test_no_page_is_wider_than_the_screen(open_page, phone):
    b.small_city()
    who = books.ready(2)
    books.trained(books.certified(), 2)
    tab = open_page(user=b.user(Role.BUREAU_STAFF), phone=phone)
    for path in (*PAGES, f"/instructors/{who.pk}/"):
        tab.goto(path)
        assert fits(tab), path


def test_an_instructor_is_entered_and_found_by_the_certificate(open_page):
    b.small_city()
    tab = open_page(user=b.user(Role.COUNTY_OFFICIAL, b.COUNTY), path="/instructors/")
    tab.click('a[href="/instructors/new/"]')
    tab.fill('[name="name"]', "赵六")
    tab.fill('[name="area_code"]', b.VILLAGE)
    tab.select_option('[name="level"]', "3")
    tab.fill('[name="number"]', "JZ2024-7")
    tab.fill('[name="granted_on"]', "2024-05-01")
    tab.click("form.form.panel:not(.search-row) button[type=submit]")
    who = Instructor.objects.get()
    assert tab.url.endswith(f"/instructors/{who.pk}/")
    tab.goto("/instructors/?q=jz2024-7")
    assert tab.locator(f'[data-instructor="{who.pk}"]').count() == 1


def test_three_people_lead_a_promotion_to_its_certificate(open_page):
    b.small_city()
    who = books.ready(2)
    officer = open_page(
        user=b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP), phone=True, path=f"/instructors/{who.pk}/"
    )
    officer.click(f'a[href="/instructors/{who.pk}/nominate/"]')
    officer.click("main form.form button[type=submit]")
    url = f"/instructors/promotions/{Promotion.objects.get().pk}/"
    official = open_page(
        user=b.user(Role.COUNTY_OFFICIAL, b.COUNTY), path="/instructors/promotions/"
    )
    official.click(f'a[href="{url}"]')
    official.click(f'a[href="{url}verify/"]')
    official.click("main form.form button[type=submit]")
    staff = open_page(user=b.user(Role.BUREAU_STAFF), path=url)
    staff.click(f'a[href="{url}approve/"]')
    staff.fill('[name="number"]', "JZ2-1")
    staff.fill('[name="granted_on"]', today().isoformat())
    staff.click("main form.form button[type=submit]")
    assert staff.locator('[data-state="approved"]').count() == 1
    who.refresh_from_db()
    assert who.instructor_level == 2


def test_the_ladder_leads_to_the_names(open_page):
    b.small_city()
    books.certified(level=2)
    tab = open_page(
        user=b.user(Role.BUREAU_STAFF), phone=True, path=f"/instructors/ladder/{b.CITY}/"
    )
    tab.click('[data-lost="1"] >> nth=0')
    assert tab.locator("[data-line]").count() == 1
    tab.go_back()
    tab.click('[data-step="certificates"] a')
    assert tab.locator("[data-line]").count() == 2
