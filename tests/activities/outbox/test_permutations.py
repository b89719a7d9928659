"""S4: corrections and withdrawals before their record, twice, dropped and sent again."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Session
from tests import builders as b
from tests.activities.outbox import permuting
from tests.activities.outbox.phone import Phone

pytestmark = pytest.mark.django_db
RUNS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def leader() -> Any:
    b.small_city()
    return b.user("grid_leader", b.GRID)


@RUNS
@given(seed=st.integers(0, 2**32))
def test_any_order_ends_as_the_author_said_last(leader: Any, seed: int) -> None:
    """S4: also after a split of the grid."""
    chance = random.Random(seed)
    told = permuting.story(chance)
    with transaction.atomic():
        permuting.deliver(told, leader, permuting.deliveries(told, chance))
        found = permuting.faults(told)
        transaction.set_rollback(True)
    assert found == []


def test_every_order_of_a_record_two_corrections_and_a_withdrawal(leader: Any) -> None:
    """S4: all 24, through the API; each is answered with done or kept, and done in the end."""
    phone = Phone(leader)
    for order in itertools.permutations(range(4)):
        with transaction.atomic():
            log = phone.log()
            first = phone.correct(log, participants=31)
            second = phone.correct(log, first, participants=32)
            withdrawn = phone.withdraw(log, second)
            sent = [log, first, second, withdrawn]

            statuses = [phone.send(sent[place]).status_code for place in order]

            assert set(statuses) <= {200, 201, 202}, (order, statuses)
            again = [phone.send(one) for one in sent]
            assert {answer.status_code for answer in again} == {200}, order
            row = Session.objects.get(pk=log["id"])
            assert (row.participants, row.version) == (32, 4), order
            assert row.withdrawn_at is not None
            transaction.set_rollback(True)
