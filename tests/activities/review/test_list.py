"""The review list and the flags on a session's page: who sees them, who decides, in one tap."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.urls import reverse

from activities.actions.review import find_fine
from activities.models import FlagRule, FlagState, Session, SessionFlag
from jiaozuo_grid.reach import OutOfReach
from tests.activities.acting import log
from tests.builders import (
    COUNTY,
    GRID,
    OTHER_HOBBY_GRID,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    small_city,
)
from tests.builders import user as new_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
LIST = "/sessions/review/"


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


@pytest.fixture
def officer(leader: Any) -> Any:
    return new_user("township_officer", TOWNSHIP)


def flag(session: Session, rule: str = FlagRule.CROWD, **fields: Any) -> SessionFlag:
    details = {"participants": 300, "population": 30}
    return SessionFlag.objects.create(
        session=session, area_code=session.area_code, rule=rule, **{"details": details, **fields}
    )


@pytest.fixture
def flagged(leader: Any) -> SessionFlag:
    return flag(log(leader))


def fine(flag: SessionFlag) -> str:
    return reverse("session-flag-fine", args=[flag.pk])


def test_the_officer_sees_what_is_open_in_their_area(
    officer: Any, flagged: SessionFlag, signed_in: Any
) -> None:
    elsewhere = flag(log(new_user("township_officer", OTHER_TOWNSHIP), area_code=OTHER_HOBBY_GRID))

    page = signed_in(officer).get(LIST).content.decode()

    assert f'data-flag="{flagged.pk}"' in page
    assert f'data-flag="{elsewhere.pk}"' not in page
    assert "参加 300 人；当地居民 30 人。" in page


def test_decided_ones_are_shown_when_asked_for(
    officer: Any, flagged: SessionFlag, signed_in: Any
) -> None:
    find_fine(officer, [flagged])
    client = signed_in(officer)

    assert "没有需要核实的活动" in client.get(LIST).content.decode()
    assert f'data-flag="{flagged.pk}"' in client.get(LIST + "?state=fine").content.decode()
    assert f'data-flag="{flagged.pk}"' in client.get(LIST + "?state=all").content.decode()


def test_one_tap_says_that_it_is_as_it_says(
    officer: Any, flagged: SessionFlag, signed_in: Any
) -> None:
    answer = signed_in(officer).post(fine(flagged) + "?rule=crowd")

    assert (answer.status_code, answer["Location"]) == (302, LIST + "?rule=crowd")
    flagged.refresh_from_db()
    assert (flagged.state, flagged.decided_by) == (FlagState.FINE, officer)


def test_a_remark_on_the_page_of_the_session(
    officer: Any, flagged: SessionFlag, signed_in: Any
) -> None:
    client = signed_in(officer)
    assert fine(flagged) in client.get(f"/sessions/{flagged.session_id}/").content.decode()

    answer = client.post(fine(flagged), {"session": "1", "remark": "邻村也来了"})

    assert answer["Location"] == f"/sessions/{flagged.session_id}/"
    page = client.get(answer["Location"]).content.decode()
    assert "邻村也来了" in page
    assert fine(flagged) not in page


def test_a_remark_that_is_too_long_is_told(
    officer: Any, flagged: SessionFlag, signed_in: Any
) -> None:
    answer = signed_in(officer).post(fine(flagged), {"remark": "长" * 201}, follow=True)

    assert "备注太长" in answer.content.decode()
    assert SessionFlag.objects.get().state == FlagState.OPEN


def test_many_at_once(officer: Any, leader: Any, flagged: SessionFlag, signed_in: Any) -> None:
    other = flag(flagged.session, FlagRule.CLOCK)
    sent = {"bulk": "fine", "rows": f"{flagged.pk},{other.pk}", "with-remark": "都看过了"}

    signed_in(officer).post(LIST, sent)

    decided = set(SessionFlag.objects.values_list("state", "remark"))
    assert decided == {(FlagState.FINE, "都看过了")}


def test_what_was_decided_first_stands(officer: Any, flagged: SessionFlag) -> None:
    find_fine(officer, [flagged], "第一次")
    find_fine(new_user("township_officer", TOWNSHIP), [flagged], "第二次")

    flagged.refresh_from_db()
    assert (flagged.remark, flagged.decided_by) == ("第一次", officer)


def test_an_answered_doubt_is_not_found_fine_any_more(officer: Any, flagged: SessionFlag) -> None:
    SessionFlag.objects.update(state=FlagState.AMENDED)

    find_fine(officer, [flagged])

    assert SessionFlag.objects.get().state == FlagState.AMENDED


def test_one_foreign_row_refuses_all(officer: Any, flagged: SessionFlag) -> None:
    """P3: whole batch refused when one row is foreign."""
    foreign = flag(log(new_user("township_officer", OTHER_TOWNSHIP), area_code=OTHER_HOBBY_GRID))

    with pytest.raises(OutOfReach):
        find_fine(officer, [flagged, foreign])

    assert set(SessionFlag.objects.values_list("state", flat=True)) == {FlagState.OPEN}


def test_the_county_reads_and_does_not_decide(
    leader: Any, flagged: SessionFlag, signed_in: Any
) -> None:
    client = signed_in(new_user("county_official", COUNTY))

    page = client.get(LIST).content.decode()

    assert f'data-flag="{flagged.pk}"' in page
    assert "formaction" not in page
    assert client.post(fine(flagged)).status_code == 403


def test_the_leader_is_told_nothing(leader: Any, flagged: SessionFlag, signed_in: Any) -> None:
    """Trust: no doubt is shown to those who log, and none can be asked for."""
    client = signed_in(leader)

    assert client.get(LIST).status_code == 403
    page = client.get(f"/sessions/{flagged.session_id}/").content.decode()
    assert "data-flag" not in page
    assert LIST not in page


def test_the_other_session_with_the_photo_is_named_only_to_who_may_see_it(
    leader: Any, officer: Any, signed_in: Any
) -> None:
    """P4: a flag leads to no session elsewhere."""
    stranger = new_user("township_officer", OTHER_TOWNSHIP)
    elsewhere = log(stranger, area_code=OTHER_HOBBY_GRID)
    here = log(leader)
    flag(here, FlagRule.SAME_PHOTO, details={"other": str(elsewhere.pk)})

    near = signed_in(officer).get(LIST).content.decode()
    far = signed_in(new_user("county_official", COUNTY)).get(LIST).content.decode()

    assert str(elsewhere.pk) not in near
    assert f'href="/sessions/{elsewhere.pk}/"' in far


def test_the_list_as_a_file(officer: Any, flagged: SessionFlag, signed_in: Any) -> None:
    answer = signed_in(officer).get(LIST + "?format=csv")

    assert "参加 300 人；当地居民 30 人。" in b"".join(answer.streaming_content).decode()


def test_the_list_costs_the_same_whatever_stands_in_it(
    leader: Any, officer: Any, flagged: SessionFlag, signed_in: Any
) -> None:
    client = signed_in(officer)
    flag(flagged.session, FlagRule.SAME_PHOTO, details={"other": str(flagged.session_id)})
    assert_query_count(client, LIST, "sessions/review")
    assert_query_count(client, f"/sessions/{flagged.session_id}/", "sessions/session-flagged")
    for hour in range(6, 12):
        more = flag(log(leader, start_time=time(hour), minutes=30))
        flag(more.session, FlagRule.SAME_PHOTO, details={"other": str(flagged.session_id)})

    assert_query_count(client, LIST, "sessions/review")
