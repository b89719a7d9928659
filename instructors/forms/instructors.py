"""Forms of entering and changing instructors, of registrations and services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.identity import identity_of
from accounts.models import Person
from grids.forms.fields import day_field
from grids.models import Sport
from instructors.forms.promotions import certificate_fields
from instructors.models import InstructorLevel, ServiceKind
from jiaozuo_grid.lasting import today


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(part for part in (obj.name, obj.masked_phone, obj.place) if part)


def area_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=17,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "list": "areas"}),
        help_text=_("The code of a village, a community or another area; begin to write its name."),
    )


def sports_field() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=_("Sports taught"),
        queryset=Sport.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class EnterForm(forms.Form):
    """Someone known (one of those found), or a new person; and their first certificate."""

    person = PersonChoice(
        label=_("Someone already entered"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        required=False,
        empty_label=_("A new person (below)"),
        blank=True,
    )
    name = forms.CharField(label=_("Name of the new person"), max_length=50, required=False)
    phone = forms.CharField(
        label=_("Mobile number of the new person"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label=_("Identity number of the new person"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Tells birth and sex, and who is entered already; the number is not stored."),
    )
    anew = forms.BooleanField(
        label=_("None of these: it is somebody else"), required=False, widget=forms.HiddenInput
    )
    area_code = area_field(_("Serves in"))
    sports = sports_field()
    level = forms.TypedChoiceField(
        label=_("Grade of the first certificate"),
        choices=[("", _("none yet: a candidate in training")), *InstructorLevel.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    number, granted_on, granted_by = certificate_fields(required=False)

    def __init__(
        self, *args: Any, visible: QuerySet[Person], found: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = visible
        blank = [("", person.empty_label)]
        person.widget.choices = [*blank, *((p.pk, person.label_from_instance(p)) for p in found)]
        if not found and not self.is_bound:
            person.widget = forms.HiddenInput()
        self.fields["granted_on"].initial = None

    def clean_id_number(self) -> str:
        number: str = self.cleaned_data["id_number"]
        if number.strip():
            identity_of(number)
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        new = data.get("name", "").strip()
        if data.get("person") is None and not new and "person" not in self.errors:
            raise ValidationError({"name": _("Choose a person above, or enter a name.")})
        if data.get("person") is not None and new:
            raise ValidationError(
                {"name": _("Either choose a person or enter a new one, not both.")}
            )
        if data.get("level") is not None:
            for field in ("number", "granted_on"):
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, _("Enter what stands on the certificate."))
        elif data.get("number"):
            self.add_error("level", _("Choose the grade of this certificate."))
        return data

    def ask_whether_anew(self) -> None:
        self.fields["anew"].widget = forms.CheckboxInput()


class EditForm(forms.Form):
    area_code = area_field(_("Serves in"))
    on = day_field(_("From"), required=False)
    sports = sports_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _("Only where the place changes: since when.")


class ResumeForm(forms.Form):
    area_code = area_field(_("Serves in"))
    on = day_field(_("In force from"))


def _year_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Year"),
        min_value=1994,
        max_value=2100,
        initial=lambda: today().year,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class RegisterForm(forms.Form):
    year = _year_field()
    on = day_field(_("Registered on"))


class RegisterManyForm(RegisterForm):
    """The same, for the marked rows of a list."""


class ServiceForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ServiceKind.choices)
    held_on = day_field(_("Day"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=24 * 60,
        initial=60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(label=_("What was done"), max_length=200)
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=200,
        help_text=_("What shows it: a notice, a list of participants, who confirms it."),
    )
