"""What phones say still waits on them: ids and ages, never contents.

So a lost phone, or a browser that emptied its storage, is noticed by the person and by the officer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.closed import closed_accounts
from activities.actions import discard_waiting
from activities.models import PhotoUpload, SessionJoin, Submission, SubmissionState, WaitingRecord
from activities.outbox import amending
from activities.outbox.author import author_key
from activities.outbox.kinds import kind_called, record_models
from grids.authority import posts_of
from grids.models import Appointment
from jiaozuo_grid.lasting import today
from jiaozuo_grid.often import Often, slot

# More than these are not noted at once; the rest follows when they have gone.
MOST = 1000
# A phone that was not heard of for so long while its owner used another one is given up.
UNHEARD = timedelta(days=7)


@dataclass(frozen=True)
class Manifest:
    """What a phone says: ``waiting`` holds since when each id waits (None: nobody knows)."""

    phone: UUID
    waiting: Mapping[UUID, datetime | None] = field(default_factory=dict)
    kept: Collection[UUID] = ()
    discarded: Collection[UUID] = ()
    # The author keys of others for whom something waits on this phone.
    others: Collection[str] = ()


def heard(user: Any, said: Manifest) -> dict[str, Any]:
    """Note what still waits, and say what became of the rest."""
    now = timezone.now()
    yours = _adopted(user, said.others)
    if said.discarded:
        _discard(user, said.discarded)
    settled = _settled(user, said.kept)
    rows = _OF_USER.all(user=user.pk)
    # What was noted is looked for too: it may have arrived while another request noted it.
    there = _arrived(user, {*said.waiting, *(row.pk for row in rows)})
    lost: list[dict[str, str]] = []
    if rows or said.waiting:
        lost = _note_all(user, said, rows, there, now, whole=_is_whole(said, yours))
    answer = {
        "arrived": [str(key) for key in said.waiting if there.get(key) == SubmissionState.DONE],
        "settled": settled,
        "lost": lost,
        "yours": yours,
    }
    # The time after it all: what was read for somebody before it may not know of it.
    return {**answer, "now": timezone.localtime().isoformat()}


def _adopted(user: Any, others: Collection[str]) -> list[str]:
    """Which of the others are accounts of the same person, closed by a merge.

    What has not ended of theirs is the user's from now on; the phone does the same with the
    records. What has ended stays in their name, and is known by it when it is sent again.
    """
    if not others:
        return []
    closed = {author_key(account): account for account in closed_accounts(user)}
    named = {key: account for key, account in closed.items() if key in others}
    if named:
        accounts = list(named.values())
        with transaction.atomic():
            for rows in (
                WaitingRecord.objects.all(),
                Submission.objects.filter(state=SubmissionState.KEPT),
                PhotoUpload.objects.filter(done_at__isnull=True),
            ):
                rows.filter(user__in=accounts).update(user=user)
    return sorted(named)


_OF_USER = Often(
    lambda: WaitingRecord.objects.filter(user_id=slot("user", models.BigIntegerField())).order_by(
        "since", "pk"
    )
)


def _is_whole(said: Manifest, yours: list[str]) -> bool:
    """Whether the phone has named all that waits: what was just adopted comes with the next."""
    return len(said.waiting) < MOST and not yours


@transaction.atomic
def _note_all(
    user: Any,
    said: Manifest,
    rows: list[WaitingRecord],
    there: Mapping[UUID, str],
    now: datetime,
    *,
    whole: bool,
) -> list[dict[str, str]]:
    """Bring the user's rows up to what this phone says; returns those that are lost."""
    still = {key: since for key, since in said.waiting.items() if key not in there}
    came = [row.pk for row in rows if row.pk in there]
    if came:
        WaitingRecord.objects.filter(pk__in=came).delete()
    rows = [row for row in rows if row.pk not in there]
    gone = [row for row in rows if whole and not row.lost_at and _is_gone(row, said, still, now)]
    if gone:
        WaitingRecord.objects.filter(pk__in=[row.pk for row in gone]).update(lost_at=now)
    if still:
        _note(user, said.phone, still, {row.pk for row in rows}, now)
    lost = [row for row in rows if (row.lost_at or row in gone) and row.pk not in still]
    return [{"id": str(row.pk), "since": timezone.localtime(row.since).isoformat()} for row in lost]


def _is_gone(
    row: WaitingRecord, said: Manifest, still: Mapping[UUID, datetime | None], now: datetime
) -> bool:
    if row.pk in still:
        return False
    return row.phone == said.phone or row.seen_at < now - UNHEARD


def _note(
    user: Any, phone: UUID, still: Mapping[UUID, datetime | None], own: set[UUID], now: datetime
) -> None:
    """Write the rows in a few statements: thousands of phones come back at once.

    They are no figures and nobody's doing, so no trail is kept of them; their going by somebody's
    decision has one. An id that somebody else named first stays theirs.
    """
    known = [key for key in still if key in own]
    if known:
        WaitingRecord.objects.filter(pk__in=known, user=user).update(
            phone=phone, seen_at=now, lost_at=None
        )
    new = [key for key in still if key not in own]
    if not new:
        return
    area_code = _area_of(user)
    WaitingRecord.objects.bulk_create(
        [
            WaitingRecord(
                id=key,
                user=user,
                phone=phone,
                area_code=area_code,
                since=min(still[key] or now, now),
                seen_at=now,
            )
            for key in new
        ],
        ignore_conflicts=True,
    )


def _area_of(user: Any) -> str:
    """Where the user holds the widest post, or held the last one."""
    posts = posts_of(user)
    if posts:
        return posts[0].area_code
    ended = Appointment.objects.filter(person_id=user.person_id, ended_on__lte=today())
    ended = ended.order_by("-ended_on", "-pk")
    last: str | None = ended.values_list("area_code", flat=True).first()
    return last or user.person.area_code


def _arrived(user: Any, wanted: Collection[UUID]) -> dict[UUID, str]:
    """Which of these the server has from this user, done or kept; one query for all kinds.

    In SQL, since making it anew costs more than asking it: thousands of phones come back at once.
    """
    if not wanted:
        return {}
    field: Any = WaitingRecord._meta.pk
    keys = [field.get_db_prep_value(key, connection) for key in wanted]
    parts = [(model._meta.db_table, "logged_by_id", "'done'") for model in record_models()]
    parts.append((SessionJoin._meta.db_table, "user_id", "'done'"))
    parts.append((Submission._meta.db_table, "user_id", "state"))
    marks = ", ".join(["%s"] * len(keys))
    sql = " UNION ALL ".join(
        f"SELECT id, {state} FROM {table} WHERE {owner} = %s AND id IN ({marks})"  # noqa: S608
        for table, owner, state in parts
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _part in parts for value in (user.pk, *keys)])
        found = cursor.fetchall()
    return {field.to_python(key): state for key, state in found if state != SubmissionState.REFUSED}


def _settled(user: Any, kept: Collection[UUID]) -> list[dict[str, Any]]:
    """What became of the amendments that the phone has as kept.

    A record may have come by another way since (an ordinary form): then its turn is now. What is
    not known here is asked for again.
    """
    if not kept:
        return []
    rows = _submissions(user, kept)
    waiting = [row for row in rows.values() if row.state == SubmissionState.KEPT]
    if due := _came(waiting):
        for record in due:
            amending.came_otherwise(record)
        rows = _submissions(user, kept)
    return [
        {"id": str(key), "state": row.state, "answer": row.answer}
        if (row := rows.get(key))
        else {"id": str(key), "state": "unknown", "answer": {}}
        for key in kept
        if key not in rows or rows[key].state != SubmissionState.KEPT
    ]


def _submissions(user: Any, keys: Collection[UUID]) -> dict[UUID, Submission]:
    return {row.pk: row for row in Submission.objects.filter(user=user, pk__in=list(keys))}


def _came(waiting: Collection[Submission]) -> set[UUID]:
    """The records of these that are there."""
    records: dict[Any, set[UUID]] = {}
    for row in waiting:
        kind = kind_called(row.kind)
        if kind is not None:
            records.setdefault(kind.model, set()).add(row.record)
    return {
        key
        for model, keys in records.items()
        for key in model._default_manager.filter(pk__in=keys).values_list("pk", flat=True)
    }


def _discard(user: Any, ids: Collection[UUID]) -> None:
    """What somebody removed from the phone on purpose, or gave up as lost."""
    discard_waiting(user, list(WaitingRecord.objects.filter(user=user, pk__in=list(ids))))
    with transaction.atomic():
        amending.refuse_after(user, ids, "discarded")
