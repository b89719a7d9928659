"""What people see when something is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from jiaozuo_grid import urls
from tests import builders as b

pytestmark = pytest.mark.django_db


def broken(request: Any) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [*urls.urlpatterns, path("broken/", broken)]


def test_an_unknown_address_answers_404_to_everyone(signed_in: Any) -> None:
    for client in (Client(), signed_in(b.user("county_official", b.COUNTY))):
        response = client.get("/nothing-here/")
        assert response.status_code == 404
        assert b'data-error="404"' in response.content


def test_a_page_without_the_right_answers_403(signed_in: Any) -> None:
    response = signed_in(b.user("grid_leader", b.GRID)).get("/audit/")
    assert response.status_code == 403
    assert b'data-error="403"' in response.content


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_shows_a_page_and_no_details() -> None:
    client = Client(raise_request_exception=False)
    response = client.get("/broken/")
    assert response.status_code == 500
    assert b'data-error="500"' in response.content
    assert b"on purpose" not in response.content


def test_a_request_that_cannot_be_understood_shows_a_page(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["grid.example"]
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b'data-error="400"' in response.content
    assert b"evil.example" not in response.content


def test_a_page_open_too_long_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sign-in/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert b'data-error="csrf"' in response.content
