"""The coverage API: the figures of an area and of what lies one level below, as of a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coverage.api_shared import MAP, ON, UnlessUnchanged, properties
from coverage.reading import AreaFigures, coverage_of
from coverage.registry import INDICATORS, MEASURES
from jiaozuo_grid.area import Level

HEADER = "code name level on computed_at kind key label unit value numerator denominator target"


class _Measures(serializers.Serializer[Any]):
    """By key of the data dictionary. null: not known, never 0. A measure that means nothing at the
    level of the area (a single grid has no number of villages) is left out."""


Measures = type("Measures", (_Measures,), properties(MEASURES, serializers.FloatField))


class IndicatorSerializer(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=list(INDICATORS))
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(
        allow_null=True, help_text="Per one, 1,000 or 10,000 as defined; null: not known."
    )
    target = serializers.FloatField(allow_null=True, help_text="In the unit of the value.")


class ChildSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    measures = Measures()


class CoverageSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(choices=[level.name.lower() for level in Level])
    on = serializers.DateField()
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the figures were last brought up to date."
    )
    measures = Measures()
    indicators = IndicatorSerializer(many=True)
    children = ChildSerializer(many=True)


def _measures(area: AreaFigures) -> dict[str, Any]:
    return {key: figure.value for key, figure in area.figures.items()}


class CoverageView(UnlessUnchanged):
    """The figures of an area and of what lies one level below it, as of a day.

    With ``Accept: text/csv`` a table with a line for each area and key.
    """

    @extend_schema(parameters=[ON, MAP], responses=CoverageSerializer)
    def get(self, request: Request, code: str) -> Any:
        return super().get(request, code)

    def answer(self) -> Any:
        coverage = coverage_of(self.code, self.asked.day, restated=self.asked.restated)
        if self.wants_csv:
            areas = [coverage.area, *coverage.children]
            lines = (line for area in areas for line in self._lines(area))
            return self.table(f"coverage-{self.code}-{self.asked.day}", HEADER.split(), lines)
        return Response(
            {
                "code": self.code,
                "name": coverage.area.name,
                "level": self.area.level.name.lower(),
                "on": f"{self.asked.day:%Y-%m-%d}",
                "computed_at": self.computed_at,
                "measures": _measures(coverage.area),
                "indicators": [
                    {
                        "key": key,
                        "numerator": ratio.numerator,
                        "denominator": ratio.denominator,
                        "value": ratio.value,
                        "target": ratio.target,
                    }
                    for key, ratio in coverage.area.ratios.items()
                ],
                "children": [
                    {"code": child.area_code, "name": child.name, "measures": _measures(child)}
                    for child in coverage.children
                ],
            }
        )

    def _lines(self, area: AreaFigures) -> Iterator[list[Any]]:
        level = Level(len(area.area_code)).name.lower()
        day = f"{self.asked.day:%Y-%m-%d}"
        where = [area.area_code, area.name, level, day, self.computed_at]
        for key, figure in area.figures.items():
            measure = MEASURES[key]
            said = [key, str(measure.name), str(measure.unit)]
            yield [*where, "measure", *said, figure.value, None, None, None]
        for key, ratio in area.ratios.items():
            said = [key, str(INDICATORS[key].name), f"/{INDICATORS[key].per}"]
            parts = [ratio.value, ratio.numerator, ratio.denominator, ratio.target]
            yield [*where, "indicator", *said, *parts]
