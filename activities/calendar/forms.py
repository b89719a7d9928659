"""The form of a schedule: seven days to tap, an hour, a season, what holidays mean."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.expected import USUAL_MINUTES
from activities.models import Holidays, Reason, Schedule
from grids.models import HobbyGrid
from jiaozuo_grid.lasting import today

# Short names: seven of them stand in one row of a phone.
WEEKDAYS = [
    ("1", _("Mon")),
    ("2", _("Tue")),
    ("3", _("Wed")),
    ("4", _("Thu")),
    ("5", _("Fri")),
    ("6", _("Sat")),
    ("7", _("Sun")),
]
_LEAP = 2000


class MonthDayWidget(forms.MultiWidget):
    def __init__(self, attrs: Any = None) -> None:
        month, day = pgettext_lazy("of a date", "month"), pgettext_lazy("of a date", "day")
        months = [("", month), *((f"{n:02d}", f"{n}") for n in range(1, 13))]
        days = [("", day), *((f"{n:02d}", f"{n}") for n in range(1, 32))]
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            "month": forms.Select({"aria-label": month}, months),
            "day": forms.Select({"aria-label": day}, days),
        }
        super().__init__(parts, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return str(value).split("-") if value else ["", ""]


class MonthDayField(forms.MultiValueField):
    """A day of any year, as "05-01"; empty without one."""

    widget = MonthDayWidget

    def __init__(self, **options: Any) -> None:
        parts = (forms.CharField(max_length=2), forms.CharField(max_length=2))
        super().__init__(fields=parts, require_all_fields=False, required=False, **options)
        for part in parts:
            part.required = False

    def compress(self, data_list: Any) -> str:
        parts = list(data_list or ["", ""])
        if not any(parts):
            return ""
        try:
            month, day = map(int, parts)
            return f"{date(_LEAP, month, day):%m-%d}"
        except ValueError:
            raise ValidationError(_("Choose a month and a day of it.")) from None


class ScheduleForm(forms.Form):
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tap at least one day.")},
    )
    start_time = forms.TimeField(
        label=_("Start"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=24 * 60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    place = forms.CharField(label=_("Place"), max_length=50, required=False)
    season_from = MonthDayField(label=_("From"))
    season_until = MonthDayField(label=_("Until"))
    holidays = forms.ChoiceField(
        label=_("On official holidays"),
        choices=[
            (Holidays.OFF, _("off")),
            (Holidays.WORKDAYS, _("off; meets on make-up working days, too")),
            (Holidays.MEETS, _("meets as on other days")),
        ],
        widget=forms.RadioSelect,
    )
    started_on = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["started_on"].widget.attrs["min"] = today().isoformat()

    @property
    def season_fields(self) -> list[forms.BoundField]:
        return [self["season_from"], self["season_until"]]

    @property
    def has_season(self) -> bool:
        """Whether the season is shown at once: it says something, or is wrong."""
        return any(field.errors or any(field.value() or ()) for field in self.season_fields)

    def clean_weekdays(self) -> str:
        return "".join(sorted(self.cleaned_data["weekdays"]))

    def clean(self) -> None:
        ends = [self.cleaned_data.get(name) for name in ("season_from", "season_until")]
        if None not in ends and bool(ends[0]) != bool(ends[1]):
            self.add_error("season_until", _("Give both ends of the season, or neither."))


class EndForm(forms.Form):
    ended_on = forms.DateField(
        label=_("First day without it"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        initial=today,
    )


def beginning_with(hobby_grid: HobbyGrid, schedules: list[Schedule]) -> dict[str, Any]:
    """What the form of a new schedule begins with: the register's usual days, or nothing yet."""
    days = "" if schedules else hobby_grid.usual_days
    return {
        "weekdays": list(days),
        "start_time": hobby_grid.usual_start,
        "minutes": hobby_grid.usual_minutes or USUAL_MINUTES,
        "place": hobby_grid.usual_place,
        "holidays": Holidays.OFF,
        "started_on": today(),
    }


def values_of(schedule: Schedule) -> dict[str, Any]:
    """What the form begins with where a schedule is changed."""
    names = ("start_time", "minutes", "place", "season_from", "season_until", "holidays")
    values = {name: getattr(schedule, name) for name in names}
    begins = max(today(), schedule.started_on)
    return {**values, "weekdays": list(schedule.weekdays), "started_on": begins}


class CallOffForm(forms.Form):
    """A meeting that does not take place: which one is filled in, why is one tap."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    held_on = forms.DateField(
        label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    start_time = forms.TimeField(
        label=_("Start"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    reason = forms.ChoiceField(label=_("Why"), choices=Reason.choices, widget=forms.RadioSelect)
