"""The pages of lectures and events, their export, their API, and what the outbox sends."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from activities.actions import withdraw_gathering
from activities.models import Lecture
from activities.outbox.kinds import Sent, kind_called
from grids.models import Role
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.activities.acting import yesterday
from tests.activities.gatherings.acting import (
    KINDS,
    MODELS,
    NAME,
    form_of,
    held,
    submission,
    usual,
)
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def leader() -> Any:
    b.small_city()
    return b.user(Role.GRID_LEADER, b.GRID)


@pytest.fixture
def officer(leader: Any) -> Any:
    return b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)


@pytest.fixture
def page(leader: Any, signed_in: Any) -> Any:
    return signed_in(leader)


def many(kind: str, user: Any, number: int) -> None:
    for n in range(number):
        values = usual(kind, held_on=yesterday() - timedelta(days=n), **{NAME[kind]: f"第{n}场"})
        MODELS[kind].objects.create(logged_by=user, **values)


# --- writing it down ---


@each_kind
def test_the_form_needs_little_and_leads_to_the_page(page: Any, kind: str) -> None:
    """U2: without a script too."""
    url = f"/m/{kind}/{b.GRID}/"
    form = page.get(url).context["form"]
    assert len(form.shown_first) <= 5
    begun = {field.html_name: field.value() for field in form}
    sent = {name: value for name, value in begun.items() if value not in (None, "")}
    answer = page.post(url, {**sent, NAME[kind]: "健身", "participants": 30})
    row = MODELS[kind].objects.get()
    assert answer["Location"] == f"/{kind}s/{row.pk}/"
    assert (row.area_code, row.participants, row.held_on) == (b.GRID, 30, today())


@each_kind
def test_a_second_tap_stores_one_and_says_so(page: Any, kind: str) -> None:
    values = form_of(kind)
    for _time in range(2):
        answer = page.post(f"/m/{kind}/{b.GRID}/", values, follow=True)
    assert MODELS[kind].objects.count() == 1
    assert "只存一条" in answer.content.decode()


@each_kind
def test_another_body_under_the_same_id_is_said_and_the_first_stands(page: Any, kind: str) -> None:
    """S3."""
    values = form_of(kind)
    page.post(f"/m/{kind}/{b.GRID}/", values)
    answer = page.post(f"/m/{kind}/{b.GRID}/", {**values, "participants": 41})
    assert answer.status_code == 422
    assert answer.context["stored"].participants == 40


@each_kind
def test_an_area_beyond_ones_own_is_no_choice(page: Any, kind: str) -> None:
    """P3."""
    for code in (b.OTHER_GRID, b.VILLAGE, "4109"):
        answer = page.post(f"/m/{kind}/{b.GRID}/", form_of(kind, area_code=code))
        assert (answer.status_code, "area_code" in answer.context["form"].errors) == (422, True)
    assert not MODELS[kind].objects.exists()


@each_kind
def test_a_township_officer_chooses_among_the_villages(
    officer: Any, signed_in: Any, kind: str
) -> None:
    client = signed_in(officer)
    form = client.get(f"/m/{kind}/{b.TOWNSHIP}/").context["form"]
    codes = [code for code, _name in form.fields["area_code"].choices]
    assert {b.TOWNSHIP, b.VILLAGE, b.COMMUNITY, b.GRID} <= set(codes)
    client.post(f"/m/{kind}/{b.TOWNSHIP}/", form_of(kind, area_code=b.VILLAGE))
    assert MODELS[kind].objects.get().area_code == b.VILLAGE


def test_a_speaker_is_somebody_one_sees_or_a_guest(page: Any, leader: Any) -> None:
    """P4: a key that one may not see is as one that is not there."""
    seen, hidden = b.person(b.GRID, "李老师"), b.person(b.OTHER_GRID, "别人")
    url = f"/m/lecture/{b.GRID}/"
    page.post(url, form_of("lecture", speaker=seen.pk, guest=""))
    assert Lecture.objects.get().speaker == seen
    refusals = {
        str(page.post(url, form_of("lecture", speaker=key)).context["form"].errors["speaker"])
        for key in (hidden.pk, 10**9)
    }
    assert len(refusals) == 1
    assert Lecture.objects.count() == 1


# --- putting it right ---


@each_kind
def test_it_is_corrected_on_its_page_and_the_page_says_what_it_said(
    page: Any, leader: Any, kind: str
) -> None:
    row = held(kind, leader)
    url = f"/{kind}s/{row.pk}/correct/"
    form = page.get(url).context["form"]
    begun = {field.html_name: field.value() for field in form}
    sent = {name: value for name, value in begun.items() if value is not None}
    answer = page.post(url, {**sent, "participants": 55, "reason": "数错"}, follow=True)
    row.refresh_from_db()
    assert (row.participants, row.version) == (55, 2)
    shown = answer.content.decode()
    assert "<del>40</del>" in shown
    assert "<ins>55</ins>" in shown
    assert "数错" in shown


@each_kind
def test_it_is_withdrawn_on_its_page(page: Any, leader: Any, kind: str) -> None:
    row = held(kind, leader)
    page.post(f"/{kind}s/{row.pk}/withdraw/", {"version": 1, "reason": "没有举行"})
    assert not MODELS[kind].objects.standing().exists()
    assert page.get(f"/{kind}s/{row.pk}/").status_code == 200
    assert page.get(f"/{kind}s/{row.pk}/correct/").status_code == 404


@each_kind
def test_after_seven_days_only_the_township_officer_amends(
    page: Any, leader: Any, officer: Any, signed_in: Any, kind: str
) -> None:
    row = held(kind, leader)
    MODELS[kind].objects.update(logged_at=row.logged_at - timedelta(days=8))
    assert page.get(f"/{kind}s/{row.pk}/correct/").status_code == 404
    assert signed_in(officer).get(f"/{kind}s/{row.pk}/correct/").status_code == 200


# --- the lists ---


def names_in(client: Any, kind: str, query: str) -> set[str]:
    export = client.get(f"/{kind}s/?{query}&format=csv")
    rows = list(csv.reader(b"".join(export.streaming_content).decode("utf-8-sig").splitlines()))
    listed = {
        getattr(row, NAME[kind]) for row in client.get(f"/{kind}s/?{query}").context["page"].rows
    }
    assert {row[0] for row in rows[1:]} == listed
    return listed


@each_kind
def test_the_list_and_its_export_are_narrowed_alike(leader: Any, signed_in: Any, kind: str) -> None:
    staff = b.user(Role.BUREAU_STAFF, b.CITY)
    other = b.user(Role.GRID_LEADER, b.OTHER_GRID)
    held(kind, leader, **{NAME[kind]: "此处"})
    held(kind, other, area_code=b.OTHER_GRID, **{NAME[kind]: "彼处"})
    gone = held(kind, leader, **{NAME[kind]: "撤回的"})
    withdraw_gathering(leader, gone, version=1, reason="没有举行")
    held(kind, leader, held_on=today() - timedelta(days=30), **{NAME[kind]: "上月"})
    client = signed_in(staff)
    assert names_in(client, kind, "") == {"此处", "彼处", "上月"}
    assert names_in(client, kind, "state=withdrawn") == {"撤回的"}
    assert names_in(client, kind, f"within={b.VILLAGE}") == {"此处", "上月"}
    assert names_in(client, kind, f"from_day={yesterday()}") == {"此处", "彼处"}
    assert names_in(client, kind, "q=彼") == {"彼处"}
    assert names_in(signed_in(other), kind, "") == {"彼处"}


@each_kind
def test_pages_and_api_cost_the_same_for_more_rows(leader: Any, signed_in: Any, kind: str) -> None:
    """L2."""
    client = signed_in(b.user(Role.COUNTY_OFFICIAL, b.COUNTY))
    for number in (3, 70):
        MODELS[kind].objects.all().delete()
        many(kind, leader, number)
        assert_query_count(client, f"/{kind}s/", f"gatherings/{kind}-list")
        assert_query_count(client, f"/{kind}s/?format=csv", f"gatherings/{kind}-export")
        assert_query_count(client, f"/api/v1/{kind}s/", f"api/{kind}s")
    row = MODELS[kind].objects.first()
    assert_query_count(client, f"/{kind}s/{row.pk}/", f"gatherings/{kind}")
    assert_query_count(signed_in(leader), f"/m/{kind}/{b.GRID}/", f"gatherings/log-{kind}")


@each_kind
def test_page_after_page_shows_each_once(leader: Any, signed_in: Any, kind: str) -> None:
    many(kind, leader, 120)
    client, seen, url = signed_in(leader), [], f"/{kind}s/"
    while url:
        page = client.get(url).context["page"]
        seen += [row.pk for row in page.rows]
        url = f"/{kind}s/{page.next}" if page.next else ""
    assert len(seen) == len(set(seen)) == 120


# --- the API, for reading ---


@each_kind
def test_the_api_gives_ones_own_rows_only(leader: Any, signed_in: Any, kind: str) -> None:
    other = b.user(Role.GRID_LEADER, b.OTHER_GRID)
    mine, theirs = held(kind, leader), held(kind, other, area_code=b.OTHER_GRID)
    client = signed_in(leader)
    url = f"/api/v1/{kind}s/"
    assert [row["id"] for row in client.get(url).json()["results"]] == [str(mine.pk)]
    for key in (theirs.pk, uuid4()):
        assert client.get(f"{url}{key}/").status_code == 404
    assert client.get(f"{url}?within=41x").status_code == 400
    assert client.post(url, {}).status_code == 405


# --- what the outbox sends ---


@each_kind
def test_the_outbox_writes_by_the_same_action(leader: Any, kind: str) -> None:
    log = kind_called(f"{kind}/log")
    assert log is not None
    assert log.create is not None
    body = log.body(
        data=submission(kind), context={"user": leader, "request": None, "area_code": b.GRID}
    )
    assert body.is_valid(), body.errors
    key = uuid4()
    row, created = log.create(Sent(leader, key, body.validated_data))
    _again, anew = log.create(Sent(leader, key, body.validated_data))
    assert (created, anew, row.pk) == (True, False, key)
    take_back = kind_called(f"{kind}/withdraw")
    assert take_back is not None
    assert take_back.amend is not None
    row = take_back.amend(Sent(leader, uuid4(), {"reason": "没有举行"}), row)
    assert row.withdrawn_at is not None


@each_kind
def test_a_body_of_an_older_form_gets_the_defaults(leader: Any, kind: str) -> None:
    """Pitfall 10: an older record is never dropped because the form changed."""
    log = kind_called(f"{kind}/log")
    assert log is not None
    sent = submission(kind)
    for name in ("place", "note", "guest", "event_kind"):
        sent.pop(name, None)
    body = log.body(data=sent, context={"user": leader, "request": None, "area_code": b.GRID})
    assert body.is_valid(), body.errors


@each_kind
def test_the_phones_form_needs_nothing_that_the_phone_does_not_have(kind: str) -> None:
    log = kind_called(f"{kind}/log")
    assert log is not None
    assert log.form is not None
    form: Any = log.form()
    assert "speaker" not in form.fields
    assert form["minutes"].value()
    assert len(form.shown_first) <= 5
    assert set(form.fields) - {"id"} <= log.known
