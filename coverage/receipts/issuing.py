"""Issuing receipts: one for each paper or file, with every figure on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from coverage.folding import lock_fold_state
from coverage.models import DefinitionVersion, Receipt, Report
from coverage.reading import AreaFigures, Coverage, coverage_of
from coverage.receipts import codes
from coverage.registry import INDICATORS, MEASURES
from grids.writing import keep
from jiaozuo_grid.addresses import public_address
from jiaozuo_grid.reach import SYSTEM, Actor, Delegated, OutOfReach, reach_of

# What a receipt is about, besides a measure or an indicator: an area with all its figures and
# those of what lies one level below, shown or printed (page) or archived as a file (report).
PAGE, REPORT = "page", "report"


@dataclass(frozen=True)
class Issued:
    """A receipt, and the figures that it vouches for: what is printed must be taken from here."""

    receipt: Receipt
    coverage: Coverage

    @property
    def code(self) -> str:
        """As it is printed."""
        return codes.shown(self.receipt.code)


@transaction.atomic
def issue(
    area_code: str,
    on: date,
    what: str,
    user: Actor,
    *,
    restated: bool = False,
    title: str = "",
    path: str = "",
) -> Issued:
    """A receipt together with the figures that it vouches for.

    Under the fold's lock, so that the moment to which it refers is that of the figures. Asking
    again while nothing was counted since gives the same receipt. Raises ``OutOfReach``.
    """
    if not reach_of(user).allows("view coverage", area_code):
        raise OutOfReach
    keys = measures_of(what)
    state = lock_fold_state()
    coverage = coverage_of(area_code, on, restated=restated)
    areas = [coverage.area, *(coverage.children if what in (PAGE, REPORT) else [])]
    values = {area.area_code: _values(area, keys) for area in areas}
    asked = {
        "area_code": area_code,
        "what": what,
        "on": on,
        "restated": restated,
        "known_at": state.folded_at,
        "title": title or _title(coverage, what),
        "path": path,
    }
    author = getattr(user, "pk", None)
    same = Receipt.objects.filter(**asked, issued_by=author).order_by("pk")
    receipt = next((row for row in same if row.values == values), None)
    if receipt is None:
        row = Receipt(
            **asked,
            code=codes.new_code(),
            values=values,
            definitions=_noted(what, keys),
            issued_by_id=author,
        )
        receipt = keep(Delegated(user), row, "issue receipt")
    return Issued(receipt, coverage)


def vouching(code: str, coverage: Coverage) -> Receipt | None:
    """The receipt of a page behind its code, if it says exactly these figures."""
    plain = codes.plain(code)
    if not codes.is_well_formed(plain):
        return None
    row = Receipt.objects.filter(
        code=plain,
        area_code=coverage.area.area_code,
        what=PAGE,
        on=coverage.on,
        restated=coverage.restated,
    ).first()
    if row is None:
        return None
    areas = (coverage.area, *coverage.children)
    said = {area.area_code: _values(area, measures_of(PAGE)) for area in areas}
    return row if row.values == said else None


def receipt_for(
    area_code: str,
    on: date,
    what: str,
    user: Actor,
    *,
    restated: bool = False,
    title: str = "",
    path: str = "",
) -> Receipt:
    """The receipt of a measure, an indicator, a page or a report; see ``issue``."""
    return issue(area_code, on, what, user, restated=restated, title=title, path=path).receipt


def vouch(
    report: Report, area: AreaFigures, children: Iterable[AreaFigures], known_at: datetime | None
) -> Receipt:
    """The receipt of a report whose figures are given (those of a sealed month are read nowhere
    else); whoever makes a report has asked for the right to it."""
    keys = measures_of(REPORT)
    row = Receipt(
        area_code=report.area_code,
        what=REPORT,
        on=report.on,
        known_at=known_at,
        title=report.title,
        path=report.get_absolute_url(),
        code=codes.new_code(),
        values={one.area_code: _values(one, keys) for one in (area, *children)},
        definitions=_noted(REPORT, keys),
        issued_by_id=report.made_by_id,
    )
    return keep(Delegated(report.made_by or SYSTEM), row, "issue receipt")


def measures_of(what: str) -> list[str]:
    """The measures of which a receipt keeps the figures."""
    if what in (PAGE, REPORT):
        return list(MEASURES)
    if what in MEASURES:
        return [what]
    indicator = INDICATORS[what]
    return list(dict.fromkeys((indicator.numerator, indicator.denominator)))


def _values(area: AreaFigures, keys: list[str]) -> dict[str, int | None]:
    return {key: area.figures[key].value for key in keys if key in area.figures}


def _title(coverage: Coverage, what: str) -> str:
    name = coverage.area.name
    if what in (PAGE, REPORT):
        return _("%(area)s: coverage") % {"area": name}
    return f"{name} · {(MEASURES.get(what) or INDICATORS[what]).name}"


def version_of(key: str) -> int:
    return int(getattr(MEASURES.get(key) or INDICATORS.get(key), "version", 1))


def _noted(what: str, measures: list[str]) -> dict[str, int]:
    """The versions of the definitions; their texts are kept, since the code forgets old ones."""
    keys = [*measures, *(INDICATORS if what in (PAGE, REPORT) else [])]
    if what in INDICATORS:
        keys.append(what)
    versions = {key: version_of(key) for key in keys}
    known = set(DefinitionVersion.objects.filter(key__in=keys).values_list("key", "version"))
    new = [
        DefinitionVersion(key=key, version=version, texts=_texts(key))
        for key, version in versions.items()
        if (key, version) not in known
    ]
    DefinitionVersion.objects.bulk_create(new, ignore_conflicts=True)
    return versions


def _texts(key: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    defined: Any = MEASURES.get(key) or INDICATORS[key]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = {
                name: str(getattr(defined, name, "")) for name in ("name", "definition", "unit")
            }
    return found


def address_of(receipt: Receipt, request: HttpRequest | None = None) -> str:
    """Where the code leads, for paper: at the configured site."""
    path = reverse("receipt", args=[receipt.code])
    return public_address(request, path) if request else f"{settings.PUBLIC_URL}{path}"


def drawing_of(receipt: Receipt, request: HttpRequest | None = None) -> SafeString:
    """The QR code as an SVG that stands in a page."""
    drawn = segno.make(address_of(receipt, request), error="m", micro=False)
    # Made of our own address, so that nothing in it needs escaping.
    return mark_safe(  # noqa: S308
        drawn.svg_inline(border=2, omitsize=True, svgclass="receipt-qr", lineclass=None)
    )
