"""The kinds of lectures and events: logged, withdrawn."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from activities.actions import log_event, log_lecture, withdraw_gathering
from activities.api_gatherings import (
    EventBody,
    EventSerializer,
    LectureBody,
    LectureSerializer,
    ReasonBody,
)
from activities.gatherings.forms import LogEventForm, LogLectureForm
from activities.models import Event, Lecture
from activities.outbox.kinds import Kind, Sent, register


def _log_lecture(sent: Sent) -> tuple[Lecture, bool]:
    return log_lecture(sent.user, id=sent.id, **sent.values)


def _log_event(sent: Sent) -> tuple[Event, bool]:
    return log_event(sent.user, id=sent.id, **sent.values)


def _withdraw(sent: Sent, row: Any) -> Any:
    version = row.version if sent.version is None else sent.version
    return withdraw_gathering(sent.user, row, version=version, reason=sent.values["reason"])


register(
    Kind(
        key="lecture/log",
        title=_("Write down a lecture"),
        model=Lecture,
        body=LectureBody,
        shown=LectureSerializer,
        create=_log_lecture,
        form=LogLectureForm,
    )
)
register(
    Kind(
        key="event/log",
        title=_("Write down an event"),
        model=Event,
        body=EventBody,
        shown=EventSerializer,
        create=_log_event,
        form=LogEventForm,
    )
)
register(
    Kind(
        key="lecture/withdraw",
        title=_("Withdraw a lecture"),
        model=Lecture,
        body=ReasonBody,
        shown=LectureSerializer,
        amend=_withdraw,
    )
)
register(
    Kind(
        key="event/withdraw",
        title=_("Withdraw an event"),
        model=Event,
        body=ReasonBody,
        shown=EventSerializer,
        amend=_withdraw,
    )
)
