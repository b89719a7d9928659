"""The kinds of sessions: logged, corrected, withdrawn, joined to one that stands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Person
from activities.actions import correct_session, join_session, log_session, withdraw_session
from activities.api import CorrectSerializer, LogSerializer, SessionSerializer, WithdrawSerializer
from activities.forms import AmendForm, LogForm, WithdrawForm
from activities.models import Session
from activities.outbox import amending
from activities.outbox.arrival import arrived
from activities.outbox.kinds import Kind, Sent, register


class LogBody(LogSerializer):
    """As at ``/api/v1/activities/``; the id stands beside the body."""

    id = None  # type: ignore[assignment]


class CorrectBody(CorrectSerializer):
    """What changes, and why; the version is asked for before."""

    version = None  # type: ignore[assignment]


class WithdrawBody(WithdrawSerializer):
    version = None  # type: ignore[assignment]


class JoinBody(serializers.Serializer[Session]):
    """``instead`` is the id of the record that was not stored."""

    instead = serializers.UUIDField()
    participants = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, allow_null=True, default=None
    )


def _log(sent: Sent) -> tuple[Session, bool]:
    return log_session(sent.user, id=sent.id, clock=sent.clock, **sent.values)


def _correct(sent: Sent, row: Session) -> Session:
    return correct_session(
        sent.user, row, version=sent.version or 1, submission=sent.id, **sent.values
    )


def _withdraw(sent: Sent, row: Session) -> Session:
    return withdraw_session(
        sent.user, row, version=sent.version or 1, submission=sent.id, **sent.values
    )


def _join(sent: Sent, row: Session) -> Session:
    row = join_session(sent.user, row, **sent.values)
    arrived(sent.values["instead"])
    amending.refuse_of(sent.user, sent.values["instead"], "joined")
    return row


def _of_a_session(key: str, title: Any, **how: Any) -> Kind:
    return Kind(key=f"session/{key}", title=title, model=Session, shown=SessionSerializer, **how)


register(
    _of_a_session(
        "log",
        _("Log a session"),
        body=LogBody,
        create=_log,
        form=lambda: LogForm(leaders=Person.objects.none()),
    )
)
register(
    _of_a_session(
        "correct",
        _("Correct a session"),
        body=CorrectBody,
        amend=_correct,
        form=lambda: AmendForm(leaders=Person.objects.none()),
    )
)
register(
    _of_a_session(
        "withdraw", _("Withdraw a session"), body=WithdrawBody, amend=_withdraw, form=WithdrawForm
    )
)
register(
    _of_a_session(
        "join",
        _("Join the record that stands"),
        body=JoinBody,
        amend=_join,
        chained=False,
    )
)
