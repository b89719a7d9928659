"""What the list of a gap shows of reminders: sent by whom, when, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coverage.listed import Listed
from coverage.models import Reminder
from coverage.reminders.actions import PAUSE, REMIND, Sent
from grids.people import person_of
from jiaozuo_grid.reach import Actor, reach_of


@dataclass(frozen=True)
class ReminderShown:
    """The newest reminder about a row to whoever answers for it now."""

    by: str
    sent_at: Any
    to: str
    said: str
    answered_at: Any
    # Whether a week has gone by, so that it may be sent again.
    due: bool


def reminders_of(gap: str, rows: Iterable[Any], actor: Actor) -> dict[str, ReminderShown]:
    """The newest open reminder about each row that the actor may see, by the row's key."""
    keys = [str(row.pk) for row in rows]
    found = (
        Reminder.objects.visible_to(actor)
        .open()
        .filter(gap=gap, row_key__in=keys)
        .select_related("sent_by__person", "to")
        .order_by("sent_at", "pk")
    )
    now = timezone.now()
    return {
        row.row_key: ReminderShown(
            by=row.sent_by.person.name,
            sent_at=row.sent_at,
            to=row.to.name,
            said=row.said,
            answered_at=row.answered_at,
            due=row.sent_at <= now - PAUSE,
        )
        for row in found
    }


def put_reminders(gap: str, rows: list[Any], lines: list[Listed], actor: Actor) -> None:
    """Put to each line of a gap's list its row's key and the newest reminder."""
    found = reminders_of(gap, rows, actor)
    for row, line in zip(rows, lines, strict=True):
        line.key = str(row.pk)
        line.reminder = found.get(line.key)


def may_remind(actor: Actor, area_code: str) -> bool:
    return person_of(actor) is not None and reach_of(actor).allows(REMIND, area_code)


def told(sent: Sent) -> str:
    """What became of it, in a sentence or two."""
    words = []
    if sent.sent:
        words.append(
            ngettext(
                "Reminded %(people)s person of %(n)s in all; it stands on their Today page.",
                "Reminded %(people)s people of %(n)s in all; it stands on their Today pages.",
                len(sent.people),
            )
            % {"people": len(sent.people), "n": sent.sent}
        )
    if sent.already and sent.earlier is not None:
        day = timezone.localdate(sent.earlier.sent_at)
        words.append(
            _("%(n)s reminded already within the week (%(who)s, %(day)s).")
            % {
                "n": sent.already,
                "who": sent.earlier.sent_by.person.name,
                "day": f"{day:%Y-%m-%d}",
            }
        )
    if sent.nobody:
        words.append(_("For %(n)s nobody else answers.") % {"n": sent.nobody})
    return " ".join(words) or _("There is nothing left to remind of.")
