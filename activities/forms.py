"""The forms of a session; sensible beginnings, so that the usual one needs no typing."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from activities.expected import USUAL_MINUTES
from activities.models import Session
from activities.plausibility import TOO_LONG
from activities.reading import last_of, leaders_of
from grids.models import HobbyGrid
from jiaozuo_grid.area import Level, covers
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of

# What a phone's camera gives; naming them makes phones convert other formats to JPEG.
PICTURES = "image/jpeg,image/png,image/webp"


class SessionForm(forms.Form):
    """What was held: day, time, how many. The rest is there for who wants it."""

    participants = forms.IntegerField(
        label=_("Participants"),
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-step": "1"}),
    )
    held_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    start_time = forms.TimeField(
        label=_("Start"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=24 * 60,
        error_messages={"max_value": TOO_LONG},
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-step": "10"}),
    )
    place = forms.CharField(label=_("Place"), max_length=50, required=False)
    led_by = forms.ModelChoiceField(
        label=_("Led by"), queryset=Person.objects.none(), required=False, empty_label=_("not said")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, leaders: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].widget.attrs["max"] = today().isoformat()
        led_by: Any = self.fields["led_by"]
        led_by.queryset = leaders
        led_by.label_from_instance = lambda person: person.name


class LogForm(SessionForm):
    """A new session: its id is made on the phone, or here where there is no script."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    photo = forms.ImageField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        help_text=_("Only if you like; never required."),
    )


class WithdrawForm(forms.Form):
    """The version that was seen, and why it is taken back."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**15 - 1)
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
    )


class AmendForm(SessionForm, WithdrawForm):
    """A correction: the new values, the version that was seen, and why."""


class CorrectForm(AmendForm):
    """A correction that begins with what the session says."""

    def __init__(self, data: Any = None, *, session: Session, user: Any) -> None:
        leaders = leaders_of(session.area_code, user)
        if session.led_by_id:
            # Whoever it says stays a choice, whatever post they hold by now.
            leaders = Person.objects.filter(pk__in=leaders) | Person.objects.filter(
                pk=session.led_by_id
            )
        names = ("held_on", "start_time", "minutes", "participants", "place", "note", "version")
        initial = {name: getattr(session, name) for name in names} | {"led_by": session.led_by_id}
        super().__init__(data, initial=initial, leaders=leaders)


def usual_values(hobby_grid: HobbyGrid, user: Any) -> dict[str, Any]:
    """What the form begins with: the hobby grid's habits, and the count of last time."""
    last = last_of(hobby_grid.area_code)
    day, start = _usual_moment(hobby_grid, last)
    return {
        "id": uuid.uuid4(),
        "held_on": day,
        "start_time": start,
        "minutes": hobby_grid.usual_minutes or (last.minutes if last else USUAL_MINUTES),
        "participants": last.participants if last else hobby_grid.members_count,
        "place": hobby_grid.usual_place or (last.place if last else ""),
        "led_by": _usual_leader(hobby_grid, last, user),
    }


def _usual_leader(hobby_grid: HobbyGrid, last: Session | None, user: Any) -> int | None:
    """The user, where they lead or are a member there; for an officer, who led last time."""
    posts = reach_of(user).areas_for("log")
    if any(len(post) >= Level.GRID and covers(post, hobby_grid.area_code) for post in posts):
        person: int = user.person_id
        return person
    return last.led_by_id if last else None


def _usual_moment(hobby_grid: HobbyGrid, last: Session | None) -> tuple[date, time]:
    """The usual hour of today or yesterday that is past and not logged yet; otherwise now."""
    now = timezone.localtime()
    start = hobby_grid.usual_start or (last.start_time if last else None)
    if start is not None:
        for day in (now.date(), now.date() - timedelta(days=1)):
            meets = not hobby_grid.usual_days or str(day.isoweekday()) in hobby_grid.usual_days
            logged = last is not None and last.held_on >= day
            if meets and not logged and datetime.combine(day, start) <= now.replace(tzinfo=None):
                return day, start
    return now.date(), time(now.hour, now.minute // 10 * 10)
