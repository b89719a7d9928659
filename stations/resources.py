"""The spreadsheet of stations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import Point, shape
from shapely.prepared import prep

from grids.models import Outline
from grids.places import settle
from grids.resources.common import (
    AreaSheet,
    area_name_column,
    area_names,
    check_areas,
    check_not_far_ahead,
    choices_of,
    parts,
    sport_choices,
)
from grids.resources.simple import check_lasting, start_column
from grids.writing import keep_changed, keep_many_to_many, keep_new
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from jiaozuo_grid.spreadsheets.choices import Choice, OneOf, SomeOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import AreaCode, Decimal, Text, Whole
from jiaozuo_grid.spreadsheets.sheet import Change, Row, register
from jiaozuo_grid.spreadsheets.text import tidy
from stations.actions.stations import CHANGE_STATION
from stations.coordinates import TOLERANCE, Datum, check_plausible, to_wgs84
from stations.models import Station, StationKind

FIELDS = ("name", "kind", "address", "square_metres", "lighted", "usual_people")
# About a metre: what a conversion there and back may differ.
SAME_PLACE = 0.00001

KINDS = choices_of(
    StationKind,
    {
        StationKind.STATION: ("健身站点", "站点", "健身站"),
        StationKind.EXERCISE_POINT: ("晨晚练点", "晨练点", "晚练点", "活动点"),
    },
)
DATUMS = choices_of(
    Datum,
    {
        Datum.WGS84: ("WGS-84", "GPS", "天地图", "GPS、天地图（WGS-84）"),
        Datum.GCJ02: ("GCJ-02", "高德", "腾讯", "火星坐标", "高德、腾讯（GCJ-02）"),
        Datum.BD09: ("BD-09", "百度", "百度（BD-09）"),
    },
)


def _yes_or_no() -> list[Choice]:
    return [
        Choice(True, "有", "yes", ("是", "1", "true", "y")),
        Choice(False, "无", "no", ("否", "没有", "0", "false", "n")),
    ]


class StationSheet(AreaSheet):
    key = "stations"
    title = gettext_lazy("Stations")
    note = gettext_lazy("A station is known again by its village and its name.")
    right = CHANGE_STATION
    view_right = "view stations.station"
    writes = ("stations.station", "stations.stationplace")
    business_key = ("area_code", "name")
    columns = (
        Column(
            "area_code",
            "村（社区）代码",
            "Village code",
            AreaCode((Level.VILLAGE,)),
            required=True,
            aliases=("地区代码", "所在地区代码", "区划代码"),
            example="410882001203",
            width=18,
        ),
        area_name_column(),
        Column(
            "name",
            "站点名称",
            "Station name",
            Text(60),
            required=True,
            aliases=("名称", "健身站点名称"),
            example="示例文化广场站",
            width=24,
        ),
        Column(
            "kind", "站点类型", "Kind", OneOf(KINDS), aliases=("类型", "类别"), example="健身站点"
        ),
        Column("address", "地址", "Address", Text(80), aliases=("详细地址",), example="", width=26),
        Column(
            "longitude",
            "经度",
            "Longitude",
            Decimal(-180, 180),
            aliases=("lng", "lon"),
            example="113.2417",
        ),
        Column(
            "latitude",
            "纬度",
            "Latitude",
            Decimal(-90, 90),
            aliases=("lat",),
            example="35.2156",
        ),
        Column(
            "datum",
            "坐标系",
            "Coordinates of",
            OneOf(DATUMS),
            aliases=("坐标来源", "地图"),
            example="WGS-84",
            note=gettext_lazy("Whose coordinates they are; empty: WGS-84."),
        ),
        Column(
            "square_metres",
            "面积（㎡）",
            "Area (m²)",
            Whole(1, 10_000_000),
            aliases=("面积", "面积平方米", "场地面积"),
            example="300",
        ),
        Column("lighted", "灯光", "Lighting", OneOf(_yes_or_no), aliases=("照明",), example="有"),
        Column(
            "usual_people",
            "日常人数",
            "Usual people",
            Whole(0, 100_000),
            aliases=("活动人数", "人数"),
            example="30",
        ),
        Column(
            "sports",
            "运动项目",
            "Sports",
            SomeOf(sport_choices),
            aliases=("项目",),
            example="广场舞",
            width=20,
        ),
        start_column(),
    )

    def rows(self, actor: Actor) -> QuerySet[Any]:
        return Station.objects.visible_to(actor).on(today()).order_by("area_code", "pk")

    def find(self, actor: Actor, rows: Sequence[Row]) -> dict[int, Any]:
        known: dict[Any, Station] = {}
        for part in parts(sorted({row["area_code"] for row in rows if row["area_code"]})):
            editable = Station.objects.editable_by(actor).exclude(ended_on__lte=today())
            for one in editable.filter(area_code__in=part).order_by("ended_on", "pk"):
                key = (one.area_code, tidy(one.name))
                if one.ended_on is None or key not in known:
                    known[key] = one
        keys = {row.number: (row["area_code"], row["name"]) for row in rows}
        return {number: known[key] for number, key in keys.items() if key in known}

    def values(self, actor: Actor, stored: Sequence[Any]) -> list[dict[str, Any]]:
        sports = _sports_of(stored)
        return [
            {
                **{name: getattr(one, name) for name in FIELDS},
                "address": one.address or None,
                "area_code": one.area_code,
                "longitude": one.longitude,
                "latitude": one.latitude,
                "datum": Datum.WGS84.value if one.longitude is not None else None,
                "sports": tuple(sorted(sports[one.pk])),
                "started_on": one.started_on,
            }
            for one in stored
        ]

    def disclosed(
        self, actor: Actor, stored: Sequence[Any], values: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        names = area_names(one.area_code for one in stored)
        return [
            {**value, "area_name": names.get(one.area_code, "")}
            for one, value in zip(stored, values, strict=True)
        ]

    def check(self, actor: Actor, rows: Sequence[Row], found: dict[int, Any]) -> None:
        check_not_far_ahead(rows, "started_on")
        check_areas(
            actor, rows, "area_code", [self.right], {n: one.area_code for n, one in found.items()}
        )
        for row in rows:
            _check_pair(row)
            _convert(row, found.get(row.number))
        _check_inside(rows)

    def check_changes(self, actor: Actor, changed: Sequence[Change]) -> None:
        check_lasting(changed)

    def apply(self, actor: Actor, new: Sequence[Row], changed: Sequence[Change]) -> None:
        stations = [
            Station(
                area_code=row["area_code"],
                started_on=row["started_on"] or today(),
                longitude=row["longitude"],
                latitude=row["latitude"],
                **{name: row[name] for name in FIELDS if row[name] is not None},
            )
            for row in new
        ]
        keep_new(actor, stations, "add")
        settle(actor, stations)
        sports = {
            one: row["sports"] for row, one in zip(new, stations, strict=True) if row["sports"]
        }
        for change in changed:
            for key, (_before, after) in change.changes.items():
                if key == "sports":
                    sports[change.stored] = after
                else:
                    setattr(change.stored, key, after)
        fields = [*FIELDS, "longitude", "latitude"]
        keep_changed(actor, [change.stored for change in changed], fields, "edit")
        keep_many_to_many(actor, sports, "sports")


def _sports_of(stations: Sequence[Station]) -> dict[int, list[int]]:
    sports: dict[int, list[int]] = defaultdict(list)
    through: Any = Station.sports.through
    for part in parts([one.pk for one in stations]):
        taught = through._default_manager.filter(station__in=part)
        for key, sport in taught.values_list("station", "sport"):
            sports[key].append(sport)
    return sports


def _check_pair(row: Row) -> None:
    for key, other in (("longitude", "latitude"), ("latitude", "longitude")):
        if not row.shown(key) and row.shown(other):
            row.fault(
                key,
                "half_a_place",
                _("Give both longitude and latitude, or neither."),
                _("Fill the cell, or empty the other."),
            )


def _convert(row: Row, stored: Station | None) -> None:
    """Make WGS-84 of what is given in another datum; what comes to the same place stays."""
    longitude, latitude = row["longitude"], row["latitude"]
    datum = row.values.pop("datum", None) or Datum.WGS84
    if longitude is None or latitude is None:
        row.values.pop("longitude", None)
        row.values.pop("latitude", None)
        return
    try:
        check_plausible(longitude, latitude)
    except ValidationError as error:
        row.fault(
            "longitude",
            "implausible",
            " ".join(error.messages),
            _("Correct longitude and latitude."),
        )
        return
    longitude, latitude = to_wgs84(longitude, latitude, datum)
    if stored is not None and stored.longitude is not None and stored.latitude is not None:
        near = max(abs(stored.longitude - longitude), abs(stored.latitude - latitude))
        if near < SAME_PLACE:
            longitude, latitude = stored.longitude, stored.latitude
    row.values |= {"longitude": longitude, "latitude": latitude}


def _check_inside(rows: Sequence[Row]) -> None:
    """A station lies in its county, where the county's boundary is known."""
    placed = [row for row in rows if row["area_code"] and row["longitude"] is not None]
    codes = {row["area_code"][: Level.COUNTY] for row in placed}
    outlines = {
        one.area_code: prep(shape(one.geometry).buffer(TOLERANCE))
        for one in Outline.objects.filter(area_code__in=codes, schematic=False)
    }
    for row in placed:
        outline = outlines.get(row["area_code"][: Level.COUNTY])
        if outline is None or outline.contains(Point(row["longitude"], row["latitude"])):
            continue
        row.fault(
            "longitude",
            "outside_county",
            _("This point lies outside the county of the village code."),
            _("Compare the coordinates, their kind and the village code."),
        )


def register_sheets() -> None:
    """Called when the app is ready."""
    register(StationSheet())
