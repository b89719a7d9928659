"""The rows of a sheet: what is typed, as people type it."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.expected import USUAL_MINUTES
from activities.paper.sheet import Sheet
from jiaozuo_grid.area import Level

# Rows for what no schedule expects; a script adds more as they are used.
FREE_ROWS = 5
# Seventy groups that meet every day; settings.DATA_UPLOAD_MAX_NUMBER_FIELDS lets that many in.
MOST_ROWS = 500
WEEKDAYS = "一二三四五六日"


def read_time(text: str) -> time:
    """An hour as it is typed: 1930, 730, 19:30, 19：30, 19.30, 19."""
    found = re.fullmatch(r"(\d{1,2})(?:[:：.]?(\d{2}))?", text.strip())
    if found is None:
        raise ValidationError(_("Write the hour as 1930."))
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise ValidationError(_("Write the hour as 1930."))
    return time(hour, minute)


def read_day(text: str, days: list[date]) -> date:
    """A day of the sheet's week: 1 to 7, 一 to 日, or the date."""
    word = text.strip().removeprefix("周").removeprefix("星期").replace("天", "日")
    if len(word) == 1 and word in WEEKDAYS:
        return days[WEEKDAYS.index(word)]
    if len(word) == 1 and word.isdecimal() and 1 <= int(word) <= 7:
        return days[int(word) - 1]
    found = next((day for day in days if word == day.isoformat()), None)
    if found is None:
        raise ValidationError(_("Write the day as a number: 1 is Monday, 7 is Sunday."))
    return found


class PaperRow(forms.Form):
    """One session of the sheet. A row without a number of people was not held, or is skipped."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    group = forms.CharField(
        label=gettext_lazy("Group no."),
        max_length=17,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    day = forms.CharField(
        label=pgettext_lazy("paper", "Day 1–7"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    participants = forms.IntegerField(
        label=gettext_lazy("Participants"),
        min_value=1,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    start = forms.CharField(
        label=gettext_lazy("Start"),
        max_length=5,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=1,
        max_value=24 * 60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    place = forms.CharField(widget=forms.HiddenInput, max_length=50, required=False)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        self.sheet = sheet
        super().__init__(*args, **kwargs)

    @property
    def hobby_grid(self) -> Any:
        """The group of a row that the schedule asks for; None for a free row."""
        return self.sheet.groups.get(str(self["group"].value() or ""))

    @property
    def skipped(self) -> bool:
        """Whether the row says nothing: no number, and no group, day or hour typed by hand."""
        typed = ["participants"] if self.hobby_grid else ["participants", "group", "day", "start"]
        return not any(str(self[name].value() or "").strip() for name in typed)

    def clean(self) -> dict[str, Any]:
        """Each fault at its cell; the cells that can be read are read whatever the others say."""
        said: dict[str, Any] = dict(self.cleaned_data)
        if self.skipped:
            return said
        for name, read in (("group", self._group), ("day", self._day), ("start", self._start)):
            try:
                said[name] = read(said.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
        if said.get("participants") is None and "participants" not in self.errors:
            self.add_error("participants", _("How many came?"))
        if said.get("id") is None and "id" not in self.errors:
            self.add_error(None, _("This row has no id. Load the page anew and enter it again."))
        return said

    def _group(self, text: str) -> Any:
        word = text.strip()
        found = self.sheet.groups.get(word) if len(word) == Level.HOBBY_GRID else None
        if found is None and word.isdecimal():
            found = self.sheet.by_number.get(int(word))
        if found is None:
            raise ValidationError(_("No group of this village has this number."))
        return found

    def _day(self, text: str) -> date:
        return read_day(text, self.sheet.days)

    def _start(self, text: str) -> time:
        group = self.hobby_grid or self.sheet.by_number.get(_number(self["group"].value()))
        if not text.strip() and group is not None and group.usual_start is not None:
            usual: time = group.usual_start
            return usual
        return read_time(text)

    def session(self) -> dict[str, Any]:
        """The row as ``log_session`` takes it."""
        said = self.cleaned_data
        group = said["group"]
        return {
            "id": said["id"],
            "area_code": group.area_code,
            "held_on": said["day"],
            "start_time": said["start"],
            "minutes": said["minutes"] or group.usual_minutes or USUAL_MINUTES,
            "participants": said["participants"],
            "place": said["place"] or group.usual_place,
        }

    # Where the row shows what an action says of a session.
    _CELLS = {"area_code": "group", "held_on": "day", "start_time": "start"}

    def refuse(self, error: ValidationError) -> None:
        """Show an action's refusal at the cells that it speaks of."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, texts in by_field.items():
            cell = self._CELLS.get(name, name)
            for text in texts:
                self.add_error(cell if cell in self.fields else None, text)


def _number(value: Any) -> int:
    word = str(value or "").strip()
    return int(word) if word.isdecimal() else -1


Paper = forms.formset_factory(PaperRow, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
