"""The coverage API: the agreed shape, figures that equal their rows, refusals that help."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.utils import translation

from accounts.models import AuditEntry, Person
from coverage.recount import rebuild
from coverage.registry import GAPS, INDICATORS, MEASURES
from grids.models import Grid
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from tests.builders import (
    CITY,
    COUNTY,
    GRID,
    HOBBY_GRID,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    appoint,
    grid,
    user,
)
from tests.coverage.living_city import living_city, measures_shown
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db

AREAS = [CITY, COUNTY, TOWNSHIP, VILLAGE, GRID, HOBBY_GRID]
API = "/api/v1/coverage"


@pytest.fixture
def client(signed_in: Any) -> Any:
    living_city()
    found = signed_in(user("bureau_staff", CITY))
    rebuild()
    return found


def ask(client: Any, code: str, part: str = "", **asked: Any) -> dict[str, Any]:
    answer = client.get(f"{API}/{code}/{part}", asked)
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def table(client: Any, code: str, part: str = "", **asked: Any) -> list[dict[str, str]]:
    answer = client.get(f"{API}/{code}/{part}", asked, headers={"accept": "text/csv"})
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def all_rows(client: Any, url: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while url:
        page = client.get(url).json()
        rows += page["rows"]
        url = page["next"]
    return rows


def test_the_answer_has_the_agreed_shape(client: Any) -> None:
    answer = ask(client, COUNTY)
    assert list(answer) == [
        *("code", "name", "level", "on", "computed_at", "measures", "indicators", "children"),
    ]
    assert (answer["code"], answer["level"]) == (COUNTY, "county")
    assert list(answer["measures"]) == [
        key for key, measure in MEASURES.items() if measure.level >= Level.COUNTY
    ]
    assert [one["key"] for one in answer["indicators"]] == list(INDICATORS)
    for one in answer["indicators"]:
        assert list(one) == ["key", "numerator", "denominator", "value", "target"]
    for child in answer["children"]:
        assert list(child) == ["code", "name", "measures"]


def test_what_is_not_known_is_null_and_never_nought(client: Any) -> None:
    assert ask(client, OTHER_VILLAGE)["measures"]["households"] is None
    line = [one for one in table(client, OTHER_VILLAGE) if one["key"] == "households"]
    assert [one["value"] for one in line] == [""]


def test_answers_keep_to_the_schema_made_from_the_registry(client: Any) -> None:
    from drf_spectacular.generators import SchemaGenerator
    from jsonschema import Draft4Validator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    parts = schema["components"]["schemas"]
    assert set(parts["Measures"]["properties"]) == set(MEASURES)

    def nullable(part: Any) -> Any:
        if isinstance(part, dict):
            made = {key: nullable(value) for key, value in part.items()}
            if made.pop("nullable", False):
                return {"anyOf": [made, {"type": "null"}]}
            return made
        return [nullable(one) for one in part] if isinstance(part, list) else part

    for name, url in {
        "Coverage": f"{API}/{CITY}/",
        "Trend": f"{API}/{CITY}/trend/?measure=population",
        "Gaps": f"{API}/{CITY}/gaps/?indicator=led_share",
        "Rows": f"{API}/{CITY}/rows/?measure=participants",
    }.items():
        whole = nullable({**parts[name], "components": schema["components"]})
        faults = list(Draft4Validator(whole).iter_errors(client.get(url).json()))
        assert faults == [], (name, faults)


@pytest.mark.parametrize("days", [0, 40])
def test_every_measure_has_as_many_rows_as_it_says(client: Any, days: int) -> None:
    on = f"{today() - timedelta(days=days):%Y-%m-%d}"
    for code in (CITY, VILLAGE, GRID):
        for key, value in ask(client, code, on=on)["measures"].items():
            url = f"{API}/{code}/rows/?measure={key}&on={on}&page_size=3"
            rows = all_rows(client, url)
            amounts = [row["amount"] for row in rows]
            counted = sum(amounts) if MEASURES[key].amount else len(rows)
            assert counted == (value or 0), (code, key)
            assert client.get(url).json()["total"] == value, (code, key)
            assert len({row["key"] for row in rows}) == len(rows), (code, key)


def test_every_gap_names_as_many_rows_as_it_says_and_as_its_table_has(client: Any) -> None:
    for gap in GAPS.values():
        answer = client.get(f"{API}/{CITY}/gaps/?indicator={gap.indicator}&page_size=2")
        first = answer.json()
        named = GAPS[first["gap"]]
        rows = all_rows(client, f"{API}/{CITY}/gaps/?indicator={gap.indicator}&page_size=2")
        assert len(rows) == (first["total"] or 0), named.key
        assert len(table(client, CITY, "gaps/", indicator=gap.indicator)) == len(rows), named.key


def test_the_table_of_a_figure_has_all_its_rows(client: Any) -> None:
    lines = table(client, CITY, "rows/", measure="participants")
    total = ask(client, CITY)["measures"]["participants"]
    assert sum(int(line["amount"]) for line in lines) == total


def test_cells_hold_no_live_formula(client: Any) -> None:
    Grid.objects.filter(area_code=GRID).update(name="=1+1")
    cells = [
        cell for line in table(client, CITY, "rows/", measure="grids") for cell in line.values()
    ]
    assert "'=1+1" in cells
    assert "=1+1" not in cells


@pytest.mark.parametrize("code", AREAS)
def test_each_month_of_a_trend_is_what_its_last_day_says(client: Any, code: str) -> None:
    for key in ("grids", "hobby_grids", "active_hobby_grids", "population", "sessions", "sports"):
        if MEASURES[key].level < len(code):
            continue
        points = ask(client, code, "trend/", measure=key)["points"]
        assert len(points) == 13
        for point in (points[0], points[-3], points[-2], points[-1]):
            asked = ask(client, code, on=point["on"])["measures"][key]
            assert point["value"] == asked, (code, key, point)


def test_a_refusal_names_the_field_and_what_may_be_asked(client: Any) -> None:
    refusals = {
        "?on=2026-13-45": "on",
        "?map=elsewhere": "map",
        "rows/": "measure",
        "rows/?measure=nothing": "measure",
        "rows/?measure=grids&after=xyz": "after",
        "rows/?measure=sessions&after=NDEwOCAx": "after",
        "gaps/?indicator=grids": "indicator",
        "trend/?measure=grids&from=2026-99": "from",
        "trend/?measure=grids&from=2026-02&to=2026-01": "from",
        "trend/?measure=grids&to=2999-01": "to",
    }
    for part, field in refusals.items():
        answer = client.get(f"{API}/{CITY}/{part}")
        assert answer.status_code == 400, part
        assert list(answer.json()) == [field], part
    answer = client.get(f"{API}/{CITY}/rows/?measure=nothing")
    assert "led_grids" in answer.json()["measure"][0]


def test_a_refusal_speaks_the_readers_language(client: Any) -> None:
    said = [
        client.get(f"{API}/{CITY}/rows/", headers={"accept-language": language}).json()["measure"]
        for language in ("zh-hans", "en")
    ]
    with translation.override("en"):
        assert said[1] == ["Say which one: a key of the data dictionary."]
    assert said[0] != said[1]


def phones(who: Any) -> set[Any]:
    """The numbers that somebody is told of those who answer for the county's gap."""
    rows = ask(who, COUNTY, "gaps/", indicator="led_share")["rows"]
    return {row["responsible"]["phone"] for row in rows if row["responsible"]}


def test_phone_numbers_are_for_who_keeps_the_register_of_people(
    client: Any, signed_in: Any
) -> None:
    auditor = signed_in(user("auditor", CITY))
    assert phones(client) - {None} == {"13900005678"}
    told = Person.objects.get(phone="13900005678")
    entry = AuditEntry.objects.get(verb="read phone")
    assert (entry.object_id, entry.area_code) == (str(told.pk), told.area_code)
    assert phones(auditor) == {None}
    lines = table(auditor, COUNTY, "gaps/", indicator="led_share")
    assert {line["phone"] for line in lines} == {""}


def test_the_number_of_somebody_with_a_post_beyond_ones_own_is_not_told(
    client: Any, signed_in: Any
) -> None:
    """As on the page of the person and on "call"."""

    official = signed_in(user("county_official", COUNTY))
    assert phones(official) - {None} == {"13900005678"}
    appoint(Person.objects.get(phone="13900005678"), "bureau_staff", CITY)
    assert phones(official) == {None}


def test_an_answer_had_before_is_not_made_again(client: Any) -> None:
    url = f"{API}/{CITY}/"
    etag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    grid(VILLAGE + "005")
    rebuild()
    again = client.get(url, headers={"if-none-match": etag})
    assert again.status_code == 200
    assert again.headers["ETag"] != etag


def test_the_figures_are_those_of_the_page(client: Any) -> None:
    page = client.get(f"/coverage/{TOWNSHIP}/")
    assert measures_shown(page) == ask(client, TOWNSHIP)["measures"]


def test_queries_do_not_grow_with_rows(client: Any) -> None:
    def count() -> None:
        for name, part in {
            "figures": "",
            "trend": "trend/?measure=population",
            "rows": "rows/?measure=grids",
            "gaps": "gaps/?indicator=led_share",
        }.items():
            assert_query_count(client, f"{API}/{COUNTY}/{part}", f"api/coverage-{name}")

    count()
    for number in range(3, 30):
        grid(f"{VILLAGE}{number:03d}")
    rebuild()
    count()
