"""The forms of lectures and events: short, with beginnings that are usually right."""

from __future__ import annotations

import uuid
from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from activities.forms import WithdrawForm
from activities.gatherings.reading import may_speak, places_to_gather, speakers_for
from activities.models import Event, EventKind, Lecture
from activities.plausibility import TOO_LONG
from jiaozuo_grid.lasting import today


class GatheringForm(forms.Form):
    """What was held: its name, how many came, which day and hour. The rest is for who wants it."""

    # What is asked at once, in this order; everything else stands under "more".
    first: tuple[str, ...] = ("area_code", "participants", "held_on", "start_time")
    usual_minutes = 120

    area_code = forms.ChoiceField(label=_("Where"))
    participants = forms.IntegerField(
        label=_("Participants"),
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-step": "5"}),
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
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: Any = None, code: str = "", **kwargs: Any) -> None:
        """Without ``user`` the choices stay empty: the phone fills them in."""
        super().__init__(*args, **kwargs)
        self.fields["held_on"].widget.attrs["max"] = today().isoformat()
        self.fields["minutes"].initial = self.usual_minutes
        area: Any = self.fields.get("area_code")
        if area is not None and user is not None:
            area.choices = places_to_gather(user, code)

    @property
    def shown_first(self) -> list[Any]:
        names = [name for name in self.first if name in self.fields]
        area: Any = self.fields.get("area_code")
        if area is not None and len(area.choices) == 1:
            # There is nothing to choose.
            names.remove("area_code")
        return [self[name] for name in names]

    @property
    def shown_later(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name not in self.first]

    @property
    def later_has_errors(self) -> bool:
        return any(field.errors for field in self.shown_later)

    @classmethod
    def usual_values(cls, code: str) -> dict[str, Any]:
        """What the form begins with."""
        now = timezone.localtime()
        return {
            "id": uuid.uuid4(),
            "area_code": code,
            "held_on": now.date(),
            "start_time": time(now.hour, now.minute // 10 * 10),
            "minutes": cls.usual_minutes,
        }


class LectureForm(GatheringForm):
    first = ("topic", *GatheringForm.first)
    usual_minutes = 90

    topic = forms.CharField(label=_("Topic"), max_length=100)
    speaker = forms.ModelChoiceField(
        label=_("Speaker"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("not said"),
    )
    guest = forms.CharField(
        label=_("Guest speaker"),
        max_length=50,
        required=False,
        help_text=_("Somebody who is not in the register."),
    )
    field_order = ["topic", "area_code", "participants", "held_on", "start_time", "speaker"]

    def __init__(self, *args: Any, user: Any = None, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, user=user, code=code, **kwargs)
        if user is None:
            # The phone does not have the register: whoever spoke is written down by name.
            del self.fields["speaker"]
            self.fields["guest"].label = _("Speaker")
            self.fields["guest"].help_text = ""
            return
        speaker: Any = self.fields["speaker"]
        # Whoever the user may see can be said; those who are likely there are offered.
        speaker.queryset = may_speak(user, self._day_sent())
        said = self.initial.get("speaker")
        offered = speakers_for(user, code, also=said)
        speaker.choices = [("", speaker.empty_label), *((p.pk, p.name) for p in offered)]

    def _day_sent(self) -> date | None:
        try:
            return parse_date(self.data.get("held_on", ""))
        except ValueError:
            return None

    def clean_speaker(self) -> Person | None:
        speaker: Person | None = self.cleaned_data["speaker"]
        return speaker.merged_into or speaker if speaker else None


class EventForm(GatheringForm):
    first = ("title", "event_kind", "area_code", "participants", "held_on")

    title = forms.CharField(label=_("Title"), max_length=100)
    event_kind = forms.ChoiceField(
        label=_("Kind"), choices=EventKind.choices, initial=EventKind.CONTEST
    )
    field_order = ["title", "event_kind", "area_code", "participants", "held_on", "start_time"]


class NewMixin(forms.Form):
    """A new record: its id is made on the phone, or here where there is no script."""

    id = forms.UUIDField(widget=forms.HiddenInput)


class LogLectureForm(LectureForm, NewMixin):
    pass


class LogEventForm(EventForm, NewMixin):
    pass


class CorrectLectureForm(LectureForm, WithdrawForm):
    # An area is not corrected: what was held elsewhere is withdrawn and written down anew.
    area_code = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, row: Lecture, user: Any) -> None:
        super().__init__(data, initial=initial_of(self, row), user=user, code=row.area_code)
        speaker: Any = self.fields["speaker"]
        speaker.queryset = speaker.queryset | Person.objects.filter(pk__in=[row.speaker_id or 0])


class CorrectEventForm(EventForm, WithdrawForm):
    area_code = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, row: Event, user: Any) -> None:
        super().__init__(data, initial=initial_of(self, row), user=user, code=row.area_code)


def initial_of(form: Any, row: Any) -> dict[str, Any]:
    fields = [name for name in form.base_fields if name not in ("reason", "speaker")]
    values = {name: getattr(row, name) for name in fields}
    return values | ({"speaker": row.speaker_id} if isinstance(row, Lecture) else {})
