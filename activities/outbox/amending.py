"""Amendments: in any order, each once, never over what somebody else wrote meanwhile.

An amendment names what it follows: the record, or another amendment of it (``after``). Is that not
known yet, the amendment is kept; is it no longer the newest, it is refused as a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.closed import is_same_person
from activities.models import Session, SessionJoin, Submission, SubmissionState
from activities.outbox import words
from activities.outbox.answers import (
    REFUSALS,
    Answer,
    conflict,
    done,
    explained,
    kept,
    refused,
)
from activities.outbox.arrival import arrived, lock_record
from activities.outbox.body import Body, checked, version_in
from activities.outbox.kinds import Kind, Sent, kind_called
from activities.outbox.posted import Posted
from jiaozuo_grid.often import Often, slot

# More amendments than this of one user that wait for their records: something is wrong there.
MOST_KEPT = 200
_FIRST = 1


def receive(user: Any, posted: Posted, kind: Kind, body: Body) -> Answer:
    """Apply an amendment, or keep it until what it follows has arrived."""
    try:
        return _receive(user, posted, kind, body)
    except IntegrityError:
        # The id was used at the same moment for another record.
        earlier = Submission.objects.filter(pk=posted.id).first()
        if earlier is None:
            raise
        return conflict(posted.id, _differing(earlier, user, posted, body) or ["id"])


@transaction.atomic
def _receive(user: Any, posted: Posted, kind: Kind, body: Body) -> Answer:
    lock_record(posted.record)
    submission = Submission.objects.filter(pk=posted.id).first()
    if submission is not None:
        if not is_same_person(user, submission.user_id):
            return conflict(posted.id, ["id"])
        if submission.state != SubmissionState.REFUSED:
            differing = _differing(submission, user, posted, body)
            return conflict(posted.id, differing) if differing else _again(submission)
    # What was refused changed nothing: under the same id it may be tried again, otherwise too.
    new = submission is None
    submission = Submission(
        id=posted.id,
        kind=posted.kind,
        record=posted.record,
        user=user,
        state=SubmissionState.KEPT,
        body=_stored(posted, body),
    )
    answer = _judged(submission, kind, _row(kind, posted.record))
    if answer is None:
        if _keeps_too_many(user):
            return Answer(429, {"detail": words.too_many_kept()})
        answer = kept(posted.id)
    submission.save(force_insert=new)
    if submission.state != SubmissionState.REFUSED:
        arrived(posted.id)
    if submission.state != SubmissionState.KEPT:
        apply_kept(posted.record)
    return answer


def _stored(posted: Posted, body: Body) -> dict[str, Any]:
    return {
        "after": str(posted.after) if posted.after else None,
        "unknown": sorted(body.unknown),
        "values": body.values,
    }


def _differing(earlier: Submission, user: Any, posted: Posted, body: Body) -> list[str]:
    """What the same id says otherwise than the first time."""
    sent = _stored(posted, body)
    names = [name for name in ("kind", "record") if getattr(earlier, name) != getattr(posted, name)]
    names += ["after"] if earlier.body["after"] != sent["after"] else []
    first, again = earlier.body["values"], sent["values"]
    names += [name for name in {*first, *again} if first.get(name) != again.get(name)]
    return names if is_same_person(user, earlier.user_id) else ["id"]


def _again(submission: Submission) -> Answer:
    """The answer of the first time."""
    if submission.state == SubmissionState.KEPT:
        return kept(submission.pk)
    return Answer(200, submission.answer)


def _keeps_too_many(user: Any) -> bool:
    held = Submission.objects.filter(user=user, state=SubmissionState.KEPT)
    return len(held.values_list("pk")[:MOST_KEPT]) >= MOST_KEPT


def _row(kind: Kind, record: UUID) -> Any:
    return kind.model._default_manager.filter(pk=record).first()


def _judged(submission: Submission, kind: Kind, row: Any) -> Answer | None:
    """Apply it or refuse it, and note that at ``submission``; None: its time has not come.

    The lock of the record is held.
    """
    if row is None:
        if kind.model is Session and SessionJoin.objects.filter(pk=submission.record).exists():
            return _refuse(submission, "joined")
        return None
    version, values = None, submission.body["values"]
    if kind.chained:
        after = submission.body["after"]
        if after is None or after == str(submission.record):
            version = _FIRST if after else version_in(values) or _FIRST
        else:
            before = Submission.objects.filter(pk=after, record=submission.record).first()
            if before is None or before.state == SubmissionState.KEPT:
                return None
            if before.state == SubmissionState.REFUSED:
                return _refuse(submission, "predecessor")
            version = before.answer["record"].get("version")
    return _settle(submission, _applied(submission, kind, row, version))


def _applied(submission: Submission, kind: Kind, row: Any, version: int | None) -> Answer:
    amend: Any = kind.amend
    body = Body(submission.body["values"], frozenset(submission.body["unknown"]))
    try:
        with transaction.atomic():
            code, day = getattr(row, "area_code", ""), getattr(row, "held_on", None)
            values = checked(kind, submission.user, body.values, code, day)
            values.pop("version", None)
            row = amend(Sent(submission.user, submission.pk, values, version), row)
    except REFUSALS as error:
        return explained(submission.pk, error, submission.user)
    return done(submission.pk, kind, row, body.told)


def _settle(submission: Submission, answer: Answer) -> Answer:
    fine = answer.body["state"] == "done"
    submission.state = SubmissionState.DONE if fine else SubmissionState.REFUSED
    submission.answer, submission.settled_at = answer.body, timezone.now()
    return answer


def _refuse(submission: Submission, why: str) -> Answer:
    return _settle(submission, refused(submission.pk, why, str(words.NOT_APPLIED[why])))


def apply_kept(record: UUID) -> Any:
    """Settle what was kept for a record, in the order in which one follows the other.

    Called when the record or one of its amendments arrived, under the lock of the record. Returns
    the record's row as it is afterwards; None where nothing was kept, or nothing has come of it.
    """
    if not _KEPT_OF.all(record=record):
        return None
    waiting = list(_kept().filter(record=record))
    row = None
    while waiting:
        rest = []
        for submission in waiting:
            kind = kind_called(submission.kind)
            found = _row(kind, record) if kind is not None else None
            if kind is None or _judged(submission, kind, found) is None:
                rest.append(submission)
                continue
            submission.save(force_update=True)
            row = _row(kind, record)
        if len(rest) == len(waiting):
            break
        waiting = rest
    return row


_KEPT_OF = Often(
    lambda: (
        Submission.objects.filter(
            state=SubmissionState.KEPT, record=slot("record", models.UUIDField())
        )
        .order_by()
        .values_list("pk")
    )
)


def _kept() -> Any:
    rows = Submission.objects.filter(state=SubmissionState.KEPT).select_related("user")
    return rows.order_by("received_at", "pk")


def refuse_of(user: Any, record: UUID, why: str) -> None:
    """What the user sent about a record that will not come as it was, and what follows that."""
    refuse_after(user, [record], why)


def refuse_after(user: Any, ids: Iterable[UUID], why: str) -> None:
    """Refuse what was kept of the user under these ids, about these records, or following them."""
    gone = set(ids)
    waiting = list(_kept().filter(user=user)) if gone else []
    while hit := [row for row in waiting if _belongs(row, gone)]:
        for submission in hit:
            _refuse(submission, why)
            submission.save(force_update=True)
            gone.add(submission.pk)
        waiting = [row for row in waiting if row.state == SubmissionState.KEPT]


def _belongs(submission: Submission, gone: set[UUID]) -> bool:
    after = submission.body["after"]
    return bool({submission.pk, submission.record, UUID(after) if after else None} & gone)


@transaction.atomic
def came_otherwise(record: UUID) -> None:
    """A record arrived by another way than the outbox: nothing waits for it any more."""
    lock_record(record)
    arrived(record)
    apply_kept(record)
