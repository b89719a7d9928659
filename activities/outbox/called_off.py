"""The kinds about meetings that do not take place: called off, held after all."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from activities.actions import call_off, hold_after_all
from activities.calendar.forms import CallOffForm
from activities.models import CalledOff, Reason
from activities.outbox.kinds import Kind, Sent, register
from jiaozuo_grid.area import validate_area_code


class CalledOffSerializer(serializers.ModelSerializer[CalledOff]):
    class Meta:
        model = CalledOff
        fields: ClassVar[list[str]] = [
            "id",
            "area_code",
            "held_on",
            "start_time",
            "reason",
            "logged_at",
            "withdrawn_at",
        ]


class CalledOffBody(serializers.Serializer[Any]):
    """Which meeting does not take place, and why; the id stands beside it."""

    area_code = serializers.CharField(max_length=17, validators=[validate_area_code])
    held_on = serializers.DateField()
    start_time = serializers.TimeField()
    reason = serializers.ChoiceField(choices=Reason.choices, required=False, default=Reason.OTHER)


class NoBody(serializers.Serializer[Any]):
    """Nothing but which row is meant."""


def _call_off(sent: Sent) -> tuple[CalledOff, bool]:
    return call_off(sent.user, id=sent.id, **sent.values)


def _hold_after_all(sent: Sent, row: CalledOff) -> CalledOff:
    return hold_after_all(sent.user, row)


register(
    Kind(
        key="session/called-off",
        title=_("Not held"),
        model=CalledOff,
        body=CalledOffBody,
        shown=CalledOffSerializer,
        create=_call_off,
        form=CallOffForm,
    )
)
register(
    Kind(
        key="session/held-after-all",
        title=_("Held after all"),
        model=CalledOff,
        body=NoBody,
        shown=CalledOffSerializer,
        amend=_hold_after_all,
        chained=False,
    )
)
