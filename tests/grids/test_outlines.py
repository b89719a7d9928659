"""Outlines: imported whole or not at all, shown to those who may see the area."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from grids.divisions.outlines import import_outlines
from grids.divisions.problems import Refused
from grids.models import Outline
from jiaozuo_grid.reach import SYSTEM, OutOfReach
from tests import builders

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "jiaozuo-counties.geojson"
SQUARE = [[[112.9, 35.0], [113.0, 35.0], [113.0, 35.1], [112.9, 35.1], [112.9, 35.0]]]
BOW_TIE = [[[112.9, 35.0], [113.0, 35.1], [113.0, 35.0], [112.9, 35.1], [112.9, 35.0]]]
FAR = [[[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 48.0]]]


def feature(adcode: Any, coordinates: Any = SQUARE, kind: str = "Polygon") -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"adcode": adcode}, "geometry": geometry}


def geojson(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def city() -> None:
    builders.small_city()


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("adcode", [410882, "410882", "410882000000"])
def test_outlines_are_stored_by_area_code(adcode: Any) -> None:
    import_outlines(SYSTEM, geojson(feature(adcode), feature(410883, [SQUARE], "MultiPolygon")))
    assert set(Outline.objects.values_list("area_code", flat=True)) == {"410882", "410883"}


@pytest.mark.usefixtures("city")
def test_importing_again_changes_only_what_differs() -> None:
    import_outlines(SYSTEM, geojson(feature(410882), feature(410883)))
    moved = [[[x + 0.1, y] for x, y in SQUARE[0]]]
    done = import_outlines(SYSTEM, geojson(feature(410882), feature(410883, moved)))
    assert (done.added, done.changed, done.unchanged) == (0, 1, 1)


@pytest.mark.usefixtures("city")
def test_outlines_are_simplified_and_rounded() -> None:
    bottom = [[112.9 + n / 10_000, 35.0 + (n % 2) / 1e5] for n in range(1000)]
    ring = [*bottom, [113.0, 35.1], [112.9, 35.1], bottom[0]]
    import_outlines(SYSTEM, geojson(feature(410882, [ring])))
    stored = Outline.objects.get().geometry["coordinates"][0]
    assert len(stored) < 10
    assert all(round(number, 5) == number for point in stored for number in point)


BROKEN: dict[str, tuple[bytes, list[str]]] = {
    "not json": (b"code,name", ["not_geojson"]),
    "another encoding": ("焦作".encode("gb18030"), ["not_geojson"]),
    "not a collection": (b"[1, 2]", ["not_geojson"]),
    "no features": (geojson(), ["not_geojson"]),
    "unknown division": (geojson(feature(410882), feature(410899)), ["outline_unknown"]),
    "no code": (geojson(feature(None)), ["code_missing"]),
    "letters": (geojson(feature("41088x")), ["code_letters"]),
    "twice": (geojson(feature(410882), feature(410882)), ["outline_twice"]),
    "a point": (geojson(feature(410882, [113, 35], "Point")), ["outline_kind"]),
    "no geometry": (
        geojson({"type": "Feature", "properties": {"adcode": 410882}, "geometry": None}),
        ["outline_kind"],
    ),
    "not an object": (geojson("x"), ["code_missing"]),
    "crossing itself": (geojson(feature(410882, BOW_TIE)), ["outline_invalid"]),
    "no coordinates": (geojson(feature(410882, [])), ["outline_invalid"]),
    "words for coordinates": (geojson(feature(410882, [[["a", "b"]] * 4])), ["outline_invalid"]),
    "too few points": (geojson(feature(410882, [[[113, 35], [113, 36]]])), ["outline_invalid"]),
    "not a number": (
        geojson(feature(410882, [[[float("nan"), 35.0], *SQUARE[0][1:]]])),
        ["outline_invalid"],
    ),
    "another country": (geojson(feature(410882, FAR)), ["outline_range"]),
    "several": (
        geojson(feature("x"), feature(410882, BOW_TIE), feature(410899)),
        ["code_letters", "outline_invalid", "outline_unknown"],
    ),
}


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_as_a_whole(name: str) -> None:
    data, kinds = BROKEN[name]
    with pytest.raises(Refused) as refused:
        import_outlines(SYSTEM, data)
    assert [one.kind for one in refused.value.problems] == kinds
    assert not Outline.objects.exists()


@pytest.mark.usefixtures("city")
def test_outlines_out_of_reach_are_refused() -> None:
    """P3: the whole file is refused when one feature is foreign."""
    builders.division("4109")
    data = geojson(feature(410882), feature(4109))
    for user in (builders.user("bureau_staff"), builders.user("county_official", "410882")):
        with pytest.raises(OutOfReach):
            import_outlines(user, data)
    assert not Outline.objects.exists()


@pytest.mark.skipif(not REAL.exists(), reason="the real outlines are not on this machine")
def test_the_real_counties_are_imported_and_small() -> None:
    counties = json.loads(REAL.read_text())["features"]
    builders.division("4108", "焦作市")
    for county in counties:
        builders.division(str(county["properties"]["adcode"]))
    out = StringIO()
    call_command("import_outlines", str(REAL), stdout=out)
    assert "added: 10" in out.getvalue()
    stored = sum(len(json.dumps(row.geometry)) for row in Outline.objects.all())
    assert stored < REAL.stat().st_size / 2


@pytest.mark.usefixtures("city")
def test_the_command_lists_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "outlines.geojson"
    path.write_bytes(geojson(feature(410899), feature(410898)))
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("import_outlines", str(path), stderr=err)
    assert "410898" in err.getvalue()
    assert "410899" in err.getvalue()


# --- The API ---


def get(client: Client, code: str, **headers: str) -> Any:
    return client.get(f"/api/v1/outlines/{code}/", headers=headers)


@pytest.fixture
def drawn(city: None) -> None:
    import_outlines(SYSTEM, geojson(feature(410882), feature(410883)), schematic=True)


@pytest.mark.usefixtures("drawn")
def test_the_outlines_of_the_children_are_a_feature_collection(client: Client) -> None:
    client.force_login(builders.user("bureau_staff"))
    response = get(client, "4108")
    content = response.json()
    assert response.status_code == 200
    assert content["type"] == "FeatureCollection"
    assert [f["properties"] for f in content["features"]] == [
        {"area_code": "410882", "name": "沁阳市", "schematic": True},
        {"area_code": "410883", "name": "孟州市", "schematic": True},
    ]
    assert content["features"][0]["geometry"]["type"] == "Polygon"


@pytest.mark.usefixtures("drawn")
def test_only_children_that_the_user_may_see_are_drawn(client: Client) -> None:
    """P4: what lies beside the user's area does not show."""
    client.force_login(builders.user("county_official", "410882"))
    features = get(client, "4108").json()["features"]
    assert [f["properties"]["area_code"] for f in features] == ["410882"]
    assert get(client, "410883").status_code == 404


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("code", ["9999", "410", "41088\x00", "x", "410882001203001"])
def test_an_area_that_is_not_there_is_not_found(client: Client, code: str) -> None:
    client.force_login(builders.user("bureau_staff"))
    assert get(client, code.replace("\x00", "%00")).status_code == 404


@pytest.mark.usefixtures("drawn")
def test_an_area_without_outlines_has_an_empty_collection(client: Client) -> None:
    client.force_login(builders.user("bureau_staff"))
    assert get(client, "410882").json()["features"] == []
    assert get(client, "410882001203").json()["features"] == []


@pytest.mark.usefixtures("drawn")
def test_a_browser_that_has_the_outlines_gets_no_body(client: Client) -> None:
    client.force_login(builders.user("bureau_staff"))
    first = get(client, "4108")
    assert "private" in first["Cache-Control"]
    again = get(client, "4108", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    Outline.objects.filter(area_code="410882").delete()
    assert get(client, "4108", **{"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.usefixtures("drawn")
def test_anonymous_visitors_get_nothing(client: Client) -> None:
    assert get(client, "4108").status_code == 403
    assert client.get("/api/v1/divisions/").status_code == 403


def codes(client: Client, **query: str) -> list[str]:
    return [row["area_code"] for row in client.get("/api/v1/divisions/", query).json()["results"]]


@pytest.mark.usefixtures("city")
def test_divisions_are_listed_within_the_reach(client: Client) -> None:
    client.force_login(builders.user("township_officer", builders.TOWNSHIP))
    assert codes(client) == ["4108", "410882", "410882001", "410882001001", "410882001203"]


@pytest.mark.usefixtures("city")
def test_divisions_are_filtered(client: Client) -> None:
    client.force_login(builders.user("bureau_staff"))
    builders.division("410884", "旧县", ended_on="2025-01-01")
    assert codes(client, within="410882002") == ["410882002", "410882002203"]
    assert codes(client, level="county") == ["410882", "410883", "410884"]
    assert codes(client, level="county", on="2026-01-01") == ["410882", "410883"]
    assert codes(client, name="社区") == ["410882001001"]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "query", [{"within": "41x"}, {"level": "hamlet"}, {"on": "soon"}, {"name": "\x00"}]
)
def test_a_filter_that_makes_no_sense_is_a_bad_request(client: Client, query: Any) -> None:
    client.force_login(builders.user("bureau_staff"))
    assert client.get("/api/v1/divisions/", query).status_code == 400


@pytest.mark.usefixtures("city")
def test_divisions_come_in_pages(client: Client) -> None:
    client.force_login(builders.user("bureau_staff"))
    first = client.get("/api/v1/divisions/", {"page_size": 5}).json()
    second = client.get(first["next"]).json()
    found = [row["area_code"] for row in first["results"] + second["results"]]
    assert found == sorted(found)
    assert len(found) == 8
