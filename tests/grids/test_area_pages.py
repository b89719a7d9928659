"""The page of any area, and the forms that start from it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from grids.actions import record_residents
from grids.models import Appointment, Grid, HobbyGrid, ResidentCount, Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests import builders
from tests.builders import (
    BEGINNING,
    CITY,
    COMMUNITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_COUNTY,
    OTHER_GRID,
    TOWNSHIP,
    VILLAGE,
    person,
    small_city,
    user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    small_city()


@pytest.fixture
def officer(client):
    who = user(Role.TOWNSHIP_OFFICER, TOWNSHIP)
    client.force_login(who)
    return who


def area(code: str) -> str:
    return reverse("area", args=[code])


def form_errors(response) -> dict:
    return response.context["form"].errors


def plain(response, code: str) -> str:
    """The answer without its own address and the random form token."""
    text = response.content.decode().replace(area(code), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("code", [CITY, COUNTY, TOWNSHIP, VILLAGE, COMMUNITY, GRID, HOBBY_GRID])
def test_every_level_has_a_page(client, code):
    client.force_login(user(Role.BUREAU_STAFF, CITY))
    response = client.get(area(code))
    assert response.status_code == 200
    assert response.context["area"].area_code == code


@pytest.mark.parametrize(
    "code", [CITY, COUNTY, OTHER_COUNTY, "410882002", OTHER_GRID, "1", "abc", VILLAGE + "999"]
)
def test_what_is_out_of_reach_answers_like_what_is_not_there(client, officer, code):
    absent = TOWNSHIP + "999"
    missing, response = client.get(area(absent)), client.get(area(code))
    assert response.status_code == missing.status_code == 404
    assert plain(response, code) == plain(missing, absent)


def test_steps_above_the_reach_are_named_but_not_linked(client, officer):
    crumbs = client.get(area(GRID)).context["crumbs"]
    assert [bool(crumb.url) for crumb in crumbs] == [False, False, True, True, False]
    assert crumbs[0].name == "焦作市"


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(area(GRID)).status_code == 302


def test_a_village_shows_its_residents_with_day_and_source(client, officer):
    record_residents(SYSTEM, VILLAGE, BEGINNING, population=1234, source="七普")
    residents = client.get(area(VILLAGE)).context["residents"]
    assert (residents.population, residents.started_on, residents.source) == (
        1234,
        BEGINNING,
        "七普",
    )


def test_a_village_says_how_many_grids_it_lacks(client, officer):
    record_residents(SYSTEM, VILLAGE, BEGINNING, villager_groups=5)
    context = client.get(area(VILLAGE)).context
    assert (context["required"], context["standing"], context["missing"]) == (5, 1, 4)


def test_missing_grids_are_established_by_one_button(client, officer):
    record_residents(SYSTEM, VILLAGE, BEGINNING, villager_groups=5)
    url = reverse("grid-missing", args=[VILLAGE])
    assert client.get(url).context["missing"] == 4
    assert client.post(url, {"started_on": today()}).status_code == 302
    assert Grid.objects.within(VILLAGE).count() == 5


def test_a_township_establishes_the_missing_grids_of_chosen_villages(client, officer):
    record_residents(SYSTEM, VILLAGE, BEGINNING, villager_groups=3)
    record_residents(SYSTEM, COMMUNITY, BEGINNING, households=900)
    url = reverse("grid-missing", args=[TOWNSHIP])
    offered = [code for code, _name in client.get(url).context["form"].fields["villages"].choices]
    assert offered == [COMMUNITY, VILLAGE]
    client.post(url, {"villages": [COMMUNITY], "started_on": today()})
    assert Grid.objects.within(COMMUNITY).count() == 3
    assert Grid.objects.within(VILLAGE).count() == 1


def test_a_foreign_village_in_the_batch_refuses_the_whole_batch(client, officer):
    """P3: bulk by form."""
    record_residents(SYSTEM, VILLAGE, BEGINNING, villager_groups=3)
    record_residents(SYSTEM, builders.OTHER_VILLAGE, BEGINNING, villager_groups=3)
    url = reverse("grid-missing", args=[TOWNSHIP])
    both = [VILLAGE, builders.OTHER_VILLAGE]
    response = client.post(url, {"villages": both, "started_on": today()})
    assert "villages" in form_errors(response)
    assert Grid.objects.count() == 2


def test_one_grid_is_established_with_what_is_known(client, officer):
    data = {"name": "东片", "households": 80, "population": "", "started_on": today()}
    response = client.post(reverse("grid-new", args=[VILLAGE]), data)
    made = Grid.objects.get(name="东片")
    assert response.url == area(made.area_code)
    assert (made.households, made.population) == (80, None)


def test_a_grid_is_edited_ended_and_reopened(client, officer):
    client.post(reverse("grid-edit", args=[GRID]), {"name": "南片", "households": 66})
    assert Grid.objects.get(area_code=GRID).name == "南片"
    client.post(reverse("area-end", args=[GRID]), {"on": today(), "reason": "合并"})
    assert Grid.objects.get(area_code=GRID).ended_on == today()
    client.post(reverse("area-reopen", args=[GRID]))
    assert Grid.objects.get(area_code=GRID).ended_on is None


def test_a_hobby_grid_is_formed_and_edited(client, officer):
    data = {"sport": builders.sport().pk, "usual_days": ["1", "3"], "usual_start": "19:30"}
    response = client.post(
        reverse("hobby-grid-new", args=[VILLAGE]), {**data, "started_on": today()}
    )
    made = HobbyGrid.objects.get(area_code=VILLAGE + "00001")
    assert response.url == area(made.area_code)
    assert made.usual_days == "13"
    client.post(
        reverse("hobby-grid-edit", args=[made.area_code]),
        {**data, "name": "夕阳红", "members_count": 40},
    )
    made.refresh_from_db()
    assert (made.name, made.members_count) == ("夕阳红", 40)


def test_an_impossible_day_is_explained_at_its_field(client, officer):
    response = client.post(reverse("grid-new", args=[VILLAGE]), {"started_on": "1999-01-01"})
    assert response.status_code == 422
    assert "started_on" in form_errors(response)


def test_residents_are_recorded_by_form(client, officer):
    url = reverse("residents", args=[VILLAGE])
    client.post(url, {"on": today(), "population": 900, "households": 300, "source": "村台账"})
    count = ResidentCount.objects.get(area_code=VILLAGE)
    assert (count.population, count.households, count.villager_groups) == (900, 300, None)
    response = client.post(url, {"on": today(), "population": 10, "households": 300})
    assert "households" in form_errors(response)


def test_someone_found_by_name_is_appointed(client, officer):
    who = person(VILLAGE, "赵卫东")
    url = reverse("appoint", args=[GRID, Role.GRID_LEADER])
    found = client.get(url, {"q": "卫东"}).context["found"]
    assert found == [who]
    response = client.post(url, {"person": who.pk, "started_on": today(), "background": "official"})
    assert response.status_code == 302
    assert Appointment.objects.get(role=Role.GRID_LEADER).person == who


def test_a_new_person_is_entered_and_appointed_on_one_page(client, officer):
    url = reverse("appoint", args=[GRID, Role.GRID_LEADER])
    client.post(url, {"name": "钱进", "phone": "13800000001", "started_on": today()})
    post = Appointment.objects.get(role=Role.GRID_LEADER)
    assert (post.person.name, post.person.area_code) == ("钱进", GRID)


def test_a_refused_appointment_enters_nobody(client, officer):
    builders.appoint(person(), Role.GRID_LEADER, GRID, started_on=today() + timedelta(days=9))
    url = reverse("appoint", args=[GRID, Role.GRID_LEADER])
    response = client.post(url, {"name": "钱进", "started_on": today()})
    assert response.status_code == 422
    assert not type(officer.person).objects.filter(name="钱进").exists()


def test_who_is_entered_already_is_recognised_by_name_and_phone(client, officer):
    who = person(VILLAGE, "钱进", phone="13800000001")
    url = reverse("appoint", args=[HOBBY_GRID, Role.GRID_MEMBER])
    client.post(url, {"name": "钱进", "phone": "13800000001", "started_on": today()})
    assert Appointment.objects.get(role=Role.GRID_MEMBER).person == who


def test_the_page_of_a_led_grid_replaces_its_leader(client, officer):
    first = builders.appoint(person(), Role.GRID_LEADER, GRID)
    url = reverse("appoint", args=[GRID, Role.GRID_LEADER])
    assert client.get(url).context["leader"] == first
    client.post(url, {"name": "孙新", "started_on": today(), "reason": "换届"})
    first.refresh_from_db()
    assert first.ended_on == today()
    shown = client.get(area(GRID)).context
    assert shown["leader"].person.name == "孙新"
    assert shown["past_posts"] == [first]


def test_a_post_is_ended_with_a_reason(client, officer):
    post = builders.appoint(person(), Role.GRID_LEADER, GRID)
    data = {"on": today(), "reason": "病", "vacant": "on"}
    client.post(reverse("appointment-end", args=[post.pk]), data)
    post.refresh_from_db()
    assert post.ended_on == today()
    assert client.get(area(GRID)).context["leader"] is None


def test_a_search_never_finds_people_out_of_sight(client, officer):
    person(OTHER_COUNTY, "赵远方", phone="13911111111")
    url = reverse("appoint", args=[GRID, Role.GRID_LEADER])
    for words in ("赵远方", "13911111111"):
        assert client.get(url, {"q": words}).context["found"] == []
    far = person(OTHER_COUNTY)
    response = client.post(url, {"person": far.pk, "started_on": today()})
    assert "person" in form_errors(response)
