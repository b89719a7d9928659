"""The API of lectures and events: for reading; what phones send has its serializers here too."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.utils.dateparse import parse_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from accounts.models import Person
from activities.actions.ground import entry_today
from activities.api_filters import SessionApiFilter
from activities.gatherings.reading import may_speak
from activities.keyset import NewestFirst
from activities.models import Event, EventKind, Lecture
from activities.plausibility import TOO_LONG
from jiaozuo_grid.area import validate_area_code

_HELD = ["id", "area_code", "held_on", "start_time", "minutes", "participants", "place", "note"]
_KEPT = ["version", "logged_at", "withdrawn_at"]


class LectureSerializer(serializers.ModelSerializer[Lecture]):
    class Meta:
        model = Lecture
        fields: ClassVar[list[str]] = [*_HELD, "topic", "speaker", "guest", *_KEPT]


class EventSerializer(serializers.ModelSerializer[Event]):
    class Meta:
        model = Event
        fields: ClassVar[list[str]] = [*_HELD, "title", "event_kind", *_KEPT]


class HeldBody(serializers.Serializer[Any]):
    """What a phone sends of a lecture or an event; the id stands beside it."""

    area_code = serializers.CharField(max_length=17, validators=[validate_area_code])
    held_on = serializers.DateField()
    start_time = serializers.TimeField()
    minutes = serializers.IntegerField(
        min_value=1, max_value=24 * 60, error_messages={"max_value": TOO_LONG}
    )
    participants = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    place = serializers.CharField(max_length=50, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


@extend_schema_field(OpenApiTypes.INT)
class Speaker(serializers.PrimaryKeyRelatedField):
    """Somebody whom the user sees, or saw on the day; others are as if they did not exist."""

    def get_queryset(self) -> Any:
        sent: Any = getattr(self.root, "initial_data", None)
        day = _day(sent.get("held_on")) if isinstance(sent, dict) else None
        return may_speak(self.context["user"], day)

    def to_internal_value(self, data: Any) -> Person:
        try:
            person: Person = super().to_internal_value(data)
        except serializers.ValidationError as error:
            # What let the user know the entry went to the one that it was merged into since.
            if error.get_codes() != ["does_not_exist"]:
                raise
            kept: Person | None = self.get_queryset().filter(pk=entry_today(data)).first()
            if kept is None:
                raise
            return kept
        return person.merged_into or person


def _day(sent: Any) -> date | None:
    try:
        return parse_date(sent) if isinstance(sent, str) else None
    except ValueError:
        return None


class LectureBody(HeldBody):
    topic = serializers.CharField(max_length=100)
    speaker = Speaker(required=False, allow_null=True, default=None)
    guest = serializers.CharField(max_length=50, required=False, allow_blank=True, default="")


class EventBody(HeldBody):
    title = serializers.CharField(max_length=100)
    event_kind = serializers.ChoiceField(
        choices=EventKind.choices, required=False, default=EventKind.OTHER
    )


class ReasonBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)


class LectureApiFilter(SessionApiFilter):
    class Meta:
        model = Lecture
        fields: list[str] = []


class EventApiFilter(SessionApiFilter):
    kind = django_filters.ChoiceFilter(field_name="event_kind", choices=EventKind.choices)

    class Meta:
        model = Event
        fields: list[str] = []


class LectureViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Lecture]
):
    """Lectures in the user's reach, newest first."""

    serializer_class = LectureSerializer
    pagination_class = NewestFirst
    filterset_class = LectureApiFilter
    queryset = Lecture.objects.none()
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        return Lecture.objects.visible_to(self.request.user)


class EventViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Event]
):
    """Events in the user's reach, newest first."""

    serializer_class = EventSerializer
    pagination_class = NewestFirst
    filterset_class = EventApiFilter
    queryset = Event.objects.none()
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        return Event.objects.visible_to(self.request.user)
