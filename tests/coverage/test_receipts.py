"""Receipts: what a paper said can be had again, whatever was corrected or moved since."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from coverage.folding import fold
from coverage.models import Receipt
from coverage.receipts import PAGE, codes, issue, receipt_for
from coverage.receipts.views import WRONG_CODES
from coverage.recount import rebuild
from grids.reorganise import merge_division
from grids.writing import keep
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests.builders import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_GRID,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    user,
)
from tests.coverage.bridged import unlike_their_papers
from tests.coverage.living_city import living_city, session, text_of


class AnyReceipt(TestCase):
    @settings(
        max_examples=3,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
    @given(seed=st.integers(0, 2**32))
    def test_receipts_give_their_figures_again_whatever_comes_later(self, seed: int) -> None:
        """G3 in small: pages of every level, both readings, then a life with reorganisations."""
        assert unlike_their_papers(seed, lives=2) == []


pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Receipt:
    living_city()
    rebuild()
    return receipt_for(TOWNSHIP, today(), "sessions", user("county_official", COUNTY))


def looked_up(client: Any, paper: Receipt, *post: Any) -> str:
    if post:
        client.force_login(user(*post))
    return text_of(client.get(reverse("receipt", args=[paper.code])))


def test_it_gives_the_figure_again_after_a_merger_and_a_correction(
    client: Any, paper: Receipt
) -> None:
    before = paper.values[TOWNSHIP]["sessions"]
    keep(SYSTEM, withdrawn(session(held_on=today())), "withdraw")
    session_now = session(held_on=today(), participants=7)
    keep(SYSTEM, session_now, "log")
    keep(SYSTEM, session(held_on=today(), participants=8), "log")
    merge_division(SYSTEM, VILLAGE, OTHER_VILLAGE, today(), reason="test")
    fold()
    page = looked_up(client, paper, "bureau_staff", CITY)
    assert f'data-stored="{before}" data-again="{before}"' in page
    assert "/bridge/sessions/" in page


def withdrawn(row: Any) -> Any:
    row.withdrawn_at = timezone.now()
    return row


def test_who_only_holds_the_paper_learns_that_it_is_genuine_and_no_figure(
    client: Any, paper: Receipt
) -> None:
    for post in ((), ("county_official", OTHER_COUNTY), ("grid_leader", OTHER_GRID)):
        page = looked_up(client, paper, *post)
        assert "data-genuine" in page
        assert paper.title in page
        assert "data-figures" not in page
        assert "data-stored" not in page


def test_a_receipt_is_issued_for_nobody_out_of_reach(paper: Receipt) -> None:
    with pytest.raises(OutOfReach):
        receipt_for(TOWNSHIP, today(), PAGE, user("county_official", OTHER_COUNTY))


def test_the_same_paper_again_has_the_same_code_until_something_is_counted(
    paper: Receipt,
) -> None:
    official = user("county_official", COUNTY)
    first = issue(TOWNSHIP, today(), PAGE, official)
    assert issue(TOWNSHIP, today(), PAGE, official).code == first.code
    keep(SYSTEM, session(participants=3), "log")
    fold()
    assert issue(TOWNSHIP, today(), PAGE, official).code != first.code


def test_a_paper_with_a_code_that_is_none_is_a_draft(client: Any, paper: Receipt) -> None:
    client.force_login(user("county_official", COUNTY))
    page = client.get(reverse("coverage-print", args=[TOWNSHIP]), {"receipt": "\0"})
    assert "data-outdated" in page.content.decode()


def test_a_part_of_which_nothing_is_known_has_no_table_on_paper(
    client: Any, paper: Receipt
) -> None:
    client.force_login(user("county_official", COUNTY))
    page = client.get(reverse("coverage-print", args=[TOWNSHIP])).content.decode()
    heads = re.findall(r'paper-children"><thead><tr>(.*?)</tr>', page)
    assert heads
    assert [head for head in heads if head.count("<th") == 1] == []


def test_a_slip_of_the_finger_is_told_from_a_code_that_is_none(client: Any, paper: Receipt) -> None:
    wrong = ("1" if paper.code[0] == "0" else "0") + paper.code[1:]
    typed = client.get(reverse("receipt-find"), {"code": wrong})
    assert "data-mistyped" in text_of(typed)
    answer = client.get(reverse("receipt", args=[codes.new_code()]))
    assert answer.status_code == 404
    assert "data-unknown" in text_of(answer)


@pytest.mark.parametrize("write", [str.lower, codes.shown, lambda code: code.replace("0", "O")])
def test_a_code_is_found_however_it_is_typed(client: Any, paper: Receipt, write: Any) -> None:
    found = client.get(reverse("receipt-find"), {"code": write(paper.code)}, follow=True)
    assert "data-genuine" in text_of(found)


def test_who_guesses_is_stopped_and_who_holds_a_paper_is_not(client: Any, paper: Receipt) -> None:
    cache.clear()
    for _n in range(WRONG_CODES):
        client.get(reverse("receipt", args=["nonsense"]))
    assert client.get(reverse("receipt", args=[codes.new_code()])).status_code == 429
    assert client.get(reverse("receipt", args=[paper.code])).status_code == 200


def test_any_wrong_character_is_found() -> None:
    code = codes.new_code()
    for place, right in enumerate(code):
        for other in codes.ALPHABET:
            if other != right:
                assert not codes.is_well_formed(code[:place] + other + code[place + 1 :])
