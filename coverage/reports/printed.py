"""A report as PDF: title block, indicators with lights, figures, trends, areas, gaps, meanings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import IO, Any

from django.utils.translation import gettext as _

from coverage.models.reports import ReportKind
from coverage.reports.charts import HEIGHT, Series, chart
from coverage.reports.form_sheet import own_value
from coverage.reports.months_sheet import CHARTED
from coverage.reports.paper import Column, Paper
from coverage.reports.words import (
    count_text,
    facts,
    key_of_lights,
    lights,
    state_words,
    target_text,
    value_text,
)

# So many columns of figures stand beside the names of areas.
AT_ONCE = 6


def write_pdf(content: dict[str, Any], target: IO[bytes]) -> None:
    paper = Paper(content)
    paper.title_block(facts(content))
    sections = _form_sections if content["kind"] == ReportKind.FORM else _sections
    sections(paper, content)
    _sign_here(paper)
    target.write(bytes(paper.output()))


def _numbered() -> Iterator[str]:
    """一、二、三、… or 1., 2., 3., …: as the language numbers sections."""
    yield from (_("1."), _("2."), _("3."), _("4."), _("5."), _("6."), _("7."))


def _sections(paper: Paper, content: dict[str, Any]) -> None:
    number = _numbered()
    paper.section(f"{next(number)}{_('Indicators')}")
    _indicators(paper, content)
    paper.section(f"{next(number)}{_('Figures')}")
    _figures(paper, content)
    paper.section(f"{next(number)}{_('Month by month')}", HEIGHT + 20)
    _trends(paper, content)
    if content["kind"] == ReportKind.YEARLY:
        _year(paper, content)
    if content["children"]:
        paper.section(f"{next(number)}{_('Areas below')}")
        _children(paper, content)
    paper.section(f"{next(number)}{_('What needs doing')}")
    _gaps(paper, content)
    paper.section(f"{next(number)}{_('What the figures mean')}")
    _definitions(paper, content)


def _indicators(paper: Paper, content: dict[str, Any]) -> None:
    values = {measure["key"]: measure for measure in content["measures"]}
    columns = [
        Column(_("Indicator"), 30),
        Column(_("Numerator"), 14, number=True),
        Column(_("Denominator"), 14, number=True),
        Column(_("Value"), 12, number=True),
        Column(_("Target"), 11, number=True),
        Column(_("State"), 17),
    ]
    rows = [
        [
            one["name"],
            count_text(values[one["numerator"]]["value"]),
            count_text(values[one["denominator"]]["value"]),
            value_text(one, one["value"]),
            target_text(one, one["target"]),
            state_words(one["state"]),
        ]
        for one in content["indicators"]
    ]
    paper.grid(columns, rows)
    paper.say(key_of_lights(), 8)


def _figures(paper: Paper, content: dict[str, Any]) -> None:
    """Two counts a line, by group."""
    columns = [
        Column(_("Count"), 30),
        Column(_("Number"), 18, number=True),
        Column(_("Count"), 30),
        Column(_("Number"), 18, number=True),
    ]
    for group, members in groupby(content["measures"], key=lambda one: one["group"]):
        cells = [[one["name"], _with_unit(one)] for one in members]
        if len(cells) % 2:
            cells.append(["", ""])
        paper.subsection(group)
        paper.grid(
            columns, [[*one, *two] for one, two in zip(cells[::2], cells[1::2], strict=True)]
        )


def _with_unit(measure: dict[str, Any]) -> str:
    if measure["value"] is None:
        return _("no data")
    partly = measure["known"] is not None and measure["of"] and measure["known"] < measure["of"]
    note = f" ({measure['known']:,}/{measure['of']:,})" if partly else ""
    return f"{measure['value']:,} {measure['unit']}{note}"


def _trends(paper: Paper, content: dict[str, Any]) -> None:
    months = content["months"]
    labels = [day[2:7] for day in months["days"]]
    charts = [
        Series(one["name"], labels, months["measures"][one["key"]], one["flow"])
        for one in content["measures"]
        if one["key"] in CHARTED and one["key"] in months["measures"]
    ]
    width = (paper.epw - 6) / 2
    for left, right in zip(charts[::2], [*charts[1::2], None], strict=False):
        if paper.will_page_break(HEIGHT + 4):
            paper.add_page()
        y = paper.get_y()
        chart(paper, left, paper.l_margin, y, width)
        if right:
            chart(paper, right, paper.l_margin + width + 6, y, width)
        paper.set_xy(paper.l_margin, y + HEIGHT + 2)


def _year(paper: Paper, content: dict[str, Any]) -> None:
    """What happened in the year: its months and their sum."""
    months = content["months"]
    flows = [one for one in content["measures"] if one["flow"] and one["key"] in months["measures"]]
    for part in _parts(flows, AT_ONCE):
        columns = [Column(_("Month"), 12), *(Column(one["name"], 12, number=True) for one in part)]
        series = [months["measures"][one["key"]] for one in part]
        rows = [
            [day[:7], *(count_text(values[n]) for values in series)]
            for n, day in enumerate(months["days"])
        ]
        totals = [
            count_text(sum(values)) if one["adds_up"] and None not in values else "—"
            for one, values in zip(part, series, strict=True)
        ]
        paper.grid(columns, [*rows, [_("The year"), *totals]], 8)


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _children(paper: Paper, content: dict[str, Any]) -> None:
    """First the indicators with their lights, then the counts, a few columns at a time."""
    children = content["children"]
    shown = [
        one for one in content["indicators"] if any(one["key"] in c["ratios"] for c in children)
    ]
    for part in _parts(shown, AT_ONCE):
        columns = [Column(_("Area"), 15), *(Column(one["name"], 12, number=True) for one in part)]
        rows = [
            [c["name"], *(_lit(one, c["ratios"].get(one["key"])) for one in part)] for c in children
        ]
        paper.grid(columns, rows, 8)
    measures = [
        one for one in content["measures"] if any(one["key"] in c["measures"] for c in children)
    ]
    for part in _parts(measures, AT_ONCE):
        columns = [Column(_("Area"), 15), *(Column(one["name"], 12, number=True) for one in part)]
        rows = [[c["name"], *(_count(c["measures"], one["key"]) for one in part)] for c in children]
        rows.append([content["area"]["name"], *(count_text(one["value"]) for one in part)])
        paper.grid(columns, rows, 8)


def _lit(indicator: dict[str, Any], ratio: list[Any] | None) -> str:
    if ratio is None:
        return "—"
    value, _target, state = ratio
    return f"{lights(state)} {value_text(indicator, value)}"


def _count(values: dict[str, Any], key: str) -> str:
    return count_text(values[key]) if key in values else "—"


def _gaps(paper: Paper, content: dict[str, Any]) -> None:
    columns = [
        Column(_("Gap"), 26),
        Column(_("Number"), 10, number=True),
        Column(_("What to do"), 50),
    ]
    rows = [[gap["name"], count_text(gap["count"]), gap["remedy"]] for gap in content["gaps"]]
    paper.grid(columns, rows)


def _definitions(paper: Paper, content: dict[str, Any]) -> None:
    columns = [Column(_("Name"), 22), Column(_("Definition"), 66)]
    rows = [
        [one["name"], one["definition"]] for one in (*content["indicators"], *content["measures"])
    ]
    paper.grid(columns, rows, 8)
    paper.say(
        _(
            "What is not known is never shown as nought: it reads “no data”, and a sum says in "
            "how many villages it is known."
        ),
        8,
    )


def _form_sections(paper: Paper, content: dict[str, Any]) -> None:
    form = content["form"]
    for group, members in groupby(enumerate(form["columns"]), key=lambda pair: pair[1]["group"]):
        paper.subsection(group)
        for part in _parts(list(members), AT_ONCE):
            columns = [Column(_("Area"), 16)]
            columns += [
                Column(f"{one['name']}{'' if one['sure'] else ' *'}", 12, number=True)
                for _n, one in part
            ]
            rows = [
                [line["name"], *(count_text(line["values"][n]) for n, _one in part)]
                for line in form["lines"]
            ]
            own = [count_text(own_value(form, n, form["total"][n])) for n, _one in part]
            rows.append([form["own_name"], *own])
            rows.append([_("Total"), *(count_text(form["total"][n]) for n, _one in part)])
            paper.grid(columns, rows)
    for note in form["notes"]:
        paper.say(note, 8.5)


def _sign_here(paper: Paper) -> None:
    """Where the office signs and puts its seal."""
    if paper.will_page_break(24):
        paper.add_page()
    paper.ln(8)
    paper.set_font("sans", size=9.5)
    width = paper.epw / 3
    for text in (_("Person in charge:"), _("Compiled by:"), _("Office (seal):")):
        paper.cell(width, 7, text)
    paper.ln(9)
