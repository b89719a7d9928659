"""Asking the rules after a session was written, and keeping the flags in step with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.models import FlagRule, FlagState, Session, SessionFlag
from activities.review import clock, crowd, many_a_day, same_count, same_photo
from activities.review.thresholds import values
from activities.review.verdicts import Stood, Values, Verdicts, Written, stood
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.reach import SYSTEM

RULES: dict[str, Callable[[Written, Values], Verdicts]] = {
    FlagRule.SAME_PHOTO: same_photo.judge,
    FlagRule.SAME_COUNT: same_count.judge,
    FlagRule.MANY_A_DAY: many_a_day.judge,
    FlagRule.CROWD: crowd.judge,
    FlagRule.CLOCK: clock.judge,
}
# What a flag is about: the session and the rule.
Doubt = tuple[UUID, str]


def look(session: Session, before: Stood | None = None) -> None:
    """Judge a session that was just written, in its transaction; ``before``: what it was.

    The system does it, not the writer: a leader neither sees flags nor may change them.
    """
    written = Written(session, stood(session), before)
    if written.now == before:
        return
    numbers = values()
    answers = {
        (key, str(rule)): details
        for rule, judge in RULES.items()
        for key, details in judge(written, numbers).items()
    }
    if before is None and all(_nothing(session, *answer) for answer in answers.items()):
        # It is new, so no flag of it can be open.
        return
    _settle(answers)


def _nothing(session: Session, doubt: Doubt, seen: dict[str, Any] | None) -> bool:
    return seen is None and doubt[0] == session.pk


def _settle(answers: dict[Doubt, dict[str, Any] | None]) -> None:
    """Raise, renew and close flags, so that they say what the rules say.

    Locked in the order of their keys, as an officer who decides does it: neither overwrites the
    other, nor waits for the other in a circle.
    """
    about = SessionFlag.objects.filter(session__in={key for key, _rule in answers})
    flags = {
        (flag.session_id, flag.rule): flag for flag in about.select_for_update().order_by("pk")
    }
    doubted = {doubt: seen for doubt, seen in answers.items() if seen is not None}
    _raise([(doubt, seen) for doubt, seen in sorted(doubted.items()) if doubt not in flags])
    renewed = [
        _renewed(flags[doubt], seen)
        for doubt, seen in doubted.items()
        if doubt in flags and _asks_anew(flags[doubt], seen)
    ]
    keep_changed(SYSTEM, renewed, [*DECIDED, "details"], "doubt")
    gone = [
        _closed(flag)
        for doubt, flag in flags.items()
        if doubt in answers and doubt not in doubted and flag.state == FlagState.OPEN
    ]
    keep_changed(SYSTEM, gone, DECIDED, "drop doubt")


DECIDED = ["state", "decided_by", "decided_at", "remark"]


def _raise(new: Iterable[tuple[Doubt, dict[str, Any]]]) -> None:
    asked = dict(new)
    if not asked:
        return
    sessions = Session.objects.in_bulk([key for key, _rule in asked])
    flags = [
        SessionFlag(
            session=sessions[key], area_code=sessions[key].area_code, rule=rule, details=seen
        )
        for (key, rule), seen in asked.items()
    ]
    try:
        keep_new(SYSTEM, flags, "doubt")
    except IntegrityError:
        # Somebody who wrote at the same moment raised one of them: then one by one.
        for flag in flags:
            _raise_one(flag)


def _raise_one(flag: SessionFlag) -> None:
    try:
        with transaction.atomic():
            keep_new(SYSTEM, [flag], "doubt")
    except IntegrityError:
        # It is raised already.
        return


def _asks_anew(flag: SessionFlag, seen: dict[str, Any]) -> bool:
    """An open flag says what is seen now; a decided one stays so for what was looked at."""
    return flag.details != seen or flag.state == FlagState.AMENDED


def _renewed(flag: SessionFlag, seen: dict[str, Any]) -> SessionFlag:
    flag.details, flag.state = seen, FlagState.OPEN
    flag.decided_by, flag.decided_at, flag.remark = None, None, ""
    return flag


def _closed(flag: SessionFlag) -> SessionFlag:
    flag.state, flag.decided_at = FlagState.AMENDED, timezone.now()
    return flag
