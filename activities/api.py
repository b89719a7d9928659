"""The API of sessions: the same actions as the pages, idempotent on the id made on the phone."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from activities.actions import (
    SessionConflict,
    correct_session,
    log_session,
    withdraw_session,
)
from activities.api_filters import SessionApiFilter
from activities.models import Session
from jiaozuo_grid.area import validate_area_code


class NewestFirst(CursorPagination):
    """Pages of sessions by day and time, newest first, without counting."""

    ordering = ("-held_on", "-start_time", "id")
    page_size_query_param = "page_size"
    max_page_size = 500


class VisiblePeople(serializers.PrimaryKeyRelatedField):
    """Somebody whom the user may see, or the user; others are as if they did not exist."""

    def get_queryset(self) -> Any:
        user = self.context["request"].user
        return Person.objects.visible_to(user) | Person.objects.filter(pk=user.person_id)


class SessionSerializer(serializers.ModelSerializer[Session]):
    class Meta:
        model = Session
        fields: ClassVar[list[str]] = [
            "id",
            "area_code",
            "held_on",
            "start_time",
            "minutes",
            "participants",
            "place",
            "led_by",
            "note",
            "version",
            "logged_at",
            "withdrawn_at",
        ]


class LogSerializer(serializers.Serializer[Session]):
    """A new session; ``id`` is a UUID made by the sender, so that a resend is known."""

    id = serializers.UUIDField()
    area_code = serializers.CharField(max_length=17, validators=[validate_area_code])
    held_on = serializers.DateField()
    start_time = serializers.TimeField()
    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60)
    participants = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    place = serializers.CharField(max_length=50, required=False, allow_blank=True, default="")
    led_by = VisiblePeople(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class CorrectSerializer(serializers.Serializer[Session]):
    """What changes, the version that was seen, and why."""

    version = serializers.IntegerField(min_value=1, max_value=2**15 - 1)
    reason = serializers.CharField(max_length=200)
    held_on = serializers.DateField(required=False)
    start_time = serializers.TimeField(required=False)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=24 * 60)
    participants = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    place = serializers.CharField(max_length=50, required=False, allow_blank=True)
    led_by = VisiblePeople(required=False, allow_null=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class WithdrawSerializer(serializers.Serializer[Session]):
    version = serializers.IntegerField(min_value=1, max_value=2**15 - 1)
    reason = serializers.CharField(max_length=200)


CONFLICT = OpenApiResponse(
    description="The id was used with another body, or the version is not the newest; "
    "`fields` names what differs. What was stored first stands."
)


def _conflict(error: SessionConflict) -> Response:
    return Response({"fields": error.fields}, status=status.HTTP_409_CONFLICT)


class SessionViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Session]
):
    """Sessions in the user's reach."""

    serializer_class = SessionSerializer
    pagination_class = NewestFirst
    filterset_class = SessionApiFilter
    queryset = Session.objects.none()
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        return Session.objects.visible_to(self.request.user)

    @extend_schema(
        request=LogSerializer,
        responses={201: SessionSerializer, 200: SessionSerializer, 409: CONFLICT},
    )
    def create(self, request: Request) -> Response:
        asked = LogSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        try:
            session, created = log_session(request.user, **asked.validated_data)
        except SessionConflict as error:
            return _conflict(error)
        return Response(
            SessionSerializer(session).data,
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        )

    @extend_schema(request=CorrectSerializer, responses={200: SessionSerializer, 409: CONFLICT})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: Any = None) -> Response:
        return self._amend(CorrectSerializer, correct_session)

    @extend_schema(request=WithdrawSerializer, responses={200: SessionSerializer, 409: CONFLICT})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: Any = None) -> Response:
        return self._amend(WithdrawSerializer, withdraw_session)

    def _amend(self, serializer: Any, amend: Any) -> Response:
        session = self.get_object()
        asked = serializer(data=self.request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        try:
            session = amend(self.request.user, session, **asked.validated_data)
        except SessionConflict as error:
            return _conflict(error)
        return Response(SessionSerializer(session).data)
