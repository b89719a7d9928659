"""What was held, what is to be held, and what phones say of it."""

from activities.models.checkin import CheckIn
from activities.models.gatherings import Event, EventKind, Lecture
from activities.models.outbox import PhotoUpload, Submission, SubmissionState, WaitingRecord
from activities.models.review import FlagRule, FlagState, SessionFlag
from activities.models.schedule import CalledOff, Holidays, Reason, Schedule
from activities.models.session import Held, Session, SessionJoin, SessionRevision

__all__ = [
    "CalledOff",
    "CheckIn",
    "Event",
    "EventKind",
    "FlagRule",
    "FlagState",
    "Held",
    "Holidays",
    "Lecture",
    "PhotoUpload",
    "Reason",
    "Schedule",
    "Session",
    "SessionFlag",
    "SessionJoin",
    "SessionRevision",
    "Submission",
    "SubmissionState",
    "WaitingRecord",
]
