"""The API of grids and hobby grids: the same scope and the same actions as the pages."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions
from grids.models import Grid, HobbyGrid, Sport
from jiaozuo_grid.area import is_area_code, validate_area_code


def _check_area(value: str) -> None:
    if not is_area_code(value):
        validate_area_code(value)
        raise ValidationError("not an area code")


class AreaFilterSet(django_filters.FilterSet):
    """``within``: at or below an area; ``on``: in force on a day (default: any time)."""

    within = django_filters.CharFilter(method="by_area", validators=[_check_area])
    on = django_filters.DateFilter(method="by_day")

    def by_area(self, rows: Any, _name: str, code: str) -> Any:
        return rows.within(code)

    def by_day(self, rows: Any, _name: str, day: Any) -> Any:
        return rows.on(day)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know, so that a misspelt one is never silently ignored."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if unknown := set(self.initial_data) - set(self.fields):
            raise serializers.ValidationError(
                {name: ["This field is not known, or cannot be changed."] for name in unknown}
            )
        return attrs


class GridOut(serializers.ModelSerializer[Grid]):
    class Meta:
        model = Grid
        fields = [
            "area_code",
            "name",
            "kind",
            "households",
            "population",
            "estimated",
            "started_on",
            "ended_on",
        ]


MOST = 10_000_000


class GridChange(StrictSerializer):
    name = serializers.CharField(max_length=50, required=False)
    households = serializers.IntegerField(
        min_value=0, max_value=MOST, required=False, allow_null=True
    )
    population = serializers.IntegerField(
        min_value=0, max_value=MOST, required=False, allow_null=True
    )


class GridIn(GridChange):
    village_code = serializers.CharField(validators=[_check_area])
    started_on = serializers.DateField(required=False)


class VillagesIn(StrictSerializer):
    villages = serializers.ListField(
        child=serializers.CharField(validators=[_check_area]), min_length=1, max_length=500
    )
    started_on = serializers.DateField(required=False)


class HobbyGridOut(serializers.ModelSerializer[HobbyGrid]):
    sport = serializers.SlugRelatedField[Sport](slug_field="code", read_only=True)

    class Meta:
        model = HobbyGrid
        fields = [
            "area_code",
            "name",
            "sport",
            "usual_place",
            "usual_days",
            "usual_start",
            "usual_minutes",
            "members_count",
            "started_on",
            "ended_on",
        ]


class HobbyGridChange(StrictSerializer):
    name = serializers.CharField(max_length=50, required=False)
    sport = serializers.SlugRelatedField[Sport](
        slug_field="code", queryset=Sport.objects.all(), required=False
    )
    usual_place = serializers.CharField(max_length=50, required=False, allow_blank=True)
    usual_days = serializers.RegexField(r"^[1-7]*$", max_length=7, required=False, allow_blank=True)
    usual_start = serializers.TimeField(required=False, allow_null=True)
    usual_minutes = serializers.IntegerField(
        min_value=1, max_value=24 * 60, required=False, allow_null=True
    )
    members_count = serializers.IntegerField(
        min_value=0, max_value=MOST, required=False, allow_null=True
    )


class HobbyGridIn(HobbyGridChange):
    parent_code = serializers.CharField(validators=[_check_area])
    sport = serializers.SlugRelatedField[Sport](slug_field="code", queryset=Sport.objects.all())
    started_on = serializers.DateField(required=False)


class AreaViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Rows the caller sees; what they do not see answers 404, as if it were not there."""

    lookup_field = "area_code"
    lookup_value_regex = r"[0-9]{15,17}"
    filterset_class = AreaFilterSet
    model: Any

    def get_queryset(self) -> Any:
        return self.model.objects.visible_to(self.request.user)

    def read(self, serializer: type[StrictSerializer], *, partial: bool = False) -> Any:
        """The request's body, checked."""
        body = serializer(data=self.request.data, partial=partial)
        body.is_valid(raise_exception=True)
        return body.validated_data

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(row, many=isinstance(row, list)).data, status=code)


class GridViewSet(AreaViewSet):
    model = Grid
    queryset = Grid.objects.none()
    serializer_class = GridOut

    @extend_schema(request=GridIn, responses={201: GridOut})
    def create(self, request: Request) -> Response:
        """Establish a grid in a village; the code is given."""
        body = self.read(GridIn)
        grid = actions.establish_grid(request.user, body.pop("village_code"), **body)
        return self.answer(grid, status.HTTP_201_CREATED)

    @extend_schema(request=VillagesIn, responses={201: GridOut(many=True)})
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def missing(self, request: Request) -> Response:
        """Establish the missing grids of several villages: all, or none when one is refused."""
        body = self.read(VillagesIn)
        grids = actions.establish_grids_of(request.user, body.pop("villages"), **body)
        return self.answer(grids, status.HTTP_201_CREATED)

    @extend_schema(request=GridChange, responses=GridOut)
    def partial_update(self, request: Request, area_code: str) -> Response:
        """Change name, households or population."""
        grid = self.get_object()
        return self.answer(
            actions.edit_grid(request.user, grid, **self.read(GridChange, partial=True))
        )


class HobbyGridViewSet(AreaViewSet):
    model = HobbyGrid
    queryset = HobbyGrid.objects.none()
    serializer_class = HobbyGridOut

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("sport")

    @extend_schema(request=HobbyGridIn, responses={201: HobbyGridOut})
    def create(self, request: Request) -> Response:
        """Form a hobby grid in a grid (15 digits) or for a village (12); the code is given."""
        body = self.read(HobbyGridIn)
        row = actions.form_hobby_grid(request.user, body.pop("parent_code"), **body)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=HobbyGridChange, responses=HobbyGridOut)
    def partial_update(self, request: Request, area_code: str) -> Response:
        """Change what it is called, does, and when and where it usually meets."""
        row = self.get_object()
        changes = self.read(HobbyGridChange, partial=True)
        return self.answer(actions.edit_hobby_grid(request.user, row, **changes))
