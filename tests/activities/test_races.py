"""S1 in the small: the same session sent many times at once, against the real views."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from accounts.models import AuditEntry
from activities.actions import correct_session, withdraw_session
from activities.models import Session, SessionRevision
from tests.activities.acting import API, FORM, body, log, send
from tests.builders import GRID, HOBBY_GRID, TOWNSHIP, hobby_grid, small_city
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """What each of the tasks gives, or the error it raised; all begin together."""
    gate = threading.Barrier(len(tasks))
    results: list[Any] = [None] * len(tasks)

    def run(number: int, task: Callable[[], Any]) -> None:
        try:
            gate.wait(20)
            results[number] = task()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(number, task)) for number, task in enumerate(tasks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def clients(user: Any, number: int) -> list[Client]:
    """That many browsers with the same user's session."""
    first = Client(raise_request_exception=False)
    first.force_login(user)
    made = [Client(raise_request_exception=False) for _ in range(number)]
    for client in made:
        client.cookies = first.cookies
    return made


def sending(client: Client, values: dict[str, Any], url: str = API) -> Callable[[], Any]:
    return lambda: send(client, values, url)


def test_the_same_create_at_once_is_one_row_and_one_answer(leader: Any) -> None:
    """S1: all answers 200 or 201 with the same body; none 423, none 5xx."""
    values = body()

    answers = at_once([sending(client, values) for client in clients(leader, AT_ONCE)])

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: AT_ONCE - 1}
    assert len({answer.content for answer in answers}) == 1
    assert Session.objects.count() == 1
    assert AuditEntry.objects.filter(verb="log").count() == 1


def test_many_ids_each_sent_at_once(leader: Any) -> None:
    """S1: several ids, each in several hands, shuffled among each other."""
    groups = [hobby_grid(f"{GRID}{n:02}").area_code for n in range(2, 5)]
    bodies = [body(area_code=code) for code in groups]

    answers = at_once(
        [
            sending(client, bodies[n % len(bodies)])
            for n, client in enumerate(clients(leader, AT_ONCE + 1))
        ]
    )

    assert {answer.status_code for answer in answers} == {200, 201}
    assert sum(answer.status_code == 201 for answer in answers) == len(bodies)
    assert Session.objects.count() == len(bodies)


def test_the_form_sent_at_once_is_one_session_and_one_success(leader: Any) -> None:
    values = body()
    del values["area_code"]

    answers = at_once([partial(client.post, FORM, values) for client in clients(leader, AT_ONCE)])

    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url.split("&")[0] for answer in answers} == {f"/m/?logged={values['id']}"}
    assert Session.objects.count() == 1


def test_the_same_id_for_two_groups_at_once_is_one_row_and_one_conflict(leader: Any) -> None:
    """S3 under S1: the two do not share a lock, and still only one is kept."""
    second = hobby_grid(GRID + "02").area_code
    for _ in range(5):
        values = body(start_time="06:00")
        first, other = clients(leader, 2)

        answers = at_once([sending(first, values), sending(other, {**values, "area_code": second})])

        assert sorted(answer.status_code for answer in answers) == [201, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert refused.json() == {"fields": ["area_code"]}
        Session.objects.all().delete()


def test_two_leaders_logging_the_same_at_once_make_no_double(leader: Any) -> None:
    """S9: two ids, the same time and group: one is kept, the other is told which."""
    member, officer = new_user("grid_member", HOBBY_GRID), new_user("township_officer", TOWNSHIP)
    senders = [clients(user, 1)[0] for user in (leader, member, officer)]

    answers = at_once([sending(client, body()) for client in senders])

    assert sorted(answer.status_code for answer in answers) == [201, 400, 400]
    kept = str(Session.objects.get().pk)
    assert {a.json()["existing"] for a in answers if a.status_code == 400} == {kept}


def test_corrections_at_once_do_not_overwrite_each_other(leader: Any) -> None:
    """Pitfall 12: one is written, the others are told that they saw an older version."""
    session = log(leader)
    url = f"{API}{session.pk}/correct/"
    numbers = range(30, 30 + AT_ONCE)

    answers = at_once(
        [
            sending(client, {"version": 1, "reason": "数错", "participants": number}, url)
            for client, number in zip(clients(leader, AT_ONCE), numbers, strict=True)
        ]
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: AT_ONCE - 1}
    assert SessionRevision.objects.count() == 1


def test_a_withdrawal_and_a_correction_at_once_end_in_one_order(leader: Any) -> None:
    session = log(leader)

    results = at_once(
        [
            lambda: correct_session(leader, session, version=1, reason="数错", participants=30),
            lambda: withdraw_session(leader, session, version=1, reason="没有举行"),
        ]
    )

    done = [result for result in results if isinstance(result, Session)]
    assert len(done) == 1
    session.refresh_from_db()
    assert (session.version, SessionRevision.objects.count()) == (2, 1)


def test_withdrawing_at_once_is_once(leader: Any) -> None:
    session = log(leader)
    url = f"{API}{session.pk}/withdraw/"

    answers = at_once(
        [
            sending(client, {"version": 1, "reason": str(uuid4())}, url)
            for client in clients(leader, AT_ONCE)
        ]
    )

    assert {answer.status_code for answer in answers} == {200}
    assert SessionRevision.objects.count() == 1
