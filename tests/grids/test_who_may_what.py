"""Roles × distance × actions: what each role may do in its area, above it and beside it (P3, P8).

Every request is made by someone whose post is in the county, township, village, grid or hobby grid
of the small city, against the same target; only the posts named in ALLOWED get through.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Person
from grids.models import Appointment, Grid, HobbyGrid, ResidentCount, Role
from jiaozuo_grid.lasting import today
from tests import builders
from tests.builders import (
    CITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_COUNTY,
    OTHER_GRID,
    OTHER_HOBBY_GRID,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    person,
    small_city,
    sport,
    user,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

# (post, where): everyone who might reach the target, and their neighbours who must not.
POSTS: dict[str, tuple[str | None, str, dict[str, Any]]] = {
    "bureau": (Role.BUREAU_STAFF, CITY, {}),
    "county": (Role.COUNTY_OFFICIAL, COUNTY, {}),
    "county beside": (Role.COUNTY_OFFICIAL, OTHER_COUNTY, {}),
    "county, ended": (Role.COUNTY_OFFICIAL, COUNTY, {"ended_on": today()}),
    "township": (Role.TOWNSHIP_OFFICER, TOWNSHIP, {}),
    "township beside": (Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP, {}),
    "township, ended": (Role.TOWNSHIP_OFFICER, TOWNSHIP, {"ended_on": today()}),
    "township, to begin": (Role.TOWNSHIP_OFFICER, TOWNSHIP, {"started_on": today() + DAY}),
    "leader": (Role.GRID_LEADER, GRID, {}),
    "leader beside": (Role.GRID_LEADER, OTHER_GRID, {}),
    "leader, ended": (Role.GRID_LEADER, GRID, {"ended_on": today()}),
    "member": (Role.GRID_MEMBER, HOBBY_GRID, {}),
    "member beside": (Role.GRID_MEMBER, OTHER_HOBBY_GRID, {}),
    "auditor of the city": (Role.AUDITOR, CITY, {}),
    "auditor of the county": (Role.AUDITOR, COUNTY, {}),
    "auditor beside": (Role.AUDITOR, OTHER_COUNTY, {}),
    "without a post": (None, GRID, {}),
}
OFFICES = {"bureau", "county", "township"}
AUDITORS = {"auditor of the city", "auditor of the county"}


def post_to(client, page: str, /, *args: Any, **data: Any):
    return client.post(reverse(page, args=args), data)


def api(client, method: str, path: str, body: dict[str, Any]):
    return getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json")


# name -> (the request, who gets through)
ACTIONS: dict[str, tuple[Any, set[str]]] = {
    "see the village": (
        lambda c: c.get(reverse("area", args=[VILLAGE])),
        OFFICES | AUDITORS,
    ),
    "see the grid": (
        lambda c: c.get(reverse("area", args=[GRID])),
        OFFICES | AUDITORS | {"leader"},
    ),
    "see the hobby grid": (
        lambda c: c.get(reverse("area", args=[HOBBY_GRID])),
        OFFICES | AUDITORS | {"leader", "member"},
    ),
    "read the grid by API": (
        lambda c: c.get(f"/api/v1/grids/{GRID}/"),
        OFFICES | AUDITORS | {"leader"},
    ),
    "establish a grid": (
        lambda c: post_to(c, "grid-new", VILLAGE, started_on=today()),
        OFFICES,
    ),
    "establish a grid by API": (
        lambda c: api(c, "post", "grids/", {"village_code": VILLAGE}),
        OFFICES,
    ),
    "establish the missing grids by API": (
        lambda c: api(c, "post", "grids/missing/", {"villages": [VILLAGE]}),
        OFFICES,
    ),
    "edit the grid": (lambda c: post_to(c, "grid-edit", GRID, name="改"), OFFICES),
    "edit the grid by API": (
        lambda c: api(c, "patch", f"grids/{GRID}/", {"name": "改"}),
        OFFICES,
    ),
    "end the grid": (lambda c: post_to(c, "area-end", GRID, on=today()), OFFICES),
    "re-open the grid": (lambda c: post_to(c, "area-reopen", GRID), OFFICES),
    "record residents": (
        lambda c: post_to(c, "residents", VILLAGE, on=today(), population=5),
        OFFICES,
    ),
    "form a hobby grid": (
        lambda c: post_to(c, "hobby-grid-new", GRID, sport=sport().pk, started_on=today()),
        OFFICES | {"leader"},
    ),
    "form a hobby grid by API": (
        lambda c: api(c, "post", "hobby-grids/", {"parent_code": GRID, "sport": sport().code}),
        OFFICES | {"leader"},
    ),
    "edit the hobby grid by API": (
        lambda c: api(c, "patch", f"hobby-grids/{HOBBY_GRID}/", {"name": "改"}),
        OFFICES | {"leader"},
    ),
    "end the hobby grid": (
        lambda c: post_to(c, "area-end", HOBBY_GRID, on=today()),
        OFFICES | {"leader"},
    ),
    "appoint a township officer": (
        lambda c: post_to(
            c, "appoint", TOWNSHIP, "township_officer", name="新", started_on=today()
        ),
        {"bureau", "county"},
    ),
    "appoint a county official": (
        lambda c: post_to(c, "appoint", COUNTY, "county_official", name="新", started_on=today()),
        {"bureau"},
    ),
    "appoint an auditor": (
        lambda c: post_to(c, "appoint", COUNTY, "auditor", name="新", started_on=today()),
        {"bureau"},
    ),
    "appoint bureau staff": (
        lambda c: post_to(c, "appoint", CITY, "bureau_staff", name="新", started_on=today()),
        {"bureau"},
    ),
    "appoint a leader": (
        lambda c: post_to(
            c, "appoint", VILLAGE + "002", "grid_leader", name="新", started_on=today()
        ),
        OFFICES,
    ),
    "appoint a member": (
        lambda c: post_to(c, "appoint", HOBBY_GRID, "grid_member", name="新", started_on=today()),
        OFFICES | {"leader"},
    ),
    "end a member's post": (
        lambda c: post_to(c, "appointment-end", member_post().pk, on=today()),
        OFFICES | {"leader"},
    ),
    "edit a member's record": (
        lambda c: post_to(c, "person-edit", member_post().person_id, name="改", area_code=GRID),
        OFFICES | {"leader"},
    ),
    "open a member's account": (
        lambda c: post_to(c, "account-new", member_post().person_id, username="new"),
        OFFICES,
    ),
}


def member_post() -> Appointment:
    return Appointment.objects.get(person__name="老队员")


def everything() -> list[Any]:
    """All that these actions could change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Grid, HobbyGrid, Appointment, Person, ResidentCount)
    ]


@pytest.fixture
def target():
    small_city()
    builders.grid(VILLAGE + "002")
    builders.appoint(person(GRID, "老队员"), Role.GRID_MEMBER, HOBBY_GRID)
    ResidentCount.objects.create(
        area_code=VILLAGE, villager_groups=4, started_on=builders.BEGINNING
    )


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", POSTS)
def test_only_the_right_posts_get_through(client, target, who, action):
    """P3, P8: a refused request changes nothing, and tells no more than 403 or 404."""
    role, where, dates = POSTS[who]
    client.force_login(user(role, where, **dates))
    request, allowed = ACTIONS[action]
    before = everything()
    status = request(client).status_code
    if who in allowed:
        assert status in (200, 201, 302)
    else:
        assert status in (403, 404)
        assert everything() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_a_visitor_gets_nowhere(client, target, action):
    before = everything()
    response = ACTIONS[action][0](client)
    assert response.status_code in (302, 403)
    assert not response.get("Location", "/sign-in/").startswith("/grids/")
    assert everything() == before


@pytest.mark.parametrize(
    "body",
    [
        {"area_code": OTHER_GRID},
        {"area_code": GRID, "name": "改"},
        {"ended_on": "2020-01-01"},
        {"kind": "urban"},
    ],
)
def test_a_grid_is_not_moved_by_patch(client, target, body):
    """P3: codes, kinds and dates are not the API's to change, and are not silently ignored."""
    client.force_login(user(Role.TOWNSHIP_OFFICER, TOWNSHIP))
    before = everything()
    assert api(client, "patch", f"grids/{GRID}/", body).status_code == 400
    assert everything() == before


def test_one_foreign_village_refuses_the_whole_batch_by_api(client, target):
    """P3: bulk by API."""
    ResidentCount.objects.create(
        area_code=builders.OTHER_VILLAGE, villager_groups=4, started_on=builders.BEGINNING
    )
    client.force_login(user(Role.TOWNSHIP_OFFICER, TOWNSHIP))
    before = everything()
    villages = [VILLAGE, builders.OTHER_VILLAGE]
    assert api(client, "post", "grids/missing/", {"villages": villages}).status_code == 403
    assert everything() == before


def test_the_api_lists_only_what_is_reached(client, target):
    client.force_login(user(Role.GRID_LEADER, OTHER_GRID))
    answer = client.get("/api/v1/grids/").json()
    assert [row["area_code"] for row in answer["results"]] == [OTHER_GRID]
    assert client.get(f"/api/v1/grids/?within={GRID}").json()["results"] == []


def test_the_api_answers_as_of_a_day(client, target):
    Grid.objects.filter(area_code=GRID).update(ended_on=today())
    client.force_login(user(Role.TOWNSHIP_OFFICER, TOWNSHIP))
    yesterday = today() - DAY
    for day, count in ((today(), 1), (yesterday, 2)):
        answer = client.get(f"/api/v1/grids/?within={VILLAGE}&on={day}").json()
        assert len(answer["results"]) == count


@pytest.mark.parametrize("query", ["within=x", "within=12345", "on=2026-02-31"])
def test_the_api_refuses_what_it_does_not_understand(client, target, query):
    client.force_login(user(Role.TOWNSHIP_OFFICER, TOWNSHIP))
    assert client.get(f"/api/v1/hobby-grids/?{query}").status_code == 400
