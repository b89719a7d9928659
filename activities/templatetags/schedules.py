"""How schedules are put into words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from activities.calendar.forms import WEEKDAYS
from activities.models import Schedule

register = template.Library()


@register.filter
def meeting_days(schedule: Schedule) -> str:
    """ "daily", "Mon to Fri", or "Mon, Wed"."""
    days = schedule.weekdays
    if len(days) == len(WEEKDAYS):
        return _("daily")
    names = {number: str(name) for number, name in WEEKDAYS}
    if len(days) > 2 and int(days[-1]) - int(days[0]) == len(days) - 1:
        return _("%(first)s to %(last)s") % {"first": names[days[0]], "last": names[days[-1]]}
    return _(", ").join(names[day] for day in days)


@register.filter
def season(schedule: Schedule) -> str:
    """ "5-1 – 9-30", or that there is none."""
    if not schedule.season_from:
        return _("all year")
    return _("%(first)s to %(last)s") % {
        "first": _month_day(schedule.season_from),
        "last": _month_day(schedule.season_until),
    }


def _month_day(value: str) -> str:
    month, day = value.split("-")
    return _("%(month)d-%(day)d") % {"month": int(month), "day": int(day)}
