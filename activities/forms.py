"""The forms of a session; sensible beginnings, so that the usual one needs no typing."""

from __future__ import annotations

import uuid
from datetime import time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from activities.models import Session
from grids.models import Appointment, HobbyGrid, Role
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today

USUAL_MINUTES = 60


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
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-step": "10"}),
    )
    place = forms.CharField(label=_("Place"), max_length=50, required=False)
    led_by = forms.ModelChoiceField(
        label=_("Led by"), queryset=Person.objects.none(), required=False, empty_label=_("not said")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, hobby_grid: HobbyGrid, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].widget.attrs["max"] = today().isoformat()
        self.fields["led_by"].queryset = leaders_of(hobby_grid, user)  # type: ignore[attr-defined]
        self.fields["led_by"].label_from_instance = lambda person: person.name  # type: ignore[attr-defined]


class LogForm(SessionForm):
    """A new session: its id is made on the phone, or here where there is no script."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    photo = forms.ImageField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Only if you like; never required."),
    )


class CorrectForm(SessionForm):
    """A correction: the new values, the version that was seen, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=200)


class WithdrawForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=200)


def leaders_of(hobby_grid: HobbyGrid, user: Any) -> Any:
    """Who may have led: the hobby grid's members, the grid's leader, and the user."""
    posts = Appointment.objects.on(today()).filter(
        role__in=[Role.GRID_MEMBER, Role.GRID_LEADER],
        area_code__in=[hobby_grid.area_code, hobby_grid.area_code[: Level.GRID]],
    )
    people = set(posts.values_list("person_id", flat=True)) | {user.person_id}
    return Person.objects.filter(pk__in=people).order_by("pk")


def usual_values(hobby_grid: HobbyGrid, user: Any) -> dict[str, Any]:
    """What the form begins with: the hobby grid's habits, and the count of last time."""
    last = (
        Session.objects.standing()
        .filter(area_code=hobby_grid.area_code)
        .order_by("-held_on", "-start_time")
        .first()
    )
    now = timezone.localtime()
    start = hobby_grid.usual_start or (last.start_time if last else None)
    # Before the usual time, what is logged is yesterday's; without habits, it is going on now.
    day = today() if start is None or start <= now.time() else today() - timedelta(days=1)
    led_by = leaders_of(hobby_grid, user).filter(pk=user.person_id).first()
    return {
        "id": uuid.uuid4(),
        "held_on": day,
        "start_time": start or time(now.hour, now.minute // 10 * 10),
        "minutes": hobby_grid.usual_minutes or (last.minutes if last else USUAL_MINUTES),
        "participants": last.participants if last else hobby_grid.members_count,
        "place": hobby_grid.usual_place or (last.place if last else ""),
        "led_by": led_by,
    }
