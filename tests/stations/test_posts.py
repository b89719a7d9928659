"""Who is responsible and who teaches: posting, replacing, ending; and handing on what they hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.holdings import holdings
from accounts.models import User
from grids.models import Role
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import OutOfReach
from stations import actions
from stations.models import Repair, Station, StationPost
from tests import builders as b
from tests.stations.acting import YESTERDAY, official, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> User:
    b.small_city()
    return official()


@pytest.fixture
def station(actor: User) -> Station:
    return b.station()


def responsible(station: Station, day: Any = None) -> list[str]:
    posts = StationPost.objects.filter(station=station).responsible().on(day or today())
    return [post.person.name for post in posts]


def test_one_person_is_responsible(actor: User, station: Station) -> None:
    actions.make_responsible(actor, station, somebody("甲"))
    assert responsible(station) == ["甲"]


def test_a_successor_ends_the_predecessor_on_the_same_day(actor: User, station: Station) -> None:
    actions.make_responsible(actor, station, somebody("甲"), started_on=b.BEGINNING)
    actions.make_responsible(actor, station, somebody("乙"), started_on=YESTERDAY)
    assert responsible(station) == ["乙"]
    assert responsible(station, YESTERDAY - timedelta(days=1)) == ["甲"]
    assert StationPost.objects.filter(ended_on=None).count() == 1


def test_a_planned_successor_begins_on_the_day(actor: User, station: Station) -> None:
    soon = today() + timedelta(days=10)
    actions.make_responsible(actor, station, somebody("甲"))
    actions.make_responsible(actor, station, somebody("乙"), started_on=soon)
    assert (responsible(station), responsible(station, soon)) == (["甲"], ["乙"])
    with pytest.raises(ValidationError):
        actions.make_responsible(actor, station, somebody("丙"), started_on=today())


def test_the_same_person_twice_is_refused(actor: User, station: Station) -> None:
    who = somebody("甲")
    actions.make_responsible(actor, station, who)
    actions.post_instructor(actor, station, who)
    for act in (actions.make_responsible, actions.post_instructor):
        with pytest.raises(ValidationError):
            act(actor, station, who)


def test_a_responsibility_is_not_ended_without_a_successor(actor: User, station: Station) -> None:
    post = actions.make_responsible(actor, station, somebody("甲"))
    with pytest.raises(ValidationError):
        actions.unpost(actor, post, today())
    assert responsible(station) == ["甲"]


def test_an_instructors_post_ends(actor: User, station: Station) -> None:
    post = actions.post_instructor(actor, station, somebody("甲"), started_on=b.BEGINNING)
    actions.unpost(actor, post, today(), reason="搬走")
    assert not StationPost.objects.on(today()).exists()
    assert StationPost.objects.on(YESTERDAY).exists()


def test_an_instructor_comes_back(actor: User, station: Station) -> None:
    who = somebody("甲")
    post = actions.post_instructor(actor, station, who, started_on=b.BEGINNING)
    actions.unpost(actor, post, today())
    assert actions.post_instructor(actor, station, who).pk != post.pk


@pytest.mark.parametrize("fields", [{"died_on": YESTERDAY}, {"merged": True}])
def test_the_dead_and_the_merged_hold_nothing(
    actor: User, station: Station, fields: dict[str, Any]
) -> None:
    if fields.pop("merged", False):
        fields["merged_into"] = somebody("真身")
    with pytest.raises((ValidationError, OutOfReach)):
        actions.make_responsible(actor, station, somebody("甲", **fields))


def test_a_person_whom_one_does_not_see_is_not_posted(actor: User, station: Station) -> None:
    with pytest.raises(OutOfReach):
        actions.post_instructor(actor, station, b.person("410883001201"))


def test_a_post_before_the_station_is_refused(actor: User, station: Station) -> None:
    early = b.BEGINNING - timedelta(days=1)
    with pytest.raises(ValidationError):
        actions.make_responsible(actor, station, somebody("甲"), started_on=early)


@pytest.mark.parametrize(
    ("role", "area"), [(Role.GRID_LEADER, b.GRID), (Role.TOWNSHIP_OFFICER, b.OTHER_TOWNSHIP)]
)
def test_who_does_not_answer_for_the_area_posts_nobody(
    actor: User, station: Station, role: str, area: str
) -> None:
    with pytest.raises(OutOfReach):
        actions.make_responsible(b.user(role, area), station, somebody("甲"))


# --- what is in somebody's hands ---


def held(who: Any) -> dict[str, list[Any]]:
    own = [one for one in holdings() if one.key.startswith("station.")]
    return {one.key: list(one.rows(who)) for one in own if one.rows(who)}


def hand_over(key: str, actor: User, row: Any, successor: Any) -> None:
    (holding,) = [one for one in holdings() if one.key == key]
    assert holding.describe(row)
    assert holding.url(row).startswith("/stations/")
    holding.hand_over(actor, row, successor, today())


def test_all_that_a_person_holds_is_found_and_handed_on(actor: User, station: Station) -> None:
    old, new = somebody("甲"), somebody("乙")
    actions.make_responsible(actor, station, old, started_on=b.BEGINNING)
    actions.post_instructor(actor, station, old, started_on=b.BEGINNING)
    actions.report_fault(actor, station, "坏了")
    found = held(old)
    assert set(found) == {"station.responsible", "station.instructor", "station.repair"}
    for key, rows in found.items():
        hand_over(key, actor, rows[0], new)
    assert held(old) == {}
    assert set(held(new)) == set(found)


def test_without_a_successor_a_repair_falls_to_the_person_responsible(
    actor: User, station: Station
) -> None:
    actions.make_responsible(actor, station, somebody("甲"))
    helper = somebody("乙")
    actions.post_instructor(actor, station, helper)
    repair = actions.report_fault(actor, station, "坏了")
    actions.accept_repair(actor, repair, holder=helper)
    hand_over("station.repair", actor, held(helper)["station.repair"][0], None)
    assert Repair.objects.filter(holder__name="甲").exists()


def test_a_station_is_not_handed_to_nobody(actor: User, station: Station) -> None:
    who = somebody("甲")
    actions.make_responsible(actor, station, who)
    with pytest.raises(ValidationError):
        hand_over("station.responsible", actor, held(who)["station.responsible"][0], None)
