"""The first account of an installation."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from jiaozuo_grid.reach import reach_of
from tests.builders import CITY, COUNTY, division

pytestmark = pytest.mark.django_db


@pytest.fixture
def _city() -> None:
    division(CITY, "焦作市")


def create(monkeypatch: pytest.MonkeyPatch, password: str, username: str = "wang") -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command(
        "create_bureau_account", username, name="王工", password_stdin=True, stdout=io.StringIO()
    )


@pytest.mark.usefixtures("_city")
def test_the_new_account_signs_in_and_reaches_the_whole_city(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    create(monkeypatch, "a-Good-pass-9")
    user = User.objects.get(username="wang")
    assert user.check_password("a-Good-pass-9")
    assert reach_of(user).allows("change grids.grid", COUNTY)
    Client().force_login(user)


@pytest.mark.usefixtures("_city")
@pytest.mark.parametrize("password", ["12345678", "short", "wangwang", ""])
def test_a_weak_password_is_refused_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    with pytest.raises(CommandError):
        create(monkeypatch, password, username="wangwang")
    assert not User.objects.exists()


@pytest.mark.usefixtures("_city")
def test_a_taken_user_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    create(monkeypatch, "a-Good-pass-9")
    with pytest.raises(CommandError):
        create(monkeypatch, "a-Good-pass-9")


def test_without_the_division_list_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError):
        create(monkeypatch, "a-Good-pass-9")
    assert not User.objects.exists()
