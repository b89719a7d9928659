"""Whatever order and however often a phone's records arrive, the end is the same (S1, S3)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.actions import SessionConflict, correct_session, log_session, withdraw_session
from activities.models import Session, SessionRevision
from tests.activities.acting import usual, yesterday
from tests.builders import GRID, small_city
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db
RUNS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


def record(number: int) -> dict[str, Any]:
    """The number-th record that waits on the phone; each is of a day of its own."""
    return usual(
        id=UUID(int=number + 1),
        held_on=yesterday() - timedelta(days=number),
        start_time=time(19, number),
        participants=10 + number,
    )


def forget_all() -> None:
    SessionRevision.objects.all().delete()
    Session.objects.all().delete()


@RUNS
@given(order=st.lists(st.integers(0, 5), min_size=1, max_size=18))
def test_resent_and_reordered_records_are_stored_once_each(leader: Any, order: list[int]) -> None:
    forget_all()

    created = [log_session(leader, **record(number))[1] for number in order]

    assert sum(created) == len(set(order))
    stored = Session.objects.order_by("id").values_list("id", "held_on", "participants")
    sent = [record(number) for number in sorted(set(order))]
    assert list(stored) == [(s["id"], s["held_on"], s["participants"]) for s in sent]


def differing(leader: Any, values: dict[str, Any]) -> list[str]:
    """The fields that a conflict names; [] where it is stored or is a resend."""
    try:
        log_session(leader, **values)
    except SessionConflict as conflict:
        return conflict.fields
    return []


FIELDS = st.fixed_dictionaries(
    {
        "minutes": st.integers(1, 3),
        "participants": st.integers(1, 3),
        "note": st.sampled_from(["", "雨"]),
    }
)


@RUNS
@given(bodies=st.lists(FIELDS, min_size=1, max_size=8))
def test_of_many_bodies_under_one_id_the_first_is_kept(leader: Any, bodies: list[Any]) -> None:
    """S3: each other body is refused, naming exactly what differs from the first."""
    forget_all()
    first = bodies[0]

    told = [differing(leader, {**record(0), **sent}) for sent in bodies]

    names = ("minutes", "participants", "note")
    assert told == [[name for name in names if sent[name] != first[name]] for sent in bodies]
    stored = Session.objects.values("participants", "minutes", "note").get()
    assert stored == first


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "correct", "withdraw"]), st.integers(1, 4), st.integers(11, 14)
    ),
    max_size=12,
)


@RUNS
@given(steps=STEPS)
def test_each_step_sent_twice_ends_where_each_sent_once_ends(leader: Any, steps: Any) -> None:
    """A correction, a withdrawal or the log itself arriving again changes nothing."""

    def end_of(times: int) -> Any:
        forget_all()
        session, _ = log_session(leader, **record(0))
        for step in steps:
            for _time in range(times):
                _take(leader, session, step)
        rows = Session.objects.values_list("participants", "version").get()
        withdrawn = not Session.objects.standing().exists()
        kept = list(SessionRevision.objects.values_list("version", "reason"))
        return rows, withdrawn, kept

    assert end_of(1) == end_of(2)


def _take(leader: Any, session: Session, step: tuple[str, int, int]) -> None:
    verb, version, number = step
    said: dict[str, Any] = {"version": version, "reason": f"{version}-{number}"}
    try:
        if verb == "log":
            log_session(leader, **record(0))
        elif verb == "correct":
            correct_session(leader, session, participants=number, **said)
        else:
            withdraw_session(leader, session, **said)
    except (SessionConflict, ValidationError):
        pass


@RUNS
@given(steps=STEPS)
def test_a_version_is_never_skipped_nor_used_twice(leader: Any, steps: Any) -> None:
    """Pitfall 12: the revisions are 1, 2, … up to the session's version, and each says what was."""
    forget_all()
    session, _ = log_session(leader, **record(0))
    for step in steps:
        _take(leader, session, step)

    session.refresh_from_db()
    versions = list(SessionRevision.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, session.version))
    assert all(
        revision.values["version"] == revision.version for revision in SessionRevision.objects.all()
    )
