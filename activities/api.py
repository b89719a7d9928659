"""The API of sessions: the same actions as the pages, idempotent on the id made on the phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from activities.actions import (
    SessionConflict,
    correct_session,
    log_session,
    withdraw_session,
)
from activities.actions.ground import entry_today, lost_by_a_move
from activities.api_filters import SessionApiFilter
from activities.keyset import NewestFirst
from activities.models import Session
from activities.outbox.amending import came_otherwise
from activities.plausibility import TOO_LONG, existing
from activities.reading import leaders_of
from grids.lineage import code_on
from jiaozuo_grid.api import explain
from jiaozuo_grid.area import is_area_code, validate_area_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of


@extend_schema_field(OpenApiTypes.INT)
class Leaders(serializers.PrimaryKeyRelatedField):
    """Somebody whom the user may see or who may have led; others are as if they did not exist."""

    def get_queryset(self) -> Any:
        return self._of(self.context["area_code"])

    def _of(self, area_code: str) -> Any:
        user = self.context["user"]
        seen: Any = Person.objects.visible_to(user)
        if not self._may_log_at(area_code):
            return seen
        return seen | Person.objects.filter(pk__in=leaders_of(area_code, user))

    def _may_log_at(self, area_code: str) -> bool:
        """Today or on a day of the session; who leads elsewhere is not the user's to know."""
        days = {today(), self.context.get("held_on") or today()}
        with suppress(TypeError, ValueError):
            days.add(date.fromisoformat(self.parent.initial_data.get("held_on")))
        user = self.context["user"]
        return any(
            reach_of(user, day).allows("log", area_code) or lost_by_a_move(user, area_code, day)
            for day in sorted(days, reverse=True)
        )

    def to_internal_value(self, data: Any) -> Any:
        try:
            found = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if error.get_codes() != ["does_not_exist"]:
                raise
            found = self._since(data)
            if found is None:
                raise
        return found.merged_into or found

    def _since(self, data: Any) -> Any:
        """Since it was filled in, the hobby grid may have moved, and its posts with it; or the
        entry was merged into another, which has the posts now.
        """
        code = self.context["area_code"]
        codes = {code, code_on(code, today())} if is_area_code(code) else {code}
        key = entry_today(data)
        reached = (self._of(one).filter(pk=key).first() for one in sorted(codes))
        return next((person for person in reached if person is not None), None)


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
    minutes = serializers.IntegerField(
        min_value=1, max_value=24 * 60, error_messages={"max_value": TOO_LONG}
    )
    participants = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    place = serializers.CharField(max_length=50, required=False, allow_blank=True, default="")
    led_by = Leaders(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class CorrectSerializer(serializers.Serializer[Session]):
    """What changes, the version that was seen, and why."""

    version = serializers.IntegerField(min_value=1, max_value=2**15 - 1)
    reason = serializers.CharField(max_length=200)
    held_on = serializers.DateField(required=False)
    start_time = serializers.TimeField(required=False)
    minutes = serializers.IntegerField(
        required=False, min_value=1, max_value=24 * 60, error_messages={"max_value": TOO_LONG}
    )
    participants = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    place = serializers.CharField(max_length=50, required=False, allow_blank=True)
    led_by = Leaders(required=False, allow_null=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class WithdrawSerializer(serializers.Serializer[Session]):
    version = serializers.IntegerField(min_value=1, max_value=2**15 - 1)
    reason = serializers.CharField(max_length=200)


class ConflictSerializer(serializers.Serializer[Any]):
    """``fields`` names what differs from what is stored, which stands."""

    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


CONFLICT = OpenApiResponse(
    ConflictSerializer,
    description="The id was used with another body, or the version is not the newest: `fields` "
    "names what differs. What was stored first stands.",
)
REFUSED = OpenApiResponse(
    OpenApiTypes.OBJECT,
    description="What cannot be, by field. Where the session overlaps one that is logged already, "
    "`existing` is that one's id.",
)


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
        responses={201: SessionSerializer, 200: SessionSerializer, 400: REFUSED, 409: CONFLICT},
    )
    def create(self, request: Request) -> Response:
        """Log a session. 201: logged; 200: it was logged before, by this id and with this body."""
        body: Any = request.data
        code = str(body.get("area_code", "")) if isinstance(body, Mapping) else ""
        asked = self._asked(LogSerializer, code)
        created = False

        def log() -> Session:
            nonlocal created
            session, created = log_session(request.user, **asked)
            if created:
                came_otherwise(session.pk)
            return session

        answer = _answer(request.user, log)
        if created:
            answer.status_code = status.HTTP_201_CREATED
        return answer

    @extend_schema(
        request=CorrectSerializer, responses={200: SessionSerializer, 400: REFUSED, 409: CONFLICT}
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: Any = None) -> Response:
        """Change what a session says; what it said before stays readable."""
        return self._amend(CorrectSerializer, correct_session)

    @extend_schema(
        request=WithdrawSerializer, responses={200: SessionSerializer, 400: REFUSED, 409: CONFLICT}
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: Any = None) -> Response:
        """Take a session back: it stays readable and counts no more."""
        return self._amend(WithdrawSerializer, withdraw_session)

    def _amend(self, serializer: Any, amend: Any) -> Response:
        session = self.get_object()
        asked = self._asked(serializer, session.area_code, session.held_on)
        user = self.request.user
        return _answer(user, lambda: amend(user, session, **asked))

    def _asked(self, serializer: Any, area_code: str, held_on: date | None = None) -> Any:
        context = {"user": self.request.user, "area_code": area_code, "held_on": held_on}
        asked = serializer(data=self.request.data, context=context)
        asked.is_valid(raise_exception=True)
        return asked.validated_data


def _answer(user: Any, act: Callable[[], Session]) -> Response:
    """What the action gives, or why it did not: 409 for a conflict, 400 with the fields.

    The session that is logged already is named to those who may see it.
    """
    try:
        return Response(SessionSerializer(act()).data)
    except SessionConflict as error:
        return Response({"fields": error.fields}, status=status.HTTP_409_CONFLICT)
    except ValidationError as error:
        refused = explain(error, {})
        stored = existing(error)
        if refused is None or stored is None:
            raise
        if not Session.objects.visible_to(user).filter(pk=stored).exists():
            return refused
        return Response({**refused.data, "existing": stored}, status=refused.status_code)
