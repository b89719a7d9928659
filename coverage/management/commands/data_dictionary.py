"""``manage.py data_dictionary``: the figures as the registry declares them, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from coverage.registry import GAPS, INDICATORS, MEASURES

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


def dictionary() -> Iterator[str]:
    yield HEAD
    yield "## Measures\n"
    yield "| key | name | definition | counts | kind |"
    yield "|---|---|---|---|---|"
    for measure in MEASURES.values():
        counted = f"sum of `{measure.amount}`" if measure.amount else "rows"
        yield (
            f"| `{measure.key}` | {both(measure.name)} | {both(measure.definition)} "
            f"| {counted} | {measure.kind} |"
        )
    yield "\n## Indicators\n"
    yield "| key | name | definition | formula | target |"
    yield "|---|---|---|---|---|"
    for indicator in INDICATORS.values():
        factor = f"{indicator.per:,} × " if indicator.per != 1 else ""
        yield (
            f"| `{indicator.key}` | {both(indicator.name)} | {both(indicator.definition)} "
            f"| {factor}`{indicator.numerator}` ÷ `{indicator.denominator}` | {indicator.target} |"
        )
    yield "\n## Gaps\n"
    yield "| key | name | remedy | size |"
    yield "|---|---|---|---|"
    for gap in GAPS.values():
        size = f"`{gap.whole}` − `{gap.part}`"
        yield f"| `{gap.key}` | {both(gap.name)} | {both(gap.remedy)} | {size} |"


class Command(BaseCommand):
    help = "Print docs/data-dictionary.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(dictionary()))
