"""What load balancers ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client


def test_health_needs_no_database_no_known_host_and_no_https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/health/", headers={"host": "10.0.0.9:8000"}).status_code == 200


@pytest.mark.django_db
def test_ready_tells_of_database_and_cache() -> None:
    answer = Client().get("/ready/", headers={"host": "10.0.0.9:8000"})
    assert (answer.status_code, answer.text) == (200, "database: ok\ncache: ok\n")


@pytest.mark.django_db
def test_not_ready_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("no route")

    monkeypatch.setattr(connection, "cursor", away)
    answer = Client().get("/ready/")
    assert answer.status_code == 503
    assert "no route" not in answer.text


@pytest.mark.django_db
def test_a_cache_that_is_away_is_told_but_pages_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """J3."""

    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no cache")

    monkeypatch.setattr(cache, "set", away)
    answer = Client().get("/ready/")
    assert (answer.status_code, answer.text) == (200, "database: ok\ncache: away\n")


@pytest.mark.django_db
def test_pages_allow_only_our_own_scripts() -> None:
    policy = Client().get("/sign-in/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
