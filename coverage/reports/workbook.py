"""A report as a workbook: figures once, everything that follows from them as formulas."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.utils.translation import gettext as _

from coverage.models.reports import ReportKind
from coverage.reports.form_sheet import write_form
from coverage.reports.months_sheet import write_months
from coverage.reports.sheets import Book, Page
from coverage.reports.words import facts, key_of_lights, lights, state_words
from coverage.shown import floored

# Where figures stand on the page of figures, by measure: what formulas refer to.
Places = dict[str, str]


def write_workbook(content: dict[str, Any], target: IO[bytes]) -> None:
    # What a page holds while it is written lies in files, which go even if the writing fails.
    with tempfile.TemporaryDirectory() as folder:
        book = Book(target, content, folder)
        if content["kind"] == ReportKind.FORM:
            write_form(book)
        else:
            _write_report(book)
        book.close()


def _write_report(book: Book) -> None:
    content = book.content
    summary = book.page(_("Report"), [34, 26, 26, 14, 14, 16])
    # The summary's formulas point to the page of figures, whose lines are known beforehand.
    places = {
        measure["key"]: f"'{_('Figures')}'!$C${line}"
        for line, measure in enumerate(content["measures"], FIRST_FIGURE + 1)
    }
    _write_summary(summary, places)
    _write_figures(book)
    if content["children"]:
        _write_children(book, places)
    write_months(book)
    _write_gaps(book)
    if content["appendix"]:
        _write_appendix(book)
    _write_definitions(book)


def _write_summary(page: Page, places: Places) -> None:
    book, content = page.book, page.book.content
    page.title()
    for name, text in facts(content):
        page.put(0, name, book.strong)
        page.put(1, text)
        page.row += 1
    page.row += 1
    page.say(_("Indicators"), book.heading)
    heads = [_("Indicator"), _("Numerator"), _("Denominator"), _("Value"), _("Target"), _("State")]
    page.heads(heads, 1, 20)
    values = {measure["key"]: measure for measure in content["measures"]}
    for indicator in content["indicators"]:
        _write_indicator(page, indicator, values, places)
    page.row += 1
    page.say(key_of_lights())


def _write_indicator(
    page: Page, indicator: dict[str, Any], values: dict[str, Any], places: Places
) -> None:
    book, row = page.book, page.row + 1
    page.put(0, indicator["name"])
    for column, key in ((1, indicator["numerator"]), (2, indicator["denominator"])):
        value = values[key]["value"]
        page.formula(column, f"={places[key]}", value)
    format = book.share if indicator["share"] else book.rate
    value, per = indicator["value"], indicator["per"]
    exact = repr(value) if indicator["daily"] else f"{per}*B{row}/C{row}"
    if value is None:
        # Where a part is unknown the ratio is too, whatever the other part says.
        page.put(3, None)
        exact = f"D{row}"
    else:
        # As on the pages: rounded down, so that only the whole reads 100 %.
        places_shown = 3 if per == 1 else 2
        rounded = f"=ROUNDDOWN({exact}+1E-9,{places_shown})"
        page.formula(3, rounded, floored(value, per), format)
    if indicator["target"] is None:
        page.put(4, "—", book.unknown)
    else:
        page.put(4, indicator["target"], format)
    page.formula(
        5, _state_formula(exact, row, indicator), state_words(indicator["state"]), book.text
    )
    page.row += 1


def _state_formula(value: str, row: int, indicator: dict[str, Any]) -> str:
    """The light as a formula of the exact value and the target, by the rule of the pages."""
    met, close, short, unknown, untargeted = (
        state_words(state) for state in ("met", "close", "short", "unknown", "untargeted")
    )
    target = f"E{row}"
    reached = f"{value}<={target}" if indicator["less"] else f"{value}>={target}"
    near = f"0.9*{value}<={target}" if indicator["less"] else f"{value}>=0.9*{target}"
    return (
        f'=IF(NOT(ISNUMBER({value})),"{unknown}",IF(NOT(ISNUMBER({target})),"{untargeted}",'
        f'IF({reached},"{met}",IF({near},"{close}","{short}"))))'
    )


# On the page of figures: title, a line of explanation, an empty one, the heads.
FIRST_FIGURE = 4


def _write_figures(book: Book) -> None:
    page = book.page(_("Figures"), [22, 40, 16, 12, 30, 26], repeat=3)
    page.title()
    page.say(
        _("As of %(day)s; figures of the month are of the calendar month of that day.")
        % {"day": book.content["on"]}
    )
    page.row += 1
    page.heads([_("Group"), _("Count"), _("Number"), _("Unit"), _("Known"), _("Key")], 2, 20)
    for measure in book.content["measures"]:
        page.put(0, measure["group"])
        page.put(1, measure["name"])
        page.put(2, measure["value"])
        page.put(3, measure["unit"])
        page.put(4, known_text(measure))
        page.put(5, measure["key"])
        page.row += 1


def known_text(measure: dict[str, Any]) -> str:
    if measure["known"] is None or measure["of"] is None or measure["known"] >= measure["of"]:
        return ""
    return _("known in %(known)s of %(of)s villages") % {
        "known": f"{measure['known']:,}",
        "of": f"{measure['of']:,}",
    }


def _write_children(book: Book, places: Places) -> None:
    """A column a measure; the totals are formulas, and so is what stands at the area itself."""
    content = book.content
    keys = [
        measure
        for measure in content["measures"]
        if any(measure["key"] in child["measures"] for child in content["children"])
    ]
    page = book.page(_("Areas below"), [20, *[11] * len(keys)], landscape=True, repeat=2)
    page.title()
    page.row += 1
    page.heads([_("Area"), *(measure["name"] for measure in keys)], height=48)
    first = page.row
    for child in content["children"]:
        page.put(0, child["name"])
        for column, measure in enumerate(keys, 1):
            _put_if_there(page, column, child["measures"], measure["key"])
        page.row += 1
    last = page.row - 1
    _write_totals(page, keys, places, first, last)
    _write_child_ratios(page, content)
    _chart_children(page, keys, first, last)


def _put_if_there(page: Page, column: int, values: dict[str, Any], key: str) -> None:
    if key in values:
        page.put(column, values[key])
    else:
        page.put(column, "—", page.book.unknown)


def _write_totals(
    page: Page, keys: list[dict[str, Any]], places: Places, first: int, last: int
) -> None:
    book, children = page.book, page.book.content["children"]
    sums: list[int | None] = []
    page.put(0, _("Sum of the areas"), book.strong)
    for column, measure in enumerate(keys, 1):
        known = [child["measures"].get(measure["key"]) for child in children]
        total = sum(value for value in known if value is not None)
        adds_up = measure["adds_up"] and any(value is not None for value in known)
        sums.append(total if adds_up else None)
        if adds_up:
            page.formula(column, f"=SUM({page.span(column, first, last)})", total, book.total)
        else:
            page.put(column, "—", book.unknown)
    page.row += 1
    page.put(0, page.book.content["area"]["name"], book.strong)
    for column, measure in enumerate(keys, 1):
        page.formula(column, f"={places[measure['key']]}", measure["value"], book.total)
    page.row += 1
    page.put(0, _("At the area itself"), book.text)
    for column, (measure, total) in enumerate(zip(keys, sums, strict=True), 1):
        if total is None or measure["value"] is None:
            page.put(column, "—", book.unknown)
            continue
        letter = page.span(column, page.row, page.row).split(":")[0].rstrip("0123456789")
        formula = f"={letter}{page.row}-{letter}{page.row - 1}"
        page.formula(column, formula, measure["value"] - total)
    page.row += 1


def _write_child_ratios(page: Page, content: dict[str, Any]) -> None:
    """Indicators by area; a light and its word go with each value."""
    book = page.book
    shown = [
        indicator
        for indicator in content["indicators"]
        if any(indicator["key"] in child["ratios"] for child in content["children"])
    ]
    page.row += 1
    page.say(_("Indicators"), book.heading)
    page.heads([_("Area"), *(indicator["name"] for indicator in shown)], height=48)
    for child in content["children"]:
        page.put(0, child["name"])
        for column, indicator in enumerate(shown, 1):
            value, _target, state = child["ratios"].get(indicator["key"], [None, None, ""])
            format = book.share if indicator["share"] else book.rate
            if value is None:
                page.put(column, None)
            else:
                page.put(column, floored(value, indicator["per"]), lit(book, format, state))
        page.row += 1


def lit(book: Book, format: Any, state: str) -> Any:
    """The format with the light before the number, so that it can be read in black and white."""
    light = lights(state)
    known = book.__dict__.setdefault("lit_formats", {})
    key = (id(format), light)
    if key not in known:
        pattern = "0.0%" if format is book.share else "#,##0.00"
        known[key] = book.book.add_format(
            {
                "font_name": "Microsoft YaHei",
                "font_size": 10,
                "valign": "vcenter",
                "border": 1,
                "border_color": "#9AA7B4",
                "num_format": f'"{light} "{pattern}',
            }
        )
    return known[key]


def _chart_children(page: Page, keys: list[dict[str, Any]], first: int, last: int) -> None:
    column = next((n for n, one in enumerate(keys, 1) if one["key"] == "sessions"), 0)
    if not column or last < first:
        return
    chart = page.book.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": [page.name, first - 1, column],
            "categories": [page.name, first, 0, last, 0],
            "values": [page.name, first, column, last, column],
            "fill": {"color": "#0A4F8F"},
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": keys[column - 1]["name"], "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 720, "height": 60 + 26 * (last - first + 1)})
    page.sheet.insert_chart(page.row + 1, 0, chart)


def _write_gaps(book: Book) -> None:
    content = book.content
    names = [child["name"] for child in content["children"]]
    page = book.page(_("What needs doing"), [34, 12, 50, *[10] * len(names)], landscape=True)
    page.title()
    page.row += 1
    page.heads([_("Gap"), _("Number"), _("What to do"), *names], 1, 34)
    for gap in content["gaps"]:
        page.put(0, gap["name"])
        page.put(1, gap["count"])
        page.put(2, gap["remedy"])
        for column, count in enumerate(gap["children"], 3):
            page.put(column, count)
        page.row += 1


def _write_appendix(book: Book) -> None:
    """Every village and community, a line each."""
    content = book.content
    deep = {key for _c, _n, _w, figures in content["appendix"] for key in figures}
    keys = [measure for measure in content["measures"] if measure["key"] in deep]
    widths = [16, 18, 28, *[11] * len(keys)]
    page = book.page(_("Villages"), widths, landscape=True, repeat=2)
    page.title()
    page.row += 1
    heads = [_("Code"), _("Village or community"), _("Where"), *(one["name"] for one in keys)]
    page.heads(heads, 3, 48)
    first = page.row
    for code, name, where, figures in content["appendix"]:
        page.put(0, code)
        page.put(1, name)
        page.put(2, where)
        for column, measure in enumerate(keys, 3):
            _put_if_there(page, column, figures, measure["key"])
        page.row += 1
    last = page.row - 1
    page.put(0, _("Sum of the villages"), book.strong)
    page.put(1, "")
    page.put(2, "")
    for column, measure in enumerate(keys, 3):
        values = [figures.get(measure["key"]) for _c, _n, _w, figures in content["appendix"]]
        total = sum(value for value in values if value is not None)
        if measure["adds_up"] and any(value is not None for value in values):
            page.formula(column, f"=SUM({page.span(column, first, last)})", total, book.total)
        else:
            page.put(column, "—", book.unknown)
    page.sheet.autofilter(first - 1, 0, last, 2 + len(keys))


def _write_definitions(book: Book) -> None:
    content = book.content
    page = book.page(_("Definitions"), [30, 70, 14, 26], repeat=2)
    page.title()
    page.row += 1
    page.heads([_("Name"), _("Definition"), _("Unit"), _("Key")], 4, 20)
    for one in (*content["indicators"], *content["measures"]):
        page.put(0, one["name"])
        page.put(1, one["definition"], book.wrapped)
        page.put(2, one.get("unit", ""))
        page.put(3, one["key"])
        page.row += 1
