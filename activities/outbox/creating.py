"""New records: written once by the action of their kind, and what came too early after them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from activities.actions import SessionConflict
from activities.actions.sessions import first_body
from activities.models import FlagRule, Session, SessionFlag
from activities.models.session import Held
from activities.outbox import amending, clock, words
from activities.outbox.answers import Answer, done
from activities.outbox.arrival import arrived, entered_again, lock_record
from activities.outbox.body import Body, checked
from activities.outbox.kinds import Kind, Sent
from activities.outbox.posted import Posted

_DAY = timedelta(days=1)


@transaction.atomic
def create(user: Any, posted: Posted, kind: Kind, body: Body) -> Answer:
    """Write the record down; raises what the action of its kind raises."""
    values = checked(kind, user, body.values, str(body.values.get("area_code", "")))
    lock_record(posted.id)
    asked, code = values.get("held_on"), values.get("area_code")
    row, new = _written(user, posted, kind, values)
    arrived(posted.id)
    if posted.replaces is not None:
        entered_again(user, posted.replaces)
        amending.refuse_of(user, posted.replaces, "replaced")
    told = body.told
    if row.pk != posted.id:
        told.append(words.joined())
    elif row.area_code != code:
        told.append(words.moved())
    if asked is not None and values["held_on"] != asked:
        told.append(words.day_corrected(asked, values["held_on"]))
    row = amending.apply_kept(posted.id) or row
    return done(posted.id, kind, row, told, new=new)


def _written(user: Any, posted: Posted, kind: Kind, values: dict[str, Any]) -> tuple[Any, bool]:
    """Do it, on the day that was meant: ``values`` are changed to it."""
    create: Any = kind.create
    made = _made(posted, kind, values)
    asked = values.get("held_on")
    details = None
    if made is not None and made.day(values["held_on"]) != asked:
        values["held_on"] = made.day(values["held_on"])
        details = {
            "sent": str(asked),
            "day": str(values["held_on"]),
            "minutes": round(made.off_by.total_seconds() / 60),
        }
    try:
        return create(Sent(user, posted.id, dict(values), clock=details))
    except SessionConflict as error:
        settled = _settled_day(posted, kind, asked, values) if "held_on" in error.fields else None
        if settled is None:
            raise
        values["held_on"] = settled
        return create(Sent(user, posted.id, dict(values)))


def _made(posted: Posted, kind: Kind, values: dict[str, Any]) -> clock.Made | None:
    """When it was made, where the phone was wrong. The day of what was not held is the plan's."""
    if not issubclass(kind.model, Held) or "held_on" not in values:
        return None
    return clock.made(timezone.now(), posted.made_at, posted.sent_at, posted.contact_at)


def _settled_day(
    posted: Posted, kind: Kind, asked: date | None, values: dict[str, Any]
) -> date | None:
    """The day under which it was written the first time, where this is a resend of it.

    The clock rule knows the moment of making to within minutes, and less where the phone's clock
    was set meanwhile: another try may have been given the day beside it, or none.
    """
    row = kind.model._default_manager.filter(pk=posted.id).first()
    if row is None or asked is None:
        return None
    first = row.held_on
    if isinstance(row, Session):
        first = date.fromisoformat(first_body(row)["held_on"])
        flag = SessionFlag.objects.filter(session=row, rule=FlagRule.CLOCK).first()
        if flag is not None and flag.details.get("sent") == str(asked):
            return first
    moved: date = values["held_on"]
    near = moved != asked and abs(first - moved) <= _DAY
    return first if near or first == asked else None
