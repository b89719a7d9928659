"""``manage.py data_dictionary``: the figures as the registry declares them, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from coverage.registry import (
    DIRECTION_NAMES,
    GAPS,
    GROUP_NAMES,
    INDICATORS,
    MEASURES,
    Group,
    Indicator,
    Measure,
)

HEAD = """# Data dictionary

Written by `manage.py data_dictionary` from `coverage/registry.py`; a test compares the two. The
same stands on the page `/coverage/definitions/`. What is not known is `null` (无数据), never 0.
"""


def both(text: Any) -> str:
    """A text in Chinese and in English."""
    with translation.override("zh-hans"):
        chinese = str(text)
    with translation.override("en"):
        return f"{chinese}<br>{text}"


def _of_measure(measure: Measure) -> str:
    counted = f"sum of `{measure.amount}`" if measure.amount else "rows"
    cells = [
        f"`{measure.key}`",
        both(measure.name),
        both(measure.unit),
        both(measure.definition),
        counted,
        str(measure.kind),
        both(measure.source),
        both(DIRECTION_NAMES[measure.direction]),
        both(measure.small_rule()),
        str(measure.version),
    ]
    return f"| {' | '.join(cells)} |"


def _of_indicator(indicator: Indicator) -> str:
    factor = f"{indicator.per:,} × " if indicator.per != 1 else ""
    days = " ÷ days" if indicator.daily else ""
    published = [f"{both(whose)}: {value:g}" for value, whose in indicator.references]
    cells = [
        f"`{indicator.key}`",
        both(indicator.name),
        both(indicator.definition),
        f"{factor}`{indicator.numerator}` ÷ `{indicator.denominator}`{days}",
        "<br>".join([str(indicator.target), *published]),
        both(DIRECTION_NAMES[indicator.direction]),
        both(indicator.small_rule()),
        str(indicator.version),
    ]
    return f"| {' | '.join(cells)} |"


def _versions(things: Iterable[Measure | Indicator]) -> Iterator[str]:
    yield "\n## Versions of definitions\n"
    yield "A definition that is changed gets a new number; figures of before keep the old one.\n"
    yield "| key | version | since | change |"
    yield "|---|---|---|---|"
    for thing in things:
        for version in thing.versions[1:]:
            change = both(version.change)
            yield f"| `{thing.key}` | {version.number} | {version.since} | {change} |"


def dictionary() -> Iterator[str]:
    yield HEAD
    yield "## Measures"
    for group in Group:
        yield f"\n### {both(GROUP_NAMES[group]).replace('<br>', ' · ')}\n"
        yield (
            "| key | name | unit | definition | counts | kind | source | direction "
            "| small numbers | version |"
        )
        yield "|---|---|---|---|---|---|---|---|---|---|"
        for measure in MEASURES.values():
            if measure.group is group:
                yield _of_measure(measure)
    yield "\n## Indicators\n"
    yield "| key | name | definition | formula | target | direction | small numbers | version |"
    yield "|---|---|---|---|---|---|---|---|"
    for indicator in INDICATORS.values():
        yield _of_indicator(indicator)
    yield "\n## Gaps\n"
    yield "| key | name | remedy | size |"
    yield "|---|---|---|---|"
    for gap in GAPS.values():
        size = f"`{gap.whole}` − `{gap.part}`"
        yield f"| `{gap.key}` | {both(gap.name)} | {both(gap.remedy)} | {size} |"
    yield from _versions([*MEASURES.values(), *INDICATORS.values()])


class Command(BaseCommand):
    help = "Print docs/data-dictionary.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(dictionary()))
