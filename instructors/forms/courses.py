"""Forms of training courses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.forms.fields import day_field
from instructors.forms.instructors import area_field
from instructors.models import Course, Instructor, InstructorLevel


class CourseForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    area_code = area_field(_("For the area"))
    instructor_level = forms.TypedChoiceField(
        label=_("For the grade"),
        choices=[("", _("no grade: continuing education")), *InstructorLevel.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    organiser = forms.CharField(label=_("Organiser"), max_length=60, required=False)
    started_on = day_field(_("First day"))
    ended_on = day_field(_("Last day"))
    hours = forms.IntegerField(
        label=_("Hours"),
        min_value=1,
        max_value=1000,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["area_code"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("started_on"), data.get("ended_on")
        if first and last and last < first:
            raise ValidationError({"ended_on": _("The end cannot be before the start.")})
        return data


class InstructorChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name} · {obj.level_name} · {obj.place}"


class EnrolForm(forms.Form):
    """Which of those found go on the list."""

    instructors = InstructorChoices(
        label=_("Instructors and candidates"),
        queryset=Instructor.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, visible: Any, found: list[Instructor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["instructors"]
        field.queryset = visible
        field.widget.choices = [(row.pk, field.label_from_instance(row)) for row in found]


class ResultsForm(forms.Form):
    """One choice for each place in the course: passed, not passed, or not yet known."""

    _CHOICES = (
        ("", _("not yet known")),
        ("yes", pgettext_lazy("course", "passed")),
        ("no", _("not passed")),
    )

    def __init__(self, *args: Any, course: Course, attendances: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for attendance in attendances:
            known = {True: "yes", False: "no", None: ""}[attendance.passed]
            self.fields[f"passed-{attendance.pk}"] = forms.ChoiceField(
                label=attendance.instructor.person.name,
                choices=self._CHOICES,
                initial=known,
                required=False,
            )

    def results(self) -> dict[int, bool | None]:
        words = {"yes": True, "no": False, "": None}
        return {int(k.split("-")[1]): words[value] for k, value in self.cleaned_data.items()}
