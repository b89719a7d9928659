"""Reminders on the Today page of whoever they were sent to."""

from __future__ import annotations

from collections import defaultdict
from itertools import count

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coverage.listed import names_of, posts_answering
from coverage.models import Reminder
from coverage.registry import GAPS
from coverage.reminders.standing import in_gap
from grids.lineage import joint
from jiaozuo_grid.lasting import today
from jiaozuo_grid.notes import Note
from jiaozuo_grid.reach import Actor, Reach, reach_of

# More than these are not shown on one page; the oldest go first.
MOST = 200
NAMED = 2


def notes_of(actor: Actor) -> list[Note]:
    """One note a gap and sender: how many rows, and the names of the first."""
    person = getattr(actor, "person_id", None)
    if person is None:
        return []
    rows = _standing(person)
    if not rows:
        return []
    groups: dict[tuple[str, str], list[Reminder]] = defaultdict(list)
    for row in rows:
        groups[row.gap, row.sender_area].append(row)
    names = names_of({row.area_code for row in rows} | {row.sender_area for row in rows})
    reach = reach_of(actor)
    return [_note(reach, gap, sender, some, names) for (gap, sender), some in groups.items()]


def _standing(person: int) -> list[Reminder]:
    """The oldest reminders that still concern a person: who left the post is reminded of nothing
    any more, nor is anybody of a row that has left its gap.
    """
    found: list[Reminder] = []
    every = Reminder.objects.open().filter(to=person).order_by("sent_at", "pk")
    for start in count(step=MOST):
        batch = list(every[start : start + MOST])
        posts = posts_answering({row.area_code for row in batch}, today()) if batch else {}
        own = [row for row in batch if (p := posts.get(row.area_code)) and p.person_id == person]
        standing = in_gap(own)
        found += [row for row in own if row.pk in standing]
        if len(batch) < MOST or len(found) >= MOST:
            break
    return found[:MOST]


def _note(reach: Reach, gap: str, sender: str, rows: list[Reminder], names: dict[str, str]) -> Note:
    shown = "、".join(names.get(row.area_code, row.area_code) for row in rows[:NAMED])
    more = "…" if len(rows) > NAMED else ""
    text = _("%(sender)s reminds you: %(gap)s: %(n)s (%(names)s)") % {
        "sender": names.get(sender, sender),
        "gap": GAPS[gap].name,
        "n": len(rows),
        "names": f"{shown}{more}",
    }
    said = {row.said for row in rows}
    return Note(
        key=f"{gap}-{sender}",
        text=text,
        url=reverse("coverage-gap", args=[_where(reach, rows), gap]),
        since=timezone.localdate(max(row.sent_at for row in rows)),
        answer_url=reverse("reminder-answer", args=[gap, sender]),
        answered=said.pop() if len(said) == 1 else "",
    )


def _where(reach: Reach, rows: list[Reminder]) -> str:
    """The area whose list has all of the rows; that of the first where it is out of reach."""
    whole = joint([row.area_code for row in rows])
    return whole if reach.allows("view coverage", whole) else rows[0].area_code
