"""Saved views: one's own, of one page, and only what that page knows."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from grids.models import Role
from jiaozuo_grid.pages.saving import MOST_VIEWS
from jiaozuo_grid.saved_views import SavedView
from tests import builders as b

pytestmark = pytest.mark.django_db
URL = "/grids/"


@pytest.fixture
def owner() -> User:
    b.small_city()
    return b.user(Role.BUREAU_STAFF, b.CITY)


@pytest.fixture
def client(signed_in: Any, owner: User) -> Client:
    return signed_in(owner)


def save(client: Client, query: str = "?kind=rural&sort=-name", **fields: str) -> Any:
    return client.post(URL + query, {"views": "save", "name": "农村网格", **fields})


def view_of(user: User, name: str = "农村网格", **fields: Any) -> SavedView:
    return SavedView.objects.create(owner=user, page="grid-list", name=name, **fields)


def test_a_view_keeps_filters_order_and_columns(client: Client, owner: User) -> None:
    answer = save(client, "?kind=rural&sort=-name&columns=name,population")
    view = SavedView.objects.get()
    assert (view.owner, view.page, view.name) == (owner, "grid-list", "农村网格")
    response = client.get(answer["Location"])
    assert response.context["address"].sort == "-name"
    assert [c.name for c in response.context["address"].chosen] == ["name", "population"]
    assert response.context["view"] == view
    assert not response.context["view_changed"]


def test_only_what_the_page_knows_is_kept(client: Client) -> None:
    save(client, "?kind=rural&page=3&next=//evil&sort=odd&columns=name,odd&format=csv&q=")
    view = SavedView.objects.get()
    assert (view.query, view.columns) == ("kind=rural", "name")


def test_a_filter_that_is_not_understood_is_not_kept(client: Client) -> None:
    answer = client.post(URL + "?kind=lunar", {"views": "save", "name": "月球"}, follow=True)
    assert not SavedView.objects.exists()
    assert 'class="message message-error' in answer.text


def test_one_sees_ones_own_views_as_tabs(client: Client, owner: User) -> None:
    view_of(owner, "农村网格", query="kind=rural")
    view_of(b.user(Role.BUREAU_STAFF, b.CITY), "别人的")
    text = client.get(URL).text
    assert "农村网格" in text
    assert "别人的" not in text


def test_a_view_of_one_page_is_not_offered_on_another(client: Client, owner: User) -> None:
    view_of(owner, "农村网格")
    assert "农村网格" not in client.get("/appointments/").text


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_view_of_someone_else_is_not_there(client: Client, verb: str) -> None:
    theirs = view_of(b.user(Role.BUREAU_STAFF, b.CITY), query="kind=urban")
    for key in (str(theirs.pk), "999999", "x", ""):
        assert client.post(URL, {"views": verb, "id": key}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.query == "kind=urban"


def test_the_address_of_someone_elses_view_shows_the_list_and_not_the_view(client: Client) -> None:
    theirs = view_of(b.user(Role.BUREAU_STAFF, b.CITY), query="kind=urban")
    response = client.get(f"{URL}?view={theirs.pk}&kind=rural")
    assert response.status_code == 200
    assert response.context["view"] is None


def test_a_view_of_another_page_is_not_changed_from_here(client: Client, owner: User) -> None:
    view = SavedView.objects.create(owner=owner, page="person-list", name="人")
    assert client.post(URL, {"views": "delete", "id": view.pk}).status_code == 404


def test_a_changed_view_is_updated_to_the_present_filters(client: Client, owner: User) -> None:
    view = view_of(owner, query="kind=rural")
    changed = f"{URL}?kind=urban&view={view.pk}"
    assert client.get(changed).context["view_changed"]
    client.post(changed, {"views": "update", "id": view.pk})
    view.refresh_from_db()
    assert view.query == "kind=urban"


def test_a_deleted_view_is_gone(client: Client, owner: User) -> None:
    view = view_of(owner)
    assert client.post(URL, {"views": "delete", "id": view.pk}).status_code == 302
    assert not SavedView.objects.exists()


def test_a_name_is_used_once(client: Client, owner: User) -> None:
    save(client)
    save(client, "?kind=urban")
    assert SavedView.objects.get().query == "kind=rural&sort=-name"


@pytest.mark.parametrize("name", ["", " ", "长" * 31, "a\x00b"])
def test_a_name_that_cannot_be_is_refused(client: Client, name: str) -> None:
    assert save(client, name=name).status_code == 302
    assert not SavedView.objects.exists()


def test_a_list_opens_with_the_view_chosen_for_that(client: Client) -> None:
    save(client, opens="on")
    assert client.get(URL)["Location"].startswith(f"{URL}?kind=rural&sort=-name&view=")
    assert client.get(URL + "?view=").status_code == 200
    assert client.get(URL + "?kind=urban").status_code == 200


def test_one_view_at_most_opens_a_list(client: Client) -> None:
    save(client, opens="on")
    save(client, "?kind=urban", name="城市网格", opens="on")
    assert [view.name for view in SavedView.objects.filter(opens=True)] == ["城市网格"]


def test_a_kept_view_is_chosen_to_open_the_list_and_let_go_again(
    client: Client, owner: User
) -> None:
    first, view = view_of(owner, "一", opens=True), view_of(owner, query="kind=rural")
    client.post(URL, {"views": "opens", "id": view.pk})
    assert list(SavedView.objects.filter(opens=True)) == [view]
    client.post(URL + "?view=", {"views": "opens", "id": view.pk})
    assert not SavedView.objects.filter(opens=True).exists()
    assert SavedView.objects.get(pk=first.pk).name == "一"


def test_the_whole_list_is_reached_from_a_view_that_opens_it(client: Client) -> None:
    save(client, opens="on")
    response = client.get(URL, follow=True)
    assert response.context["reset_url"] == "?view="
    for chip in response.context["address"].chips():
        assert client.get(URL + chip.url).status_code == 200


def test_there_is_a_bound_to_the_views_one_keeps(client: Client, owner: User) -> None:
    for n in range(MOST_VIEWS):
        view_of(owner, f"视图{n}")
    save(client)
    assert SavedView.objects.count() == MOST_VIEWS


def test_a_page_without_views_takes_none(signed_in: Any, owner: User) -> None:
    client = signed_in(owner)
    assert client.post("/sessions/", {"views": "nothing"}).status_code in (404, 405)


def test_who_may_not_open_the_page_keeps_no_view_of_it(signed_in: Any) -> None:
    b.small_city()
    client = signed_in(b.user(Role.GRID_MEMBER, b.HOBBY_GRID))
    assert save(client).status_code == 403
    assert not SavedView.objects.exists()


def test_an_owner_sees_their_own_views_in_the_administration(client: Client, owner: User) -> None:
    mine = view_of(owner)
    theirs = view_of(b.user(Role.BUREAU_STAFF, b.CITY))
    url = "admin:jiaozuo_grid_savedview_change"
    assert client.get(reverse(url, args=[mine.pk])).status_code == 200
    assert client.get(reverse(url, args=[theirs.pk])).status_code == 404
