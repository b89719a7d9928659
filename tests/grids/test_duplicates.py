"""The same person twice: asked about at entry, found at night, and told apart."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.identity import identity_of
from accounts.models import AuditEntry, Person
from grids.actions import edit_person, enter_person
from grids.duplicates import (
    Alike,
    Known,
    find_duplicates,
    keep_apart,
    pairs_visible_to,
    suspect,
)
from grids.models import DuplicatePair, PairState, Role, Suspicion
from grids.tasks import find_duplicates as nightly
from jiaozuo_grid.periodic import declared
from jiaozuo_grid.reach import OutOfReach
from tests import builders as b
from tests.builders import CITY, COUNTY, OTHER_COUNTY, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE

pytestmark = pytest.mark.django_db
BORN = date(1980, 5, 17)


def id_number(middle: str = "410882198005171", order: str = "") -> str:
    """A valid identity number, its last character worked out (GB 11643)."""
    body = (middle + (order or "23"))[:17]
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


NUMBER = id_number()
OTHER_NUMBER = id_number(order="45")


@pytest.fixture(autouse=True)
def city():
    b.small_city()


@pytest.fixture
def officer():
    return b.user(Role.TOWNSHIP_OFFICER, TOWNSHIP)


def entered(actor, name: str = "王小明", **fields) -> Person:
    return enter_person(actor, name=name, area_code=VILLAGE, **fields)


# --- the identity number ---


def test_birth_and_sex_are_taken_from_the_number_and_the_number_is_nowhere(officer):
    person = entered(officer, id_number=NUMBER)
    assert (person.born_on, person.sex) == (BORN, "m")
    assert person.id_hash == identity_of(NUMBER).id_hash
    assert NUMBER not in str(list(Person.objects.values())) + str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    "number",
    [NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), NUMBER[:-1], "1.23E+17", "某某", "0" * 18],
)
def test_a_wrong_number_is_refused_at_its_field(officer, number):
    with pytest.raises(ValidationError) as refused:
        entered(officer, id_number=number)
    assert list(refused.value.message_dict) == ["id_number"]
    assert not Person.objects.filter(name="王小明").exists()


def test_a_number_that_contradicts_the_birthday_is_refused(officer):
    with pytest.raises(ValidationError) as refused:
        entered(officer, id_number=NUMBER, born_on=date(1981, 5, 17))
    assert list(refused.value.message_dict) == ["born_on"]


def test_the_same_number_is_refused_with_the_known_person(officer):
    known = entered(officer, id_number=NUMBER)
    with pytest.raises(Known) as refused:
        entered(officer, "王晓明", id_number=NUMBER)
    assert refused.value.person == known
    with pytest.raises(Known):
        edit_person(officer, b.person(VILLAGE), id_number=NUMBER)
    assert edit_person(officer, known, id_number=NUMBER).pk == known.pk


def test_of_someone_out_of_sight_nothing_is_told(officer):
    b.person(OTHER_COUNTY, "赵远方", id_hash=identity_of(NUMBER).id_hash)
    with pytest.raises(Known) as refused:
        entered(officer, id_number=NUMBER)
    assert refused.value.person is None
    assert "赵远方" not in str(refused.value)


def test_a_number_can_be_corrected(officer):
    person = entered(officer, id_number=NUMBER)
    with pytest.raises(ValidationError):
        edit_person(officer, person, id_number=NUMBER[:-1] + "?")
    assert edit_person(officer, person, id_number=OTHER_NUMBER).id_hash != person.id_hash


# --- lookalikes at entry ---


def test_same_name_and_birthday_is_asked_about_and_may_go_on(officer):
    known = entered(officer, born_on=BORN)
    with pytest.raises(Alike) as asked:
        entered(officer, born_on=BORN)
    assert asked.value.people == [known]
    assert entered(officer, born_on=BORN, anew=True) != known


def test_who_is_like_someone_out_of_sight_is_entered(officer):
    b.person(OTHER_TOWNSHIP, "王小明", born_on=BORN)
    assert entered(officer, born_on=BORN).area_code == VILLAGE


def form(**fields) -> dict[str, object]:
    return {"name": "王小明", "area_code": VILLAGE, "phone": "", **fields}


@pytest.mark.parametrize("same", [{"phone": "13800000001"}, {"born_on": BORN}])
def test_the_page_asks_is_it_this_one(client, officer, same):
    client.force_login(officer)
    known = b.person(VILLAGE, "王小明", **same)
    asked = client.post("/people/new/", form(**same))
    assert asked.status_code == 422
    assert asked.context["alike"] == [known]
    answer = client.post("/people/new/", form(**same, anew="on"))
    assert answer.status_code == 302
    assert Person.objects.filter(name="王小明").count() == 2


def test_the_page_asks_by_the_birthday_of_the_number_too(client, officer):
    client.force_login(officer)
    known = b.person(VILLAGE, "王小明", born_on=BORN)
    assert client.post("/people/new/", form(id_number=NUMBER)).context["alike"] == [known]


def test_the_page_leads_to_the_known_person(client, officer):
    client.force_login(officer)
    known = entered(officer, id_number=NUMBER)
    answer = client.post("/people/new/", form(name="王晓明", id_number=NUMBER))
    assert answer.context["known"] == known
    assert f"/people/{known.pk}/" in answer.content.decode()


def test_editing_asks_only_when_it_makes_two_alike(client, officer):
    client.force_login(officer)
    known, other = b.person(VILLAGE, "王小明", born_on=BORN), b.person(VILLAGE, "王大明")
    edit = f"/people/{other.pk}/edit/"
    assert client.post(edit, form(name="王大明", born_on=BORN)).status_code == 302
    assert client.post(edit, form(born_on=BORN)).context["alike"] == [known]
    assert client.post(edit, form(born_on=BORN, anew="on")).status_code == 302
    assert client.post(edit, form(born_on=BORN, phone="")).status_code == 302


def test_no_page_and_no_file_shows_the_hash(client, officer):
    person = entered(officer, id_number=NUMBER)
    hash_ = person.id_hash.encode()
    client.force_login(officer)
    pages = [
        f"/people/{person.pk}/",
        f"/people/{person.pk}/edit/",
        "/people/",
        "/people/?format=csv",
    ]
    for page in pages:
        answer = client.get(page)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert hash_ not in body
    client.force_login(b.user(Role.AUDITOR, CITY))
    for page in ("/audit/", f"/admin/accounts/person/{person.pk}/change/"):
        assert hash_ not in client.get(page).content
    history = client.get(f"/admin/accounts/person/{person.pk}/history/")
    assert hash_ not in history.content


# --- found at night ---


def pairs() -> set[tuple[str, str]]:
    return {(pair.why, pair.area_code) for pair in DuplicatePair.objects.all()}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"born_on": BORN}, {"born_on": BORN}, {Suspicion.NAME_BIRTH}),
        ({"phone": "13800000001"}, {"phone": "13800000001"}, {Suspicion.NAME_PHONE}),
        (
            {"phone": "13800000001", "born_on": BORN},
            {"phone": "13800000001", "born_on": BORN},
            {Suspicion.NAME_BIRTH},
        ),
        ({"born_on": BORN}, {"born_on": date(1980, 5, 18)}, set()),
        ({}, {}, set()),
        ({"phone": "13800000001"}, {"phone": "13800000001", "name": "王大明"}, set()),
        ({"born_on": BORN, "id_hash": "a"}, {"born_on": BORN, "id_hash": "b"}, set()),
        ({"born_on": BORN, "id_hash": "a"}, {"born_on": BORN}, {Suspicion.NAME_BIRTH}),
    ],
)
def test_what_looks_like_one_person(one, other, found):
    b.person(VILLAGE, **{"name": "王小明", **one})
    b.person(VILLAGE, **{"name": "王小明", **other})
    nightly()
    assert {why for why, _area in pairs()} == found


def test_a_pair_belongs_to_the_smallest_area_in_which_both_live():
    for where in (VILLAGE, b.OTHER_VILLAGE, OTHER_COUNTY):
        b.person(where, "王小明", born_on=BORN)
    find_duplicates()
    areas = sorted(DuplicatePair.objects.values_list("area_code", flat=True))
    assert areas == [CITY, CITY, COUNTY]


def test_the_night_finds_each_pair_once_and_leaves_decisions(officer):
    b.person(VILLAGE, "王小明", born_on=BORN)
    b.person(VILLAGE, "王小明", born_on=BORN)
    assert find_duplicates() == 1
    assert find_duplicates() == 0
    keep_apart(officer, DuplicatePair.objects.get())
    assert find_duplicates() == 0
    assert DuplicatePair.objects.get().state == PairState.DIFFERENT


def test_an_open_suspicion_goes_when_the_entries_differ_and_moves_when_they_do(officer):
    b.person(VILLAGE, "王小明", born_on=BORN)
    second = b.person(VILLAGE, "王小明", born_on=BORN)
    find_duplicates()
    Person.objects.filter(pk=second.pk).update(area_code=OTHER_COUNTY)
    find_duplicates()
    assert DuplicatePair.objects.get().area_code == CITY
    Person.objects.filter(pk=second.pk).update(born_on=date(1990, 1, 1))
    find_duplicates()
    assert not DuplicatePair.objects.exists()


def test_the_search_stands_in_the_nights_work() -> None:
    assert declared()["duplicates"].work is nightly


def test_the_search_costs_the_same_number_of_queries(django_assert_max_num_queries):
    for n in range(30):
        for _twice in range(2):
            b.person(VILLAGE, f"某{n}", born_on=BORN)
    with django_assert_max_num_queries(12):
        assert find_duplicates() == 30


# --- deciding ---


@pytest.fixture
def pair():
    first = b.person(VILLAGE, "王小明", born_on=BORN)
    second = b.person(VILLAGE, "王小明", born_on=BORN)
    return DuplicatePair.objects.create(
        area_code=VILLAGE, first=first, second=second, why=Suspicion.NAME_BIRTH
    )


def test_pairs_are_seen_in_ones_own_area_only(officer, pair):
    far = [b.person(OTHER_COUNTY, "赵"), b.person(OTHER_COUNTY, "赵")]
    DuplicatePair.objects.create(
        area_code=OTHER_COUNTY, first=far[0], second=far[1], why="name_phone"
    )
    across = DuplicatePair.objects.create(
        area_code=CITY, first=pair.first, second=far[0], why="name_birth"
    )
    assert list(pairs_visible_to(officer)) == [pair]
    assert across in pairs_visible_to(b.user(Role.BUREAU_STAFF, CITY))


def test_different_people_are_told_apart_and_it_is_recorded(client, officer, pair):
    client.force_login(officer)
    assert list(client.get("/people/duplicates/").context["page"].rows) == [pair]
    assert client.post(f"/people/duplicates/{pair.pk}/different/").status_code == 302
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == (PairState.DIFFERENT, officer)
    assert AuditEntry.objects.filter(verb="decide duplicate").count() == 1
    assert list(client.get("/people/duplicates/").context["page"].rows) == []
    assert list(client.get("/people/duplicates/?state=different").context["page"].rows) == [pair]


def test_two_entries_written_differently_are_named_by_hand(client, officer):
    client.force_login(officer)
    one, other = b.person(VILLAGE, "王小明"), b.person(VILLAGE, "王晓明")
    page = f"/people/{other.pk}/same/"
    assert one in client.get(page + "?q=wxm").context["found"]
    assert client.post(page, {"other": one.pk}).status_code == 302
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.why) == (one, other, Suspicion.SAID)
    find_duplicates()
    assert DuplicatePair.objects.undecided().get() == pair


def test_a_decision_is_reopened_when_somebody_says_so(officer, pair):
    keep_apart(officer, pair)
    assert suspect(officer, pair.second, pair.first) == pair
    assert DuplicatePair.objects.undecided().get().decided_by is None


def test_nobody_out_of_sight_is_named_nor_one_entry_twice(officer, pair):
    with pytest.raises(OutOfReach):
        suspect(officer, pair.first, b.person(OTHER_COUNTY))
    with pytest.raises(ValidationError):
        suspect(officer, pair.first, pair.first)


@pytest.mark.parametrize("role", [Role.GRID_LEADER, Role.AUDITOR])
def test_who_may_not_decide_is_refused(role, pair):
    where = {Role.GRID_LEADER: b.GRID, Role.AUDITOR: CITY}[role]
    with pytest.raises(OutOfReach):
        keep_apart(b.user(role, where), pair)


def test_people_are_found_by_pinyin_and_initials(client, officer):
    client.force_login(officer)
    found = b.person(VILLAGE, "赵明华")
    for words in ("zmh", "zhaoming", "明华", "ZMH"):
        assert found in client.get(f"/people/?q={words}").context["page"].rows
