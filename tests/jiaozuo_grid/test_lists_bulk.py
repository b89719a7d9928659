"""One thing done to many rows of a list: all of them, or none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, Door, User
from grids.models import Appointment, Grid, Role
from jiaozuo_grid import jobs
from jiaozuo_grid.jobs import Job, State
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import PAGE_SIZE
from tests import builders as b

pytestmark = pytest.mark.django_db
URL = "/appointments/"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "send", lambda job_id: None)


@pytest.fixture
def officer() -> User:
    b.small_city()
    return b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)


@pytest.fixture
def client(signed_in: Any, officer: User) -> Client:
    return signed_in(officer)


def members(count: int, where: str = b.HOBBY_GRID) -> list[Appointment]:
    return [b.appoint(b.person(b.VILLAGE), Role.GRID_MEMBER, where) for _n in range(count)]


def mark(client: Client, posts: list[Any], url: str = URL, **more: str) -> Any:
    return client.post(url, {"bulk": "end", "row": [post.pk for post in posts], **more})


def confirm(client: Client, posts: list[Any], url: str = URL, **more: Any) -> Any:
    keys = ",".join(str(post.pk) for post in posts)
    form = {"with-on": today().isoformat(), "with-reason": "换届", **more}
    return client.post(url, {"bulk": "end", "rows": keys, **form})


def ended() -> int:
    return Appointment.objects.filter(ended_on=today()).count()


def test_the_confirmation_says_how_many_and_which(client: Client) -> None:
    posts = members(3)
    response = mark(client, posts)
    assert response.status_code == 200
    assert response.context["count"] == 3
    assert all(post.person.name in response.text for post in posts)
    assert ended() == 0


def test_the_marked_rows_are_ended_with_day_and_reason(client: Client, officer: User) -> None:
    posts = members(3)
    others = members(1)
    assert confirm(client, posts).status_code == 302
    assert ended() == 3
    assert Appointment.objects.get(pk=others[0].pk).ended_on is None
    trail = AuditEntry.objects.filter(verb="end", actor=officer, reason="换届")
    assert trail.count() == 3
    assert trail.values("batch").distinct().count() == 1


def test_one_foreign_row_refuses_all(client: Client) -> None:
    foreign = members(1, b.OTHER_HOBBY_GRID)
    posts = members(3) + foreign
    for answer in (mark(client, posts), confirm(client, posts)):
        assert answer.status_code == 302
    assert ended() == 0


def test_a_foreign_row_is_refused_like_one_that_is_not_there(client: Client) -> None:
    """Pitfall 18: the refusal never tells what exists."""
    posts = members(1)
    texts = []
    for key in (members(1, b.OTHER_HOBBY_GRID)[0].pk, 99_999_999, "x", "9" * 30, "\x00"):
        keys = [str(posts[0].pk), str(key)]
        answer = client.post(URL, {"bulk": "end", "row": keys}, follow=True)
        texts.append(answer.text.split('class="message message-error')[1].split("</p>")[0])
    assert len({text.split(">")[1].split("<")[0] for text in texts}) == 1


def test_ones_own_post_refuses_all(client: Client, officer: User) -> None:
    own = Appointment.objects.get(person=officer.person)
    confirm(client, [*members(2), own])
    assert ended() == 0


def test_a_row_that_cannot_end_is_named_and_refuses_all(client: Client) -> None:
    posts = members(2)
    gone = b.appoint(
        b.person(b.VILLAGE, "吴已去"),
        Role.GRID_MEMBER,
        b.HOBBY_GRID,
        ended_on=today() - timedelta(days=9),
    )
    answer = confirm(client, [*posts, gone])
    assert answer.status_code == 422
    assert "吴已去" in answer.text
    assert ended() == 0


def test_that_a_grid_is_left_without_a_leader_is_said_first(client: Client) -> None:
    leader = b.appoint(b.person(b.VILLAGE), Role.GRID_LEADER, b.GRID)
    posts = [*members(1), leader]
    refused = confirm(client, posts)
    assert refused.status_code == 422
    assert refused.context["form"].errors["vacant"]
    assert ended() == 0
    assert confirm(client, posts, **{"with-vacant": "on"}).status_code == 302
    assert ended() == 2


def test_a_form_that_is_not_understood_is_shown_again(client: Client) -> None:
    answer = confirm(client, members(2), **{"with-on": "2026-02-31"})
    assert answer.status_code == 422
    assert "with-on" in answer.context["form"].add_prefix("on")
    assert ended() == 0


def test_all_rows_of_the_filters_means_all_pages_of_them(client: Client) -> None:
    members(PAGE_SIZE + 5)
    b.appoint(b.person(b.VILLAGE), Role.GRID_LEADER, b.GRID)
    answer = client.post(URL + "?role=grid_member", {"bulk": "end", "all": "1"})
    assert answer.context["count"] == PAGE_SIZE + 5


def test_what_was_confirmed_is_done_and_not_what_came_since(client: Client) -> None:
    members(3)
    keys = client.post(URL + "?role=grid_member", {"bulk": "end", "all": "1"}).context["keys"]
    members(2)
    form = {"with-on": today().isoformat(), "with-reason": ""}
    client.post(URL + "?role=grid_member", {"bulk": "end", "rows": keys, **form})
    assert ended() == 3


def test_more_than_the_bound_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jiaozuo_grid.pages.bulk.MOST_ROWS", 4)
    posts = members(5)
    assert client.post(URL, {"bulk": "end", "all": "1"}).status_code == 302
    assert confirm(client, posts).status_code == 302
    assert ended() == 0


def test_nothing_marked_says_so(client: Client) -> None:
    for data in ({}, {"row": [""]}, {"rows": ""}):
        answer = client.post(URL, {"bulk": "end", **data}, follow=True)
        assert 'class="message message-error' in answer.text


def test_an_action_that_the_page_does_not_declare_is_not_there(client: Client) -> None:
    posts = members(1)
    assert client.post(URL, {"bulk": "delete", "row": [posts[0].pk]}).status_code == 404
    assert client.post("/people/", {"bulk": "end", "row": ["1"]}).status_code == 405


def test_who_may_not_change_is_not_offered_the_action_and_refused(signed_in: Any) -> None:
    b.small_city()
    posts = members(2)
    client = signed_in(b.user(Role.AUDITOR, b.COUNTY))
    assert 'id="bulk"' not in client.get(URL).text
    assert mark(client, posts).status_code == 403
    assert confirm(client, posts).status_code == 403
    assert ended() == 0


def test_many_rows_are_a_job_that_does_all_of_them(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jiaozuo_grid.pages.bulk.AT_ONCE", 2)
    posts = members(4)
    answer = confirm(client, posts)
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert ended() == 0
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.owner) == (State.DONE, officer)
    assert ended() == 4
    assert AuditEntry.objects.filter(verb="end", door=Door.TASK, actor=officer).count() == 4
    assert URL in client.get(job.get_absolute_url()).text


def test_a_job_has_the_rights_that_its_owner_has_by_then(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jiaozuo_grid.pages.bulk.AT_ONCE", 2)
    confirm(client, members(4))
    Appointment.objects.filter(person=officer.person).update(ended_on=today() - timedelta(days=1))
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert ended() == 0


def test_a_job_with_one_row_that_cannot_end_changes_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jiaozuo_grid.pages.bulk.AT_ONCE", 2)
    posts = members(4)
    confirm(client, posts)
    Appointment.objects.filter(pk=posts[2].pk).update(ended_on=today() - timedelta(days=1))
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert posts[2].person.name in job.error
    assert ended() == 0


def test_grids_end_together_with_what_is_in_them(client: Client) -> None:
    more = b.grid(b.VILLAGE + "002")
    posts = members(1)
    grids = [Grid.objects.get(area_code=b.GRID), more]
    assert confirm(client, grids, "/grids/").status_code == 302
    assert Grid.objects.within(b.VILLAGE).filter(ended_on=today()).count() == 2
    assert Appointment.objects.get(pk=posts[0].pk).ended_on == today()


def test_a_foreign_grid_refuses_all(client: Client) -> None:
    grids = list(Grid.objects.filter(area_code__in=[b.GRID, b.OTHER_GRID]))
    assert confirm(client, grids, "/grids/").status_code == 302
    assert not Grid.objects.filter(ended_on=today()).exists()
