"""The list and the map of stations, and the work list of repairs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grids.authority import division_names
from grids.rules import values_on
from grids.views.lists import place_of
from jiaozuo_grid.area import Level, ancestors
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Column, ListPage, Needs, query_without
from jiaozuo_grid.pages.paging import NOT_FILTERS
from jiaozuo_grid.reach import reach_of
from stations.filters import RepairFilter, StationFilter
from stations.models import Repair, Station
from stations.rules import GUIDED_HOURS, INSTRUCTORS
from stations.standard import Verdict, standards_of
from stations.upkeep import inspection_due_on, inspection_overdue
from stations.views.base import map_context

# More points than a city has; a browser draws them on one canvas.
MOST_POINTS = 20_000


class StationList(ListPage):
    right = "view stations.station"
    template_name = "stations/station_list.html"
    sheet_key = "stations"
    filterset_class = StationFilter
    export_name = "stations"
    heading = gettext_lazy("Stations")
    tabular = True
    saved_views = True
    mark = ("station", "pk")

    def rows(self) -> QuerySet[Any]:
        rows = Station.objects.visible_to(self.request.user).order_by("area_code", "pk")
        rows = rows.with_responsible(today()).with_upkeep(today())
        return rows.prefetch_related("sports")

    def dress(self, rows: list[Any]) -> None:
        standards, values = standards_of(rows), values_on()
        name_places(rows)
        for row in rows:
            row.standard = standards[row.pk]
            row.inspection_due_on = inspection_due_on(row, row.last_inspected_on, values)
            row.inspection_overdue = inspection_overdue(row, row.last_inspected_on, values, today())

    def context(self) -> dict[str, Any]:
        query = query_without(self.request, *NOT_FILTERS, "sort", "columns", "view")
        return {
            "map_url": f"{reverse('station-map')}?{query}",
            "may_enter": reach_of(self.request.user).allows("change stations.station"),
            "may_see_repairs": reach_of(self.request.user).allows("view stations.repair"),
        }

    def columns(self) -> list[Column]:
        return [
            Column(
                _("Station"),
                lambda row: row.name,
                "name",
                link=lambda row: reverse("station", args=[row.pk]),
                sort=("name",),
            ),
            *place_columns(),
            Column(_("Kind"), lambda row: row.get_kind_display(), "kind", sort=("kind",)),
            Column(
                _("Standard"),
                lambda row: "; ".join(map(str, row.standard.open)) or row.standard.verdict.label,
                "standard",
                shown=_standard_tag,
            ),
            Column(
                _("Last inspected"),
                lambda row: row.last_inspected_on,
                "inspected",
                shown=_inspection_tag,
                sort=("last_inspected_on",),
                css="nowrap",
            ),
            Column(
                _("Open repairs"),
                lambda row: row.open_repairs,
                "repairs",
                shown=_repairs_tag,
                sort=("open_repairs",),
                number=True,
            ),
            Column(
                _("Person responsible"),
                lambda row: row.responsible_name,
                "responsible",
                shown=lambda row: row.responsible_name or _tag("warn", _("nobody")),
            ),
            *_more_columns(),
        ]


def _more_columns() -> list[Column]:
    def more(name: str, header: Any, value: Any, **options: Any) -> Column:
        return Column(header, value, name, default=False, **options)

    instructors = more(
        "instructors",
        _("Instructors posted"),
        lambda row: _has(row, INSTRUCTORS),
        number=True,
    )
    return [
        more("address", _("Address"), lambda row: row.address),
        more("sports", _("Sports"), lambda row: " ".join(str(s) for s in row.sports.all())),
        more("area", _("Area (m²)"), lambda row: row.square_metres, sort=("square_metres",)),
        more("lighting", _("Lighting"), lambda row: row.lighted),
        instructors,
        more("guided", _("Guided hours a week"), lambda row: _has(row, GUIDED_HOURS), number=True),
        more("people", _("People at a usual activity"), lambda row: row.usual_people, number=True),
        more("longitude", _("Longitude"), lambda row: row.longitude, number=True),
        more("latitude", _("Latitude"), lambda row: row.latitude, number=True),
        more("since", _("In force from"), lambda row: row.started_on, sort=("started_on",)),
        more("ended", _("Ended on"), lambda row: row.ended_on),
    ]


def _has(row: Any, key: str) -> str | None:
    has = next(one.has for one in row.standard.requirements if one.key == key)
    return None if has is None else f"{has:.4g}"


def _tag(kind: str, text: Any) -> Any:
    return format_html('<span class="tag tag-{}">{}</span>', kind, text)


def _standard_tag(row: Any) -> Any:
    if row.standard.verdict == Verdict.MET:
        return _tag("good", _("met"))
    kinds = {Verdict.MISSING: "warn", Verdict.UNKNOWN: "ended"}
    tags = ((_tag(kinds[one.verdict], one),) for one in row.standard.open)
    return format_html_join(" ", "{}", tags)


def _inspection_tag(row: Any) -> Any:
    last = row.last_inspected_on or _("never")
    return format_html("{} {}", last, _tag("bad", _("overdue"))) if row.inspection_overdue else last


def _repairs_tag(row: Any) -> Any:
    if row.overdue_repairs:
        return format_html("{} {}", row.open_repairs, _tag("bad", _("overdue")))
    return row.open_repairs


def name_places(rows: list[Any]) -> None:
    """Tell each row the names of the areas that it lies in, by code; one query."""
    codes = {up for row in rows for up in ancestors(row.area_code, include_self=True)}
    names = division_names(list(codes))
    for row in rows:
        row.names = names


def place_columns() -> list[Column]:
    """Where a row is: in one column on the page, level by level for who chooses so."""

    def level(name: str, header: Any, digits: int) -> Column:
        return Column(
            header, lambda row: row.names.get(row.area_code[:digits], ""), name, default=False
        )

    return [
        Column(
            _("Where"),
            lambda row: place_of(row.area_code, row.names),
            "where",
            sort=("area_code",),
        ),
        Column(_("Code"), lambda row: row.area_code, "code", default=False, css="code"),
        level("county", _("County"), Level.COUNTY),
        level("township", _("Township"), Level.TOWNSHIP),
        level("village", _("Village or community"), Level.VILLAGE),
    ]


class StationMap(Needs):
    """All stations of the area on one map; the filters of the list hold here too."""

    right = "view stations.station"

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = StationFilter(request.GET, queryset=Station.objects.none(), request=request)
        roots = reach_of(request.user).areas_for(self.right) or ("",)
        within = chosen.form.cleaned_data.get("within") if chosen.is_valid() else ""
        code = within or min(roots, key=len)[: Level.VILLAGE]
        query = query_without(request, "page", "format")
        context = {
            "filter": chosen,
            "filtered": bool(query),
            "points_url": f"{reverse('station-points')}?{query}",
            "list_url": f"{reverse('station-list')}?{query}",
            **map_context(code),
        }
        return render(request, "stations/map.html", context)


class StationPoints(Needs):
    """The stations that the user sees as GeoJSON points, with what a map tells of each."""

    right = "view stations.station"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = Station.objects.visible_to(request.user).filter(longitude__isnull=False)
        rows = rows.with_upkeep(today()).order_by("pk")
        chosen = StationFilter(request.GET, queryset=rows, request=request)
        found = chosen.qs[:MOST_POINTS] if chosen.is_valid() else []
        values = values_on()
        answer = JsonResponse(
            {
                "type": "FeatureCollection",
                "features": [_feature(row, values) for row in found],
            },
            content_type="application/geo+json",
        )
        answer["Cache-Control"] = "private, no-store"
        return answer


def _feature(row: Any, values: dict[str, float]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]},
        "properties": {
            "name": row.name,
            "kind": row.get_kind_display(),
            "url": reverse("station", args=[row.pk]),
            "state": _state_of(row, values),
        },
    }


def _state_of(row: Any, values: dict[str, float]) -> str:
    """What is most urgent about a station."""
    if row.ended_on is not None and row.ended_on <= today():
        return "ended"
    if row.overdue_repairs:
        return "overdue"
    if row.open_repairs:
        return "repair"
    late = inspection_overdue(row, row.last_inspected_on, values, today())
    return "inspection" if late else "good"


class RepairList(ListPage):
    """What is to be repaired, the longest overdue first."""

    right = "view stations.repair"
    template_name = "stations/repair_list.html"
    filterset_class = RepairFilter
    export_name = "repairs"
    heading = gettext_lazy("Repairs")
    tabular = True
    mark = ("repair", "pk")

    def rows(self) -> QuerySet[Any]:
        rows = Repair.objects.visible_to(self.request.user)
        return rows.select_related("station", "equipment", "holder").order_by("due_on", "pk")

    def dress(self, rows: list[Any]) -> None:
        name_places(rows)

    def columns(self) -> list[Column]:
        return [
            Column(
                _("Fault"),
                lambda row: row.description,
                "fault",
                link=lambda row: reverse("repair", args=[row.pk]),
            ),
            Column(
                _("Station"),
                lambda row: row.station.name,
                "station",
                link=lambda row: reverse("station", args=[row.station_id]),
            ),
            *place_columns(),
            Column(_("Equipment"), lambda row: row.equipment and row.equipment.name, "equipment"),
            Column(_("State"), lambda row: row.get_state_display(), "state"),
            Column(_("Due on"), lambda row: row.due_on, "due", shown=_due_tag, sort=("due_on",)),
            Column(
                _("In whose hands"),
                lambda row: row.holder and row.holder.name,
                "holder",
                shown=lambda row: row.holder.name if row.holder else _tag("warn", _("nobody")),
            ),
            Column(_("Reported"), lambda row: row.reported_at, "reported", sort=("reported_at",)),
            Column(_("Closed on"), lambda row: row.done_on, "closed", default=False),
            Column(_("What was done"), lambda row: row.outcome, "outcome", default=False),
        ]


def _due_tag(row: Any) -> Any:
    late = (today() - row.due_on).days
    if not row.is_open or late <= 0:
        return row.due_on.isoformat()
    words = ngettext("%(n)d day overdue", "%(n)d days overdue", late) % {"n": late}
    return format_html("{} {}", row.due_on.isoformat(), _tag("bad", words))
