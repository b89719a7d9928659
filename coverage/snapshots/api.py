"""The months of an area as they were reported, through the API."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coverage.api_shared import AreaView
from coverage.models import Snapshot
from coverage.snapshots.counting import unpacked, unpacked_ratio
from coverage.snapshots.reading import edition_shown, months_of


class EditionSerializer(serializers.Serializer[Any]):
    month = serializers.CharField(help_text="As 2026-10.")
    edition = serializers.IntegerField()
    frozen_at = serializers.DateTimeField()
    reason = serializers.CharField(help_text="Why there is another edition; empty for the first.")
    digest = serializers.CharField()
    signed_by = serializers.CharField(allow_null=True, help_text="null: not signed.")
    signed_at = serializers.DateTimeField(allow_null=True)


class SnapshotListSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    months = EditionSerializer(many=True, help_text="The newest edition of each month.")


class ReportedRatioSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True, help_text="The target then in force.")


class MonthSerializer(EditionSerializer):
    code = serializers.CharField()
    name = serializers.CharField(help_text="As it was called then.")
    definitions = serializers.DictField(
        child=serializers.IntegerField(), help_text="Which definition of each key was in use."
    )
    measures = serializers.DictField(
        child=serializers.IntegerField(allow_null=True), help_text="As reported; null: no data."
    )
    restated = serializers.DictField(
        child=serializers.IntegerField(allow_null=True),
        help_text="The same figures as they are known today, on the map of then.",
    )
    indicators = ReportedRatioSerializer(many=True)


def _edition(snapshot: Snapshot) -> dict[str, Any]:
    signature = getattr(snapshot, "signature", None)
    return {
        "month": f"{snapshot.month:%Y-%m}",
        "edition": snapshot.number,
        "frozen_at": snapshot.frozen_at,
        "reason": snapshot.reason,
        "digest": snapshot.digest,
        "signed_by": signature.name if signature else None,
        "signed_at": signature.signed_at if signature else None,
    }


class SnapshotListView(AreaView):
    """Of which months there are reported figures of the area."""

    @extend_schema(operation_id="coverage_snapshots_list", responses=SnapshotListSerializer)
    def get(self, request: Request, code: str) -> Response:
        months = [_edition(snapshot) for snapshot in months_of(code)]
        answer = {"code": code, "name": self.area.name, "months": months}
        return Response(SnapshotListSerializer(answer).data)


class SnapshotMonthView(AreaView):
    """A month as it was reported, beside what is known of it today."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"\d{4}-\d{2}"
            ),
            OpenApiParameter("edition", OpenApiTypes.INT, description="Empty: the newest."),
        ],
        responses=MonthSerializer,
    )
    def get(self, request: Request, code: str, month: str) -> Response:
        found = edition_shown(code, month, request.query_params.get("edition", ""))
        if found is None:
            raise Http404
        measures = {key: unpacked(stored).value for key, stored in found.row.figures.items()}
        indicators = [
            {
                "key": key,
                "numerator": ratio.numerator,
                "denominator": ratio.denominator,
                "value": ratio.value,
                "target": ratio.target,
            }
            for key, stored in found.row.ratios.items()
            for ratio in [unpacked_ratio(stored)]
        ]
        answer = {
            **_edition(found.snapshot),
            "code": code,
            "name": found.row.name,
            "definitions": found.snapshot.versions,
            "measures": measures,
            "restated": {line.key: line.now.value for line in found.differences},
            "indicators": indicators,
        }
        return Response(MonthSerializer(answer).data)
