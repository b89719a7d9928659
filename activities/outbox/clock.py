"""On which day a record was made, though the phone's clock was wrong.

Between making and sending, a phone's clock measures time passed well even where it shows the wrong
hour. So the moment of making is now less that time, and it lies after the last contact with the
server (whose clock the phone was told then) and not after now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

# A clock no further off than this is right; requests on a bad network take minutes too.
EXACT = timedelta(minutes=5)
# No record waits longer; more is a clock that was set in between.
LONGEST = timedelta(days=400)


@dataclass(frozen=True)
class Made:
    """When a record was made: by the phone (the day that it showed), and in truth."""

    shown_on: date
    at: datetime
    off_by: timedelta
    zone: ZoneInfo | None = None

    @property
    def on(self) -> date:
        return timezone.localdate(self.at, self.zone)

    def day(self, asked: date) -> date:
        """The day meant by ``asked``, which was chosen while the phone showed ``shown_on``.

        Moved by as many days as the phone was wrong, so never beyond the day of making. A day that
        lay in the phone's future was typed by somebody who knew better, and stays.
        """
        if asked > self.shown_on:
            return asked
        try:
            return asked + (self.on - self.shown_on)
        except OverflowError:
            # A year that no calendar has: refused for what it is.
            return asked


def made(
    now: datetime,
    made_at: datetime | None,
    sent_at: datetime | None,
    contact_at: datetime | None,
    zone: ZoneInfo | None = None,
) -> Made | None:
    """When the record was made; None where the phone's clock was right or nothing was said."""
    if made_at is None or sent_at is None:
        return None
    passed = min(max(sent_at - made_at, timedelta(0)), LONGEST)
    at = now - passed
    if contact_at is not None:
        at = max(at, min(contact_at, now))
    off_by = made_at - at
    if abs(off_by) <= EXACT:
        return None
    try:
        return Made(timezone.localdate(made_at, zone), at, off_by, zone)
    except OverflowError:
        return None
