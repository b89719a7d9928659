"""What users do with instructors: each a transaction that checks authority, writes, and records."""

from instructors.actions.certificates import Grant, grant_certificate, revoke_certificate
from instructors.actions.courses import edit_course, enrol, open_course, record_results
from instructors.actions.entering import (
    edit_instructor,
    end_instructor,
    enter_instructor,
    resume_instructor,
)
from instructors.actions.ground import Outcome
from instructors.actions.promotions import (
    approve,
    approve_many,
    nominate,
    nominate_many,
    refuse,
    verify,
    verify_many,
    withdraw,
)
from instructors.actions.registrations import register_many, register_year
from instructors.actions.services import enter_service, withdraw_service

__all__ = [
    "Grant",
    "Outcome",
    "approve",
    "approve_many",
    "edit_course",
    "edit_instructor",
    "end_instructor",
    "enrol",
    "enter_instructor",
    "enter_service",
    "grant_certificate",
    "nominate",
    "nominate_many",
    "open_course",
    "record_results",
    "refuse",
    "register_many",
    "register_year",
    "resume_instructor",
    "revoke_certificate",
    "verify",
    "verify_many",
    "withdraw",
    "withdraw_service",
]
