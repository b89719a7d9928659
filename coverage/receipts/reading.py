"""What a receipt says: the figures then, had again from the journal, and how they stand today."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language

from coverage.journal.then import figures_then
from coverage.listed import names_of
from coverage.models import DefinitionVersion, JournalOpening, Receipt
from coverage.reading import AreaFigures, Figure, Ratio
from coverage.receipts.issuing import version_of
from coverage.registry import INDICATORS, MEASURES
from coverage.shown import number, share, signed


@dataclass(frozen=True)
class Definition:
    """A definition as it was, and whether it is another one today."""

    key: str
    name: str
    text: str
    version: int
    changed: bool


@dataclass(frozen=True)
class FigureThen:
    """A figure of a receipt beside the same had again, and as it is known today."""

    key: str
    name: str
    unit: str
    stored: int | None
    again: int | None
    today: int | None
    reproducible: bool
    rows_url: str
    bridge_url: str

    @property
    def text(self) -> str:
        return number(self.stored)

    @property
    def today_text(self) -> str:
        return number(self.today)

    @property
    def is_same(self) -> bool:
        """Whether the journal gives again what was printed."""
        return self.reproducible and self.again == self.stored

    @property
    def difference(self) -> str:
        """How today's figure differs from that of the paper; empty where it does not."""
        if self.stored == self.today:
            return ""
        if self.stored is None or self.today is None:
            return "≠"
        return signed(self.today - self.stored)


class ReceiptReading:
    """A receipt read for somebody who may see its figures, one area of it at a time."""

    def __init__(self, receipt: Receipt, area_code: str = "") -> None:
        self.receipt = receipt
        self.area_code = area_code if area_code in receipt.values else receipt.area_code

    @property
    def query(self) -> dict[str, str]:
        asked = {"on": self.receipt.on.isoformat()}
        return {**asked, "map": "today"} if self.receipt.restated else asked

    @cached_property
    def areas(self) -> list[tuple[str, str]]:
        """(code, name) of every area on the paper."""
        codes = sorted(self.receipt.values)
        names = names_of(codes)
        return [(code, names.get(code, code)) for code in codes]

    @cached_property
    def again(self) -> AreaFigures | None:
        """The figures as they were known then, from what is known today."""
        if self.receipt.known_at is None:
            return None
        return self._figures(self.receipt.known_at)

    @cached_property
    def now(self) -> AreaFigures:
        return self._figures(timezone.now())

    def _figures(self, moment: Any) -> AreaFigures:
        codes = [self.area_code]
        return figures_then(codes, self.receipt.on, moment, restated=self.receipt.restated)[
            self.area_code
        ]

    @cached_property
    def figures(self) -> list[FigureThen]:
        stored = self.receipt.values.get(self.area_code, {})
        # In the order of the registry: a database may keep another one.
        return [self._figure(key, stored[key]) for key in MEASURES if key in stored]

    def _figure(self, key: str, value: int | None) -> FigureThen:
        args = [self.area_code, key]
        nothing = Figure(None)
        bridge = {"from": self.receipt.on.isoformat(), **self.query}
        if self.receipt.known_at is not None:
            bridge["since"] = self.receipt.known_at.isoformat()
        again = self.again.figures.get(key, nothing).value if self.again else None
        return FigureThen(
            key=key,
            name=str(MEASURES[key].name),
            unit=str(MEASURES[key].unit),
            stored=value,
            again=again,
            today=self.now.figures.get(key, nothing).value,
            reproducible=self.again is not None and key not in self._opened_later,
            rows_url=f"{reverse('coverage-rows', args=args)}?{urlencode(self.query)}",
            bridge_url=f"{reverse('coverage-bridge', args=args)}?{urlencode(bridge)}",
        )

    @cached_property
    def _opened_later(self) -> set[str]:
        """The measures whose journal was opened anew since: only the stored figure is left."""
        rows = JournalOpening.objects.filter(opened_at__gt=self.receipt.known_at)
        return set(rows.values_list("measure", flat=True))

    @property
    def ratio(self) -> tuple[str, str] | None:
        """The indicator itself, then and today, where the receipt is one's."""
        key = self.receipt.what
        if key not in INDICATORS:
            return None
        indicator = INDICATORS[key]
        stored = self.receipt.values[self.receipt.area_code]
        top, bottom = stored.get(indicator.numerator), stored.get(indicator.denominator)
        then = self.again.ratios.get(key) if self.again else None
        value = then.value if then else None
        if value is None and not then and top is not None and bottom:
            value = indicator.per * top / bottom
        today: Ratio | None = self.now.ratios.get(key)
        return share(value, indicator.per), share(today.value if today else None, indicator.per)

    @cached_property
    def definitions(self) -> list[Definition]:
        """How what stands on the paper was defined; of a whole page only what changed since."""
        versions = self.receipt.definitions
        whole = self.receipt.what not in MEASURES and self.receipt.what not in INDICATORS
        keys = [key for key in versions if not whole or versions[key] != _today(key)]
        rows = {
            (row.key, row.version): row for row in DefinitionVersion.objects.filter(key__in=keys)
        }
        found = []
        for key in keys:
            row = rows.get((key, versions[key]))
            if row is not None:
                texts = row.texts.get(get_language() or "") or next(iter(row.texts.values()))
                changed = versions[key] != _today(key)
                found.append(
                    Definition(key, texts["name"], texts["definition"], row.version, changed)
                )
        return found


def _today(key: str) -> int | None:
    return version_of(key) if key in MEASURES or key in INDICATORS else None
