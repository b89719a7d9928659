"""What users do with what was held: one function a verb, each one transaction."""

from activities.actions.called_off import call_off, hold_after_all
from activities.actions.gatherings import (
    correct_gathering,
    log_event,
    log_lecture,
    withdraw_gathering,
)
from activities.actions.ground import SessionConflict, is_late, may_amend
from activities.actions.joining import join_session
from activities.actions.photos import add_photo
from activities.actions.schedules import change_schedule, end_schedule, set_schedule
from activities.actions.sessions import (
    BODY,
    CORRECTABLE,
    correct_session,
    log_session,
    withdraw_session,
)
from activities.actions.waiting import discard_waiting, dismiss_waiting

__all__ = [
    "BODY",
    "CORRECTABLE",
    "SessionConflict",
    "add_photo",
    "call_off",
    "change_schedule",
    "correct_gathering",
    "correct_session",
    "discard_waiting",
    "dismiss_waiting",
    "end_schedule",
    "hold_after_all",
    "is_late",
    "join_session",
    "log_event",
    "log_lecture",
    "log_session",
    "may_amend",
    "set_schedule",
    "withdraw_gathering",
    "withdraw_session",
]
