"""When a periodic job is due: in the city's own time, so that "02:30" is half past two there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiaozuo_grid.months import next_month


class Schedule(Protocol):
    def after(self, moment: datetime) -> datetime:
        """The first due time later than ``moment``."""
        ...

    def __str__(self) -> str:
        """As the page says it."""
        ...


@dataclass(frozen=True)
class Every:
    """Again and again, counted from the run before."""

    period: timedelta

    def after(self, moment: datetime) -> datetime:
        return moment + self.period

    def __str__(self) -> str:
        seconds = int(self.period.total_seconds())
        if seconds % 60:
            return ngettext("every second", "every %(n)d seconds", seconds) % {"n": seconds}
        minutes = seconds // 60
        return ngettext("every minute", "every %(n)d minutes", minutes) % {"n": minutes}


@dataclass(frozen=True)
class Daily:
    at: time

    def after(self, moment: datetime) -> datetime:
        local = timezone.localtime(moment)
        day = local.date() + timedelta(days=local.time() >= self.at)
        return timezone.make_aware(datetime.combine(day, self.at))

    def __str__(self) -> str:
        return _("every day at %(time)s") % {"time": f"{self.at:%H:%M}"}


@dataclass(frozen=True)
class Monthly:
    day: int
    at: time

    def after(self, moment: datetime) -> datetime:
        local = timezone.localtime(moment)
        first = local.date().replace(day=1)
        due = datetime.combine(first.replace(day=self.day), self.at)
        if local.replace(tzinfo=None) >= due:
            due = datetime.combine(next_month(first).replace(day=self.day), self.at)
        return timezone.make_aware(due)

    def __str__(self) -> str:
        return _("on day %(day)d of each month at %(time)s") % {
            "day": self.day,
            "time": f"{self.at:%H:%M}",
        }


def every(*, seconds: int = 0, minutes: int = 0) -> Every:
    period = timedelta(seconds=seconds, minutes=minutes)
    if period <= timedelta(0):
        raise ValueError("a period has a length")
    return Every(period)


def daily(hour: int, minute: int = 0) -> Daily:
    return Daily(time(hour, minute))


def monthly(*, day: int, hour: int, minute: int = 0) -> Monthly:
    if not 1 <= day <= 28:
        raise ValueError("every month has the days 1 to 28")
    return Monthly(day, time(hour, minute))
