"""How areas and changes are put into words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from grids.forms.grids import WEEKDAYS
from grids.models import HobbyGrid
from jiaozuo_grid.area import Level

register = template.Library()

# The verbs that grids/actions record, named here so that they are translated.
VERBS = [
    gettext_noop("establish grid"),
    gettext_noop("form hobby grid"),
    gettext_noop("edit"),
    gettext_noop("end"),
    gettext_noop("re-open"),
    gettext_noop("appoint"),
    gettext_noop("enter person"),
    gettext_noop("record residents"),
    gettext_noop("open account"),
    gettext_noop("close account"),
    gettext_noop("re-open account"),
    gettext_noop("renew password"),
    gettext_noop("read phone"),
]


@register.filter
def verb(name: str) -> str:
    """A verb of the audit trail in the reader's language."""
    return gettext(name) if name else ""


@register.filter
def usual_time(hobby_grid: HobbyGrid) -> str:
    """ "Monday, Wednesday 19:30, 60 minutes", as far as it is known."""
    names = dict(WEEKDAYS)
    if len(hobby_grid.usual_days) == len(WEEKDAYS):
        days = _("daily")
    else:
        days = _(", ").join(str(names[day]) for day in hobby_grid.usual_days if day in names)
    start = f"{hobby_grid.usual_start:%H:%M}" if hobby_grid.usual_start else ""
    minutes = hobby_grid.usual_minutes
    length = _("%(minutes)d minutes") % {"minutes": minutes} if minutes else ""
    return " ".join(part for part in (days, start, length) if part)


@register.filter
def level_name(code: str) -> str:
    """What kind of area a code of this length is."""
    return str(Level(len(code)).label)
