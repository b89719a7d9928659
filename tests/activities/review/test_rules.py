"""Each rule alone: what is named for the officer, what is not, and when it is over."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from accounts.models import AuditEntry
from activities import review
from activities.actions import correct_session, withdraw_session
from activities.actions.review import find_fine
from activities.models import FlagRule, FlagState, Session, SessionFlag
from activities.review import looking
from grids.models import Grid, ResidentCount, RuleValue
from jiaozuo_grid.lasting import today
from tests.activities.acting import body, log, send, yesterday
from tests.activities.review.flags import log_row, open_flags, states
from tests.builders import CITY, GRID, HOBBY_GRID, VILLAGE, hobby_grid, small_city
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db
CROWD, SAME_COUNT = FlagRule.CROWD, FlagRule.SAME_COUNT
MANY, SAME_PHOTO = FlagRule.MANY_A_DAY, FlagRule.SAME_PHOTO


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


def set_rule(key: str, value: float) -> None:
    RuleValue.objects.create(area_code=CITY, key=key, value=value, started_on=date(2024, 1, 1))


def give_photo(session: Session, seen: str) -> None:
    """As when a photo arrives (activities/actions/photos.py)."""
    before = review.stood(session)
    session.photo_print = seen
    session.save()
    review.look(session, before)


# --- More participants than people live there ---


@pytest.mark.parametrize(
    ("grids", "villages", "participants", "named"),
    [
        (900, None, 900, False),
        (900, None, 901, True),
        (900, 5000, 901, True),  # the grid's own number first
        (None, 3000, 3000, False),
        (None, 3000, 3001, True),
        (None, None, 4999, False),  # nobody knows
        (0, None, 20, False),  # nobody counted yet
    ],
)
def test_more_participants_than_people_live_there(
    leader: Any, grids: int | None, villages: int | None, participants: int, named: bool
) -> None:
    Grid.objects.filter(area_code=GRID).update(population=grids)
    if villages is not None:
        ResidentCount.objects.create(
            area_code=VILLAGE, population=villages, started_on=date(2024, 1, 1)
        )

    session = log(leader, participants=participants)

    assert open_flags() == ({(session.pk, CROWD)} if named else set())


def test_a_crowd_is_logged_at_the_api_without_a_word(leader: Any, signed_in: Any) -> None:
    """The leader is neither refused nor told of a doubt."""
    Grid.objects.filter(area_code=GRID).update(population=30)

    answer = send(signed_in(leader), body(participants="400"))

    assert answer.status_code == 201
    assert "flag" not in answer.content.decode()
    assert states(Session.objects.get()) == {CROWD: FlagState.OPEN}


def test_the_number_of_residents_of_the_day_counts(leader: Any) -> None:
    ended = yesterday() - timedelta(days=10)
    ResidentCount.objects.create(
        area_code=VILLAGE, population=30, started_on=date(2024, 1, 1), ended_on=ended
    )
    ResidentCount.objects.create(area_code=VILLAGE, population=60, started_on=ended)

    now, then = log(leader, participants=50), log(leader, participants=50, held_on=ended - DAY)

    assert (states(now), states(then)) == ({}, {CROWD: FlagState.OPEN})


DAY = timedelta(days=1)


def test_a_group_of_the_whole_village_is_measured_by_the_village(leader: Any) -> None:
    whole = hobby_grid(VILLAGE + "00001").area_code
    ResidentCount.objects.create(area_code=VILLAGE, population=30, started_on=date(2024, 1, 1))
    Grid.objects.filter(area_code=GRID).update(population=10)
    officer = new_user("township_officer", VILLAGE[:9])

    within = log(officer, area_code=whole, participants=30)
    beyond = log(officer, area_code=whole, participants=31, held_on=yesterday() - DAY)

    assert (states(within), states(beyond)) == ({}, {CROWD: FlagState.OPEN})


def test_mending_the_note_raises_no_doubt(leader: Any) -> None:
    session = log(leader, participants=50)
    Grid.objects.filter(area_code=GRID).update(population=30)

    correct_session(leader, session, version=1, reason="补充", note="雨天")

    assert states(session) == {}


# --- The same number session after session ---


@pytest.mark.parametrize(
    ("counts", "named"),
    [
        ([25, 25, 25], []),
        ([25, 25, 25, 25], [3]),
        ([25, 25, 25, 25, 25, 25, 25, 25], [3]),  # one question, not five
        ([20, 25, 25, 25, 25, 25], [4]),
        ([25, 25, 25, 26, 25], []),
        ([25, 25, 25, 25, 26, 25, 25, 25, 25], [3, 8]),
        ([10, 10, 10, 10, 10], []),  # a small group is the same people
        ([11, 11, 11, 11], [3]),
    ],
)
def test_equal_numbers_in_a_row(leader: Any, counts: list[int], named: list[int]) -> None:
    sessions = log_row(leader, counts)

    assert open_flags() == {(sessions[at].pk, SAME_COUNT) for at in named}


def test_a_session_logged_late_breaks_a_row(leader: Any) -> None:
    sessions = log_row(leader, [25, 25, 25, 25])

    log(leader, participants=18, held_on=sessions[1].held_on + DAY)

    assert states(sessions[3]) == {SAME_COUNT: FlagState.AMENDED}


def test_a_session_logged_late_completes_a_row(leader: Any) -> None:
    sessions = log_row(leader, [25, 25, 25])

    first = log(leader, participants=25, held_on=sessions[0].held_on - DAY)

    assert open_flags() == {(sessions[2].pk, SAME_COUNT)}
    assert states(first) == {}


def test_another_group_is_another_row(leader: Any) -> None:
    other = hobby_grid(GRID + "02").area_code
    log_row(leader, [25, 25])
    log_row(leader, [25, 25], area_code=other)

    assert open_flags() == set()


def test_the_bureau_says_how_long_a_row_must_be(leader: Any) -> None:
    set_rule("review.same_count", 2)

    sessions = log_row(leader, [25, 25])

    assert open_flags() == {(sessions[1].pk, SAME_COUNT)}


# --- Very many sessions of a day ---


def hours(*starts: int) -> list[dict[str, Any]]:
    return [{"start_time": time(at, 0), "minutes": 30, "participants": 5} for at in starts]


def test_more_sessions_of_a_group_than_a_day_holds(leader: Any) -> None:
    sessions = [log(leader, **moment) for moment in hours(*range(6, 15))]

    assert open_flags() == {(sessions[6].pk, MANY)}
    assert sessions[6].flags.get().details == {"by_group": 7}


def test_very_many_sessions_of_one_person_on_one_day(leader: Any) -> None:
    set_rule("review.day_of_user", 4)
    groups = [hobby_grid(f"{GRID}{n:02}").area_code for n in range(2, 7)]

    sessions = [log(leader, area_code=code) for code in groups]
    log(new_user("grid_member", HOBBY_GRID))

    assert open_flags() == {(sessions[3].pk, MANY)}


def test_what_is_entered_in_one_day_of_many_days_is_no_doubt(leader: Any) -> None:
    """A township officer enters weeks of paper in an afternoon."""
    set_rule("review.day_of_user", 3)

    for days in range(1, 7):
        log(leader, held_on=today() - timedelta(days=days), participants=days)

    assert open_flags() == set()


def test_one_less_and_it_is_the_next_one_that_makes_it_many(leader: Any) -> None:
    set_rule("review.day_of_group", 3)
    sessions = [log(leader, **moment) for moment in hours(6, 7, 8, 9)]

    withdraw_session(leader, sessions[0], version=1, reason="重复")

    assert open_flags() == {(sessions[3].pk, MANY)}
    assert states(sessions[2]) == {MANY: FlagState.AMENDED}


# --- The same photo ---


def test_the_same_photo_twice(leader: Any) -> None:
    first, second = log_row(leader, [20, 21])
    give_photo(second, "00ff00ff00ff00ff")
    assert open_flags() == set()

    give_photo(first, "00ff00ff00ff00ff")

    assert open_flags() == {(second.pk, SAME_PHOTO)}
    assert second.flags.get().details == {"other": str(first.pk)}


def test_no_photo_and_a_blank_one_are_like_no_other(leader: Any) -> None:
    for session in log_row(leader, [20, 21]):
        give_photo(session, "0" * 16)

    assert open_flags() == set()


def test_the_first_withdrawn_the_second_is_no_double_any_more(leader: Any) -> None:
    first, second, third = log_row(leader, [20, 21, 22])
    for session in (first, second, third):
        give_photo(session, "00ff00ff00ff00ff")

    withdraw_session(leader, first, version=1, reason="重复")

    assert open_flags() == {(third.pk, SAME_PHOTO)}
    assert third.flags.get().details == {"other": str(second.pk)}


# --- How a flag lives ---


@pytest.fixture
def crowded(leader: Any) -> Session:
    Grid.objects.filter(area_code=GRID).update(population=30)
    return log(leader, participants=300)


def test_a_correction_that_takes_the_doubt_away_closes_it(leader: Any, crowded: Session) -> None:
    correct_session(leader, crowded, version=1, reason="多打了一个零", participants=30)

    flag = SessionFlag.objects.get()
    assert (flag.state, flag.decided_by) == (FlagState.AMENDED, None)
    assert flag.decided_at is not None


def test_a_withdrawal_closes_every_doubt(leader: Any, crowded: Session) -> None:
    SessionFlag.objects.create(session=crowded, area_code=HOBBY_GRID, rule=FlagRule.CLOCK)

    withdraw_session(leader, crowded, version=1, reason="重复")

    assert set(states(crowded).values()) == {FlagState.AMENDED}


def test_the_day_corrected_answers_the_question_of_the_clock(leader: Any) -> None:
    session = log(leader)
    SessionFlag.objects.create(session=session, area_code=HOBBY_GRID, rule=FlagRule.CLOCK)

    corrected = correct_session(leader, session, version=1, reason="改", participants=21)
    assert states(session) == {FlagRule.CLOCK: FlagState.OPEN}
    correct_session(leader, corrected, version=2, reason="改", held_on=yesterday() - DAY)

    assert states(session) == {FlagRule.CLOCK: FlagState.AMENDED}


def test_what_was_found_fine_stays_fine_for_what_was_seen(leader: Any, crowded: Session) -> None:
    officer = new_user("township_officer", VILLAGE[:9])
    find_fine(officer, list(SessionFlag.objects.all()), "邻村也来了")

    moved = correct_session(leader, crowded, version=1, reason="改", start_time=time(18, 0))
    assert states(crowded) == {CROWD: FlagState.FINE}
    correct_session(leader, moved, version=2, reason="改", participants=3000)

    assert states(crowded) == {CROWD: FlagState.OPEN}
    assert SessionFlag.objects.get().remark == ""


def test_the_system_raises_doubts_not_the_leader(leader: Any, crowded: Session) -> None:
    entry = AuditEntry.objects.get(verb="doubt")

    assert (entry.actor, entry.area_code) == (None, HOBBY_GRID)


def test_a_doubt_changes_no_figure(leader: Any, crowded: Session) -> None:
    assert SessionFlag.objects.get().facts() == []


def test_a_doubt_raised_by_two_writers_at_once_stands_once(
    leader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session is logged whoever was first; a flag is no reason to refuse it."""
    Grid.objects.filter(area_code=GRID).update(population=30)
    keep_new = looking.keep_new

    def after_the_other(actor: Any, flags: list[SessionFlag], verb: str) -> Any:
        if not SessionFlag.objects.exists():
            SessionFlag.objects.create(
                session=flags[0].session, area_code=HOBBY_GRID, rule=flags[0].rule
            )
        return keep_new(actor, flags, verb)

    monkeypatch.setattr(looking, "keep_new", after_the_other)

    session = log(leader, participants=300)

    assert open_flags() == {(session.pk, CROWD)}
