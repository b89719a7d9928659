"""Reminding, and answering a reminder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from coverage.listed import posts_answering
from coverage.models import Answer, Reminder
from coverage.registry import GAPS
from grids.people import person_of
from grids.writing import keep_changed, keep_new
from jiaozuo_grid.area import covers
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, Delegated, OutOfReach, reach_of

REMIND = "remind"
# Nobody is asked again about the same row sooner than this.
PAUSE = timedelta(days=7)
AT_ONCE = 500


@dataclass
class Sent:
    """What became of the wish to remind."""

    sent: int = 0
    # Reminded within the week already; by whom and when, of the first of them.
    already: int = 0
    earlier: Reminder | None = None
    # Nobody answers for the row but the sender, or nobody at all.
    nobody: int = 0
    people: set[int] = field(default_factory=set)


def remind(actor: Actor, gap: str, area_code: str, keys: Iterable[str] | None = None) -> Sent:
    """Remind whoever answers for the gap's rows of an area; ``keys`` names some of them.

    Rows that left the gap meanwhile are passed over, and so is who was reminded within the week.
    Raises ``OutOfReach``.
    """
    if not reach_of(actor).allows(REMIND, area_code):
        raise OutOfReach
    rows = GAPS[gap].rows(area_code, today()).order_by("area_code", "pk")
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    total = Sent()
    found = [(str(pk), code) for pk, code in rows.values_list("pk", "area_code").iterator(2000)]
    for start in range(0, len(found), AT_ONCE):
        _remind_of(actor, gap, area_code, found[start : start + AT_ONCE], total)
    return total


@transaction.atomic
def _remind_of(
    actor: Actor, gap: str, area_code: str, rows: Sequence[tuple[str, str]], total: Sent
) -> None:
    now = timezone.now()
    posts = posts_answering({code for _key, code in rows}, today())
    # Two senders at once: there may be no reminder yet that the second could wait for.
    asked = Person.objects.filter(pk__in={post.person_id for post in posts.values()})
    list(asked.select_for_update().order_by("pk").values_list("pk"))
    stored = Reminder.objects.select_for_update().filter(gap=gap, row_key__in=[k for k, _c in rows])
    known: dict[tuple[str, int], Reminder] = {}
    for row in stored.select_related("sent_by__person").order_by("sent_at", "pk"):
        known[row.row_key, row.to_id] = row
    sender_area = _area_of(actor, area_code)
    new, renewed = [], []
    for key, code in rows:
        post = posts.get(code)
        if post is None or post.person_id == person_of(actor):
            total.nobody += 1
            continue
        last = known.get((key, post.person_id))
        if last is not None and last.sent_at > now - PAUSE:
            total.already += 1
            total.earlier = total.earlier or last
            continue
        total.sent += 1
        total.people.add(post.person_id)
        if last is not None and last.closed_at is None:
            renewed.append(last)
            last.sent_by, last.sent_at, last.sender_area = actor, now, sender_area
            last.answer, last.answer_note, last.answered_at = "", "", None
            continue
        new.append(
            Reminder(
                area_code=code,
                gap=gap,
                row_key=key,
                to_id=post.person_id,
                sender_area=sender_area,
                sent_by=actor,
                sent_at=now,
            )
        )
    keep_new(actor, new, "remind")
    fields = ["sent_by", "sent_at", "sender_area", "answer", "answer_note", "answered_at"]
    keep_changed(actor, renewed, fields, "remind")


def _area_of(actor: Actor, area_code: str) -> str:
    """The area of the post by which the actor may remind there."""
    codes = [c for c in reach_of(actor).areas_for(REMIND) if covers(c, area_code)]
    return min(codes, key=len) if codes else area_code


@transaction.atomic
def answer(actor: Actor, gap: str, sender_area: str, said: str, note: str = "") -> list[Reminder]:
    """Answer all open reminders of a gap from one sender that were sent to the actor.

    Answering again changes the answer. Raises ``ValidationError``.
    """
    if said not in Answer.values:
        raise ValidationError({"answer": _("Choose one of the answers.")})
    if len(note.strip()) > 100:
        raise ValidationError({"note": _("At most 100 characters.")})
    rows: list[Any] = list(
        Reminder.objects.open()
        .select_for_update()
        .filter(to=person_of(actor) or 0, gap=gap, sender_area=sender_area)
        .order_by("pk")
    )
    for row in rows:
        row.answer, row.answer_note, row.answered_at = said, note.strip(), timezone.now()
    # Whoever is asked may answer, whatever else their post lets them write.
    return keep_changed(
        Delegated(actor), rows, ["answer", "answer_note", "answered_at"], "answer reminder"
    )
