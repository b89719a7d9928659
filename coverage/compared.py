"""The children of an area side by side: the sortable table, and the same figures for the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coverage.cards import group_of
from coverage.reading import AreaFigures, AsOf, Coverage
from coverage.registry import INDICATORS, MEASURES
from coverage.registry.kinds import GROUP_NAMES
from coverage.shown import Shown, address, not_here, shown_figure, shown_share, values_of
from jiaozuo_grid.lasting import today


@dataclass(frozen=True)
class Heading:
    """A column's heading: a link that sorts by it, and how the table is sorted now."""

    key: str
    name: str
    title: str
    url: str
    order: str = ""


@dataclass(frozen=True)
class Line:
    """An area and its figures in the order of the columns."""

    code: str
    name: str
    url: str
    cells: list[Shown]


@dataclass(frozen=True)
class Tab:
    """A group of columns: a link that shows them."""

    key: str
    name: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Table:
    tabs: list[Tab]
    indicators: list[Heading]
    measures: list[Heading]
    by_name: Heading
    lines: list[Line]
    total: Line
    sort: str
    group: str


def _keys(registry: dict[str, Any], areas: list[AreaFigures], part: str) -> list[str]:
    """The keys that at least one of the areas has a figure for, in the registry's order."""
    present = {key for area in areas for key in getattr(area, part)}
    return [key for key in registry if key in present]


def line_of(area: AreaFigures, keys: list[str], asked: AsOf, *, as_counts: bool) -> Line:
    def cell(key: str) -> Shown:
        if key in area.ratios:
            return shown_share(area, key, asked, as_counts=as_counts)
        if key in area.figures:
            return shown_figure(area.area_code, key, area.figures[key], asked)
        return not_here(key)

    url = address("coverage", asked, area.area_code)
    return Line(area.area_code, area.name, url, [cell(key) for key in keys])


def _sorter(key: str) -> Callable[[AreaFigures], Any]:
    if key == "name":
        return lambda area: area.area_code
    return lambda area: values_of(area).get(key)


def sort_children(children: list[AreaFigures], sort: str) -> list[AreaFigures]:
    """By a column, "-" before its key for the largest first; what is not known comes last."""
    by = _sorter(sort.removeprefix("-"))
    known = [child for child in children if by(child) is not None]
    unknown = [child for child in children if by(child) is None]
    return sorted(known, key=by, reverse=sort.startswith("-")) + unknown


def _heading(key: str, name: Any, title: Any, sort: str, query: dict[str, str]) -> Heading:
    # The first click shows where most is to be done: the lowest share, the largest number.
    first, other = (key, f"-{key}") if key in INDICATORS or key == "name" else (f"-{key}", key)
    wanted = other if sort == first else first
    order = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    url = "?" + urlencode({**query, "sort": wanted}) + "#children"
    return Heading(key, str(name), str(title), url, order)


def _tabs(keys: list[str], chosen: str, asked: AsOf) -> list[Tab]:
    """All indicators together, and each group of which there is something."""
    present = {group_of(key).value for key in keys}
    names = {"": _("Indicators"), **{g.value: str(name) for g, name in GROUP_NAMES.items()}}
    return [
        Tab(
            key,
            name,
            "?" + urlencode({**asked.query(), **({"group": key} if key else {})}) + "#children",
            key == chosen,
        )
        for key, name in names.items()
        if not key or key in present
    ]


def _chosen_group(group: str, sort: str, keys: list[str]) -> str:
    """The group asked for; else that of the measure by which is sorted; else all indicators."""
    if group in {group_of(key).value for key in keys}:
        return group
    key = sort.removeprefix("-")
    return group_of(key).value if key in keys and key in MEASURES else ""


def table_of(coverage: Coverage, sort: str, *, as_counts: bool, group: str = "") -> Table:
    """The children as a table, of all indicators or of one group of the registry.

    A sort or a group that does not exist is taken for none.
    """
    indicators = _keys(INDICATORS, coverage.children, "ratios")
    measures = _keys(MEASURES, coverage.children, "figures")
    chosen = _chosen_group(group, sort, [*indicators, *measures])
    tabs = _tabs([*indicators, *measures], chosen, coverage.asked)
    measures = [key for key in measures if group_of(key).value == chosen]
    if chosen:
        indicators = [key for key in indicators if group_of(key).value == chosen]
    keys = [*indicators, *measures]
    if sort.removeprefix("-") not in {*keys, "name"}:
        sort = "name"
    asked = coverage.asked
    query = {**asked.query(), **({"group": chosen} if chosen else {})}
    return Table(
        tabs=tabs,
        indicators=[
            _heading(key, INDICATORS[key].name, INDICATORS[key].definition, sort, query)
            for key in indicators
        ],
        measures=[
            _heading(key, MEASURES[key].name, MEASURES[key].definition, sort, query)
            for key in measures
        ],
        by_name=_heading("name", _("area"), "", sort, query),
        lines=[
            line_of(child, keys, asked, as_counts=as_counts)
            for child in sort_children(coverage.children, sort)
        ],
        total=line_of(coverage.area, keys, asked, as_counts=as_counts),
        sort=sort,
        group=chosen,
    )


def _is_share(key: str) -> bool:
    return key in INDICATORS and INDICATORS[key].per == 1 and not INDICATORS[key].daily


def chart_data(coverage: Coverage, table: Table, outlines_url: str) -> dict[str, Any]:
    """What the map and the trend draw; the tables on the page hold the same."""
    headings = [*table.indicators, *table.measures]
    return {
        "outlines": outlines_url,
        "columns": [
            {
                "key": heading.key,
                "name": heading.name,
                "share": _is_share(heading.key),
                "target": heading.key in INDICATORS
                and coverage.area.ratios[heading.key].target is not None,
            }
            for heading in headings
        ],
        "children": [
            {
                "code": line.code,
                "name": line.name,
                "url": line.url,
                "values": {cell.key: cell.value for cell in line.cells},
                "texts": {cell.key: cell.text for cell in line.cells},
            }
            for line in table.lines
        ],
        "months": [f"{point.month:%Y-%m}" for point in coverage.trend],
        "sessions": [point.values.get("sessions") for point in coverage.trend],
        "participants": [point.values.get("participants") for point in coverage.trend],
        "running": bool(coverage.trend) and coverage.trend[-1].month == today().replace(day=1),
        "words": {
            "noData": _("no data"),
            "sessions": pgettext("trend", "Sessions"),
            "participants": pgettext("trend", "Participants"),
            "schematic": _("Schematic map, not boundaries"),
            "withoutOutline": _("Areas without a known outline stand in the table only."),
        },
    }
