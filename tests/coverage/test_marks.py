"""Announced facts: marked in the writer's transaction, and one fold asked for after it."""

from __future__ import annotations

import pytest
from django.db import transaction

from coverage import marks
from coverage.models import StaleMark
from jiaozuo_grid.listeners import Fact, announce
from tests.builders import GRID, OTHER_GRID, VILLAGE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(marks, "soon", found.append)
    return found


def test_many_announcements_of_one_transaction_ask_for_one_fold(asked: list[str]) -> None:
    for _transaction in range(2):
        with transaction.atomic():
            for code in (GRID, OTHER_GRID, VILLAGE):
                with transaction.atomic():
                    announce([Fact(code)])
    assert asked == ["fold", "fold"]
    assert StaleMark.objects.count() == 6


def test_a_savepoint_that_is_rolled_back_takes_no_other_wish_with_it(asked: list[str]) -> None:
    with transaction.atomic():
        sid = transaction.savepoint()
        announce([Fact(GRID)])
        transaction.savepoint_rollback(sid)
        announce([Fact(VILLAGE)])
    assert asked == ["fold"]
    assert StaleMark.objects.get().area_code == VILLAGE


def test_what_was_rolled_back_asks_for_nothing(asked: list[str]) -> None:
    with transaction.atomic():
        announce([Fact(GRID)])
        transaction.set_rollback(True)
    assert asked == []
