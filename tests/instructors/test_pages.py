"""The pages of instructors over HTTP: lists, filters, forms, the queue, courses, rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Person
from grids.models import Role, RuleValue
from instructors import actions
from instructors.models import (
    Attendance,
    Certificate,
    Course,
    Instructor,
    Promotion,
    Registration,
    Service,
)
from jiaozuo_grid.lasting import today
from tests import builders as b
from tests.instructors import books

pytestmark = pytest.mark.django_db
YEAR = today().year


@pytest.fixture(autouse=True)
def city():
    b.small_city()


@pytest.fixture
def bureau(client):
    client.force_login(b.user(Role.BUREAU_STAFF))
    return client


@pytest.fixture
def county(client):
    client.force_login(b.user(Role.COUNTY_OFFICIAL, b.COUNTY))
    return client


def shown(client, query: str = "") -> set[int]:
    answer = client.get(f"/instructors/{query}")
    assert answer.status_code == 200
    return {line.row.pk for line in answer.context["table"].lines}


def test_the_list_shows_those_of_ones_area(county):
    here, _far = books.certified(), books.certified("410883001201")
    assert shown(county) == {here.pk}


def test_the_list_is_narrowed_by_area(bureau):
    here, there = books.certified(b.VILLAGE), books.certified(b.OTHER_VILLAGE)
    assert shown(bureau, f"?within={b.TOWNSHIP}") == {here.pk}
    assert shown(bureau, f"?within={b.COUNTY}") == {here.pk, there.pk}


@pytest.mark.parametrize("level", [3, 2, 1, 0])
def test_the_list_is_narrowed_by_grade(bureau, level):
    rows = {n: books.certified(level=n) for n in (3, 2, 1, 0)}
    candidate = books.candidate()
    assert shown(bureau, f"?level={level}") == {rows[level].pk}
    assert shown(bureau, "?level=none") == {candidate.pk}


def test_the_list_is_narrowed_by_sport(bureau):
    dancer, other = books.certified(), books.certified()
    dancer.sports.add(b.sport())
    other.sports.add(b.sport("taiji", "太极拳", "tai chi"))
    assert shown(bureau, "?sport=taiji") == {other.pk}


@pytest.mark.parametrize("words", ["王小明", "小明", "wangxiao", "wxm", "13800000001", "jz 77"])
def test_an_instructor_is_found(bureau, words):
    who = b.instructor(who=b.person(name="王小明", phone="13800000001"))
    Person.objects.filter(pk=who.person_id).update(name_key="王小明 wangxiaoming wxm")
    books.certificate(who, number="JZ77")
    books.certified()
    assert shown(bureau, f"?q={words}") == {who.pk}


def test_parts_of_a_phone_number_are_not_guessed(bureau):
    b.instructor(who=b.person(phone="13800000001"))
    assert shown(bureau, "?q=1380000000") == set()


def test_ended_entries_are_asked_for(bureau):
    ended = books.certified(ended_on=today())
    stands = books.certified()
    assert shown(bureau) == {stands.pk}
    assert shown(bureau, "?state=ended") == {ended.pk}
    assert shown(bureau, "?state=all") == {ended.pk, stands.pk}


def test_the_list_is_narrowed_by_this_years_registration(bureau):
    done, not_done = books.certified(), books.certified()
    books.registered(done, YEAR)
    books.registered(not_done, YEAR - 1)
    assert shown(bureau, "?registered=yes") == {done.pk}
    assert shown(bureau, "?registered=no") == {not_done.pk}


def test_the_list_is_narrowed_by_what_is_to_do(bureau):
    ready, silent = books.ready(2), books.certified()
    books.led(ready)
    assert shown(bureau, "?judged=eligible") == {ready.pk}
    assert shown(bureau, "?judged=due") == {silent.pk}
    assert shown(bureau, "?judged=inactive") == {silent.pk}
    assert bureau.get("/instructors/due/").url == "/instructors/?judged=due"


def test_those_due_are_registered_all_at_once(bureau):
    rows = [books.certified() for _n in range(3)]
    answer = bureau.post("/instructors/?judged=due", {"bulk": "register", "all": "1"})
    keys = answer.context["keys"]
    form = {"with-year": YEAR, "with-on": today().isoformat()}
    bureau.post("/instructors/?judged=due", {"bulk": "register", "rows": keys, **form})
    assert Registration.objects.filter(instructor__in=rows, year=YEAR).count() == 3


def test_the_same_rows_are_not_registered_twice_by_a_second_press(bureau):
    books.certified()
    form = {"with-year": YEAR, "with-on": today().isoformat()}
    keys = ",".join(str(row.pk) for row in Instructor.objects.all())
    for _press in range(2):
        answer = bureau.post("/instructors/", {"bulk": "register", "rows": keys, **form})
    assert answer.status_code == 422
    assert Registration.objects.count() == 1


def test_the_list_is_exported_as_it_is_seen(bureau):
    who = books.certified()
    answer = bureau.get("/instructors/?format=csv&columns=name&columns=certificates")
    text = b"".join(answer.streaming_content).decode()
    assert who.person.name in text
    assert who.certificates.get().number in text


def enter(client, **data):
    return client.post("/instructors/new/", {"area_code": b.VILLAGE, **data})


def test_a_new_person_is_entered_with_their_certificate(county):
    sport = b.sport()
    answer = enter(
        county,
        name="赵六",
        phone="13900000001",
        level="3",
        number="JZ1",
        granted_on="2024-01-01",
        sports=[sport.pk],
    )
    who = Instructor.objects.get(person__name="赵六")
    assert answer.url == f"/instructors/{who.pk}/"
    assert who.instructor_level == 3


def test_a_known_person_is_found_and_entered(county):
    who = b.person(name="赵七")
    page = county.get("/instructors/new/?q=赵七")
    assert page.context["found"] == [who]
    enter(county, person=who.pk)
    assert Instructor.objects.get().person == who


def test_somebody_very_alike_is_asked_about_first(county):
    b.person(name="赵七", phone="13900000002")
    answer = enter(county, name="赵七", phone="13900000002")
    assert answer.status_code == 422
    assert "data-alike" in answer.content.decode()
    assert not Instructor.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "name"),
        ({"name": "赵", "level": "3"}, "number"),
        ({"name": "赵", "number": "X"}, "level"),
        ({"name": "赵", "id_number": "410882198001010000"}, "id_number"),
        ({"name": "赵", "area_code": "410882999999"}, "area_code"),
        ({"name": "赵", "level": "3", "number": "X", "granted_on": "2099-01-01"}, "granted_on"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(county, data, field):
    people = Person.objects.count()
    answer = enter(county, **data)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert Person.objects.count() == people
    assert not Instructor.objects.exists()


def test_the_page_names_what_is_missing(bureau):
    who = books.certified()
    page = bureau.get(f"/instructors/{who.pk}/").content.decode()
    assert 'class="is-missing" data-condition="registered"' in page
    assert who.certificates.get().number in page


def test_the_page_shows_the_grids_that_they_serve(bureau):
    who = books.certified()
    b.appoint(who.person, Role.GRID_LEADER, b.GRID)
    page = bureau.get(f"/instructors/{who.pk}/").content.decode()
    assert f'href="/grids/{b.GRID}/"' in page


def test_the_buttons_are_those_of_the_reader(client):
    who = books.certified()
    client.force_login(b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP))
    page = client.get(f"/instructors/{who.pk}/").content.decode()
    assert f"/instructors/{who.pk}/services/new/" in page
    assert f"/instructors/{who.pk}/edit/" not in page
    assert f"/instructors/{who.pk}/certificates/new/" not in page


def test_an_instructor_out_of_reach_is_not_there(county):
    far = books.certified("410883001201")
    assert county.get(f"/instructors/{far.pk}/").status_code == 404
    assert county.get("/instructors/999999/").status_code == 404


def test_the_forms_of_an_instructor_do_their_work(bureau):
    who = books.certified()
    url = f"/instructors/{who.pk}/"
    bureau.post(f"{url}register/", {"year": YEAR, "on": today().isoformat()})
    bureau.post(
        f"{url}services/new/",
        {
            "kind": "lecture",
            "held_on": today().isoformat(),
            "minutes": 60,
            "note": "讲课",
            "evidence": "通知",
        },
    )
    bureau.post(f"{url}certificates/new/", {"level": 2, "number": "C2", "granted_on": "2023-01-01"})
    who.refresh_from_db()
    assert who.instructor_level == 2
    assert Registration.objects.filter(instructor=who, year=YEAR).exists()
    record = bureau.get(f"{url}record/{YEAR}/").content.decode()
    assert "讲课" in record
    service = Service.objects.get()
    bureau.post(f"/instructors/services/{service.pk}/withdraw/", {"reason": "重复"})
    assert not Service.objects.standing().exists()
    certificate = who.certificates.get(number="C2")
    revoke = {"on": today().isoformat(), "reason": "错"}
    bureau.post(f"/instructors/certificates/{certificate.pk}/revoke/", revoke)
    bureau.post(f"{url}edit/", {"area_code": b.OTHER_VILLAGE, "on": today().isoformat()})
    bureau.post(f"{url}end/", {"on": today().isoformat(), "reason": "退出"})
    who.refresh_from_db()
    assert (who.instructor_level, who.ended_on) == (3, today())
    bureau.post(f"{url}resume/", {"area_code": b.VILLAGE, "on": today().isoformat()})
    who.refresh_from_db()
    assert (who.area_code, who.ended_on) == (b.VILLAGE, None)


def test_a_promotion_goes_its_way_through_the_pages(client):
    who = books.ready(2)
    client.force_login(b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP))
    client.post(f"/instructors/{who.pk}/nominate/")
    promotion = Promotion.objects.get()
    url = f"/instructors/promotions/{promotion.pk}/"
    assert client.get(f"{url}verify/").status_code == 403
    client.force_login(b.user(Role.COUNTY_OFFICIAL, b.COUNTY))
    assert f"{url}verify/" in client.get(url).content.decode()
    client.post(f"{url}verify/")
    assert client.get(f"{url}approve/").status_code == 403
    client.force_login(b.user(Role.BUREAU_STAFF))
    client.post(f"{url}approve/", {"number": "N2", "granted_on": today().isoformat()})
    promotion.refresh_from_db()
    assert promotion.state == "approved"


def queue(client, query: str = "") -> set[int]:
    answer = client.get(f"/instructors/promotions/{query}")
    return {line.row.pk for line in answer.context["table"].lines}


def test_the_queue_holds_what_waits_for_the_reader(client):
    officer = b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)
    first, second = b.user(Role.COUNTY_OFFICIAL, b.COUNTY), b.user(Role.COUNTY_OFFICIAL, b.COUNTY)
    to_verify = actions.nominate(officer, books.ready(3), 3)
    verified = actions.verify(first, actions.nominate(officer, books.ready(3), 3))
    for_the_city = actions.verify(first, actions.nominate(officer, books.ready(2), 2))
    client.force_login(officer)
    assert queue(client) == set()
    client.force_login(first)
    assert queue(client) == {to_verify.pk}
    client.force_login(second)
    assert queue(client) == {to_verify.pk, verified.pk}
    client.force_login(b.user(Role.BUREAU_STAFF))
    assert queue(client) == {to_verify.pk, verified.pk, for_the_city.pk}
    assert queue(client, "?state=nominated") == {to_verify.pk}


def test_a_class_is_verified_and_approved_at_once(client):
    officer = b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)
    rows = [actions.nominate(officer, books.ready(3), 3) for _n in range(3)]
    keys = ",".join(str(row.pk) for row in rows)
    client.force_login(b.user(Role.COUNTY_OFFICIAL, b.COUNTY))
    client.post("/instructors/promotions/", {"bulk": "verify", "rows": keys})
    client.force_login(b.user(Role.COUNTY_OFFICIAL, b.COUNTY))
    form = {"with-first_number": "JZ-098", "with-granted_on": today().isoformat()}
    client.post("/instructors/promotions/", {"bulk": "approve", "rows": keys, **form})
    numbers = [Certificate.objects.get(promotion=row).number for row in rows]
    assert numbers == ["JZ-098", "JZ-099", "JZ-100"]


def test_a_promotion_is_refused_with_a_reason(county):
    officer = b.user(Role.TOWNSHIP_OFFICER, b.TOWNSHIP)
    promotion = actions.nominate(officer, books.ready(3), 3)
    url = f"/instructors/promotions/{promotion.pk}/refuse/"
    assert county.post(url, {"reason": ""}).status_code == 422
    county.post(url, {"reason": "材料不全"})
    promotion.refresh_from_db()
    assert promotion.state == "refused"


def test_a_course_from_the_announcement_to_the_nominations(county):
    people = [books.candidate() for _n in range(3)]
    for who in people[:2]:
        books.served(who, 30)
    begun = today() - timedelta(days=3)
    county.post(
        "/instructors/courses/new/",
        {
            "name": "三级培训班",
            "area_code": b.COUNTY,
            "instructor_level": 3,
            "started_on": begun.isoformat(),
            "ended_on": today().isoformat(),
        },
    )
    course = Course.objects.get()
    url = f"/instructors/courses/{course.pk}/"
    county.post(f"{url}enrol/", {"instructors": [who.pk for who in people]})
    assert course.attendances.count() == 3
    county.post(url, {f"passed-{row.pk}": "yes" for row in Attendance.objects.all()})
    assert course.attendances.filter(passed=True).count() == 3
    answer = county.post(f"{url}nominate/", follow=True)
    assert Promotion.objects.filter(course=course).count() == 2
    said = [str(message) for message in answer.context["messages"]]
    assert any(people[2].person.name in text for text in said)
    county.post(
        f"{url}edit/",
        {
            "name": "改名",
            "instructor_level": 3,
            "started_on": begun.isoformat(),
            "ended_on": today().isoformat(),
        },
    )
    course.refresh_from_db()
    assert course.name == "改名"


def test_only_those_whom_the_course_is_for_are_offered(county):
    fit, _second = books.candidate(), books.certified()
    course = Course.objects.create(
        area_code=b.COUNTY, name="班", instructor_level=3, started_on=today(), ended_on=today()
    )
    page = county.get(f"/instructors/courses/{course.pk}/enrol/")
    assert page.context["found"] == [fit]


def test_the_bureau_sets_a_rule(bureau):
    page = bureau.get("/rules/").content.decode()
    assert 'data-rule="instructor.services"' in page
    answer = bureau.post(
        "/rules/instructor.services/", {"value": "20", "source": "豫体群〔2026〕3号"}
    )
    assert answer.url == "/rules/"
    assert RuleValue.objects.get(key="instructor.services").value == 20
    assert "豫体群〔2026〕3号" in bureau.get("/rules/").content.decode()


@pytest.mark.parametrize("value", ["-1", "5000", "many"])
def test_a_rule_out_of_bounds_is_refused(bureau, value):
    answer = bureau.post("/rules/instructor.services/", {"value": value, "source": "x"})
    assert answer.status_code == 422
    assert not RuleValue.objects.exists()


def test_a_county_sees_the_rules_and_changes_none(county):
    assert county.get("/rules/").status_code == 200
    assert county.get("/rules/instructor.services/").status_code == 403


def test_the_ladder_of_an_earlier_day(bureau):
    books.certified(granted_on=date(2024, 1, 1))
    page = bureau.get(f"/instructors/ladder/{b.CITY}/?on=2023-12-31").content.decode()
    assert 'data-step="certificates" data-count="0"' in page
    assert "?on=2023-12-31" in page
