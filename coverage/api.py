"""The coverage API: the same figures as the pages, from the same reading."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coverage.forms import DayForm
from coverage.reading import coverage_of
from grids.tree import area_at
from jiaozuo_grid.reach import reach_of


class FigureSerializer(serializers.Serializer[Any]):
    value = serializers.IntegerField(allow_null=True, help_text="null: no data, never 0.")
    known = serializers.IntegerField(allow_null=True, help_text="In how many villages it is known.")
    of = serializers.IntegerField(allow_null=True, help_text="How many villages there are.")


class RatioSerializer(serializers.Serializer[Any]):
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True, help_text="null where a part is not known.")
    target = serializers.FloatField(allow_null=True)


class AreaFiguresSerializer(serializers.Serializer[Any]):
    area_code = serializers.CharField()
    name = serializers.CharField()
    figures = serializers.DictField(child=FigureSerializer(), help_text="By measure key.")
    ratios = serializers.DictField(child=RatioSerializer(), help_text="By indicator key.")


class TrendPointSerializer(serializers.Serializer[Any]):
    month = serializers.DateField()
    values = serializers.DictField(child=serializers.IntegerField(allow_null=True))


class GapCountSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)


class CoverageSerializer(serializers.Serializer[Any]):
    area = AreaFiguresSerializer()
    children = AreaFiguresSerializer(many=True)
    path = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2),
        help_text="[area code, name] from the city down; only what the user may see.",
    )
    trend = TrendPointSerializer(many=True)
    gaps = GapCountSerializer(many=True)
    on = serializers.DateField()
    restated = serializers.BooleanField(help_text="Whether the past is read on today's map.")
    folded_at = serializers.DateTimeField(allow_null=True)
    waiting = serializers.BooleanField(help_text="Whether changes wait that are not counted yet.")


class CoverageView(APIView):
    """The coverage of an area, its children, its trend and its gaps, as of a day."""

    @extend_schema(
        parameters=[
            OpenApiParameter("on", OpenApiTypes.DATE, description="As of this day; empty: today."),
            OpenApiParameter(
                "map",
                OpenApiTypes.STR,
                enum=["reported", "today"],
                description="On which map rows of the past count: as it was when they were "
                "reported (the default), or as it is today (restated).",
            ),
        ],
        responses=CoverageSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        reach = reach_of(request.user)
        if not reach.allows("view coverage", code) or area_at(code) is None:
            raise Http404
        form = DayForm(request.query_params)
        if not form.is_valid():
            raise serializers.ValidationError(form.errors.get_json_data())
        chosen = request.query_params.get("map", "reported")
        if chosen not in ("reported", "today"):
            raise serializers.ValidationError({"map": _("Choose reported or today.")})
        restated = chosen == "today"
        answer = asdict(coverage_of(code, form.cleaned_data["on"], restated=restated))
        answer["path"] = [list(step) for step in answer["path"]]
        return Response(CoverageSerializer(answer).data)
