"""The API of divisions and of their outlines, both read only."""

from __future__ import annotations

import hashlib
import json

import django_filters
from django.http import Http404, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grids.api import AreaFilterSet
from grids.divisions.outlines import outlines_below
from grids.models import Division
from grids.querysets import DivisionQuerySet
from jiaozuo_grid.area import Level, is_area_code, parent_code
from jiaozuo_grid.lasting import today

LEVELS = {
    "city": Level.CITY,
    "county": Level.COUNTY,
    "township": Level.TOWNSHIP,
    "village": Level.VILLAGE,
}
_NAMES = {digits: name for name, digits in LEVELS.items()}


class DivisionSerializer(serializers.ModelSerializer[Division]):
    level = serializers.SerializerMethodField()
    parent_code = serializers.SerializerMethodField()
    official_code = serializers.CharField(read_only=True)
    is_community = serializers.BooleanField(read_only=True)

    class Meta:
        model = Division
        fields = [
            "area_code",
            "official_code",
            "name",
            "level",
            "parent_code",
            "is_community",
            "urban_rural_class",
            "longitude",
            "latitude",
            "started_on",
            "ended_on",
        ]

    @extend_schema_field({"type": "string", "enum": list(LEVELS)})
    def get_level(self, division: Division) -> str:
        return _NAMES[division.level]

    def get_parent_code(self, division: Division) -> str | None:
        return parent_code(division.area_code)


class DivisionFilter(AreaFilterSet):
    """Besides ``within`` and ``on``: ``level``, and ``name``, a part of the name."""

    level = django_filters.ChoiceFilter(
        method="of_level", choices=[(name, digits.label) for name, digits in LEVELS.items()]
    )
    name = django_filters.CharFilter(lookup_expr="icontains", max_length=50)

    def of_level(self, rows: DivisionQuerySet, _name: str, value: str) -> DivisionQuerySet:
        return rows.filter(digits=LEVELS[value])


class DivisionList(ListAPIView[Division]):
    """Divisions at, below and above the user's areas, in order of code.

    Without ``on`` the ended ones are listed too; ``ended_on`` tells.
    """

    serializer_class = DivisionSerializer
    filterset_class = DivisionFilter
    queryset = Division.objects.none()

    def get_queryset(self) -> DivisionQuerySet:
        return Division.objects.visible_to(self.request.user)


class GeoJSONRenderer(JSONRenderer):
    media_type = "application/geo+json"
    format = "geojson"


class OutlineList(APIView):
    """The outlines of an area's children as a GeoJSON FeatureCollection, for the map.

    Only children that the user may see, and of which an outline is known. Answers carry an ETag:
    a browser keeps the outlines and asks only whether they have changed.
    """

    renderer_classes = [GeoJSONRenderer, JSONRenderer]

    @extend_schema(responses={(200, "application/geo+json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, code: str) -> HttpResponseBase:
        visible = Division.objects.visible_to(request.user).on(today())
        if not is_area_code(code) or not visible.filter(area_code=code).exists():
            raise Http404
        collection = outlines_below(request.user, code)
        digest = hashlib.sha256(json.dumps(collection).encode()).hexdigest()[:32]
        response = get_conditional_response(request._request, etag=quote_etag(digest))
        if response is None:
            response = Response(collection)
        response["ETag"] = quote_etag(digest)
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Cookie"])
        return response
