"""Forms of stations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from grids.forms.appointments import PersonChoice
from grids.forms.fields import count_field, day_field
from grids.forms.grids import WEEKDAYS
from grids.models import Sport
from jiaozuo_grid.lasting import today
from stations.actions import Fault, Hours
from stations.coordinates import Datum
from stations.models import Equipment, StationKind

YES_NO = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
# Lines offered beyond those there are; who needs more saves and opens the form again.
SPARE_LINES = 3


def _degrees(label: Any) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, required=False, widget=widget)


class StationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=StationKind.choices)
    address = forms.CharField(label=_("Address"), max_length=80, required=False)
    longitude = _degrees(_("Longitude"))
    latitude = _degrees(_("Latitude"))
    datum = forms.ChoiceField(
        label=_("Coordinates from"),
        choices=Datum.choices,
        initial=Datum.WGS84,
        required=False,
        help_text=_("Numbers copied from another map are converted."),
    )
    square_metres = count_field(_("Area (m²)"))
    lighted = forms.ChoiceField(label=_("Lighting"), choices=YES_NO, required=False)
    usual_people = count_field(_("People at a usual activity"), max_value=100_000)
    sports = forms.ModelMultipleChoiceField(
        label=_("Sports"),
        queryset=Sport.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    started_on = day_field(_("In force from"))

    def __init__(self, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["started_on"]

    def clean_lighted(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["lighted"])

    def clean_datum(self) -> str:
        return self.cleaned_data["datum"] or Datum.WGS84


class PostForm(forms.Form):
    """Who is posted: one of those found, or a new person by name and phone."""

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
        help_text=_("Who is entered already with this name and number is recognised."),
    )
    started_on = day_field(_("In force from"))

    def __init__(
        self, *args: Any, visible: QuerySet[Person], found: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = visible
        # Only those found are offered; anyone the user sees is accepted.
        blank = [("", person.empty_label)]
        person.widget.choices = [*blank, *((p.pk, person.label_from_instance(p)) for p in found)]
        if not found and not self.is_bound:
            person.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen, named = data.get("person"), data.get("name", "").strip()
        if chosen is None and not named:
            raise ValidationError({"name": _("Choose a person above, or enter a name.")})
        if chosen is not None and named:
            raise ValidationError(
                {"name": _("Either choose a person or enter a new one, not both.")}
            )
        return data


class EquipmentForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        initial=1,
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    installed_on = day_field(_("Installed on"), initial=None, required=False)
    life_years = count_field(
        _("Service life (years)"),
        min_value=1,
        max_value=50,
        help_text=_("Left empty, the usual service life holds."),
    )


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class HoursForm(forms.Form):
    """Lines of opening hours: weekdays, from, to, guided or not. An empty line is none."""

    def __init__(self, *args: Any, lines: list[Hours], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(lines) + SPARE_LINES
        if self.is_bound:
            sent = sum(1 for name in self.data if name.endswith("-opens_at"))
            self.count = min(max(sent, 1), 50)
        for number in range(self.count):
            line = lines[number] if number < len(lines) else None
            self._add_line(number, line)

    def _add_line(self, number: int, line: Hours | None) -> None:
        fields: dict[str, forms.Field] = {
            "weekdays": forms.MultipleChoiceField(
                label=_("Weekdays"),
                choices=WEEKDAYS,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=list(line.weekdays) if line else [],
            ),
            "opens_at": _clock(_("from"), line.opens_at if line else None),
            "closes_at": _clock(_("to"), line.closes_at if line else None),
            "guided": forms.BooleanField(
                label=_("with guidance"), required=False, initial=bool(line and line.guided)
            ),
        }
        for name, field in fields.items():
            self.fields[f"{number}-{name}"] = field

    @property
    def lines(self) -> list[dict[str, forms.BoundField]]:
        names = ("weekdays", "opens_at", "closes_at", "guided")
        return [{name: self[f"{n}-{name}"] for name in names} for n in range(self.count)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.hours: list[Hours] = []
        for n in range(self.count):
            days, opens, closes = (
                data.get(f"{n}-{name}") for name in ("weekdays", "opens_at", "closes_at")
            )
            if not days and not opens and not closes:
                continue
            if not days or not opens or not closes:
                self.add_error(
                    f"{n}-opens_at", _("Give the weekdays, from when, and to when; or clear it.")
                )
                continue
            self.hours.append(Hours("".join(days), opens, closes, bool(data.get(f"{n}-guided"))))
        return data


def _clock(label: Any, initial: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, required=False, widget=widget, initial=initial)


class InspectionForm(forms.Form):
    """Everything in order is one tap; else a line for each equipment and for what is beside it."""

    inspected_on = day_field(_("Inspected on"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, equipment: list[Equipment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"fault-{row.pk}": row for row in equipment}
        for name, row in self.places.items():
            label = f"{row.name} × {row.quantity}" if row.quantity > 1 else row.name
            self.fields[name] = _fault(label)
        self.fields["fault"] = _fault(_("Something else"))

    @property
    def fault_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.places, "fault")]

    @property
    def details(self) -> list[forms.BoundField]:
        return [self["inspected_on"], self["note"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        found = [(data.get(name, ""), row) for name, row in self.places.items()]
        found.append((data.get("fault", ""), None))  # type: ignore[arg-type]
        self.faults = [Fault(text, row) for text, row in found if text]
        if "in_order" in self.data and self.faults:
            raise ValidationError(
                _("You wrote down a fault. Record the faults, or clear the lines.")
            )
        if "in_order" not in self.data and not self.faults:
            raise ValidationError(
                _("Say what is wrong, or tap “Everything in order”."),
            )
        return data


def _fault(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, required=False)


class FaultForm(forms.Form):
    """A fault that somebody reports who is signed in."""

    description = forms.CharField(label=_("What is wrong?"), max_length=200)
    equipment = forms.ModelChoiceField(
        label=_("Equipment"),
        queryset=Equipment.objects.none(),
        required=False,
        empty_label=_("something else"),
    )

    def __init__(self, *args: Any, equipment: QuerySet[Equipment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["equipment"].queryset = equipment  # type: ignore[attr-defined]


class PublicFaultForm(forms.Form):
    """A fault that a passer-by reports. ``website`` is for machines: people do not see it."""

    description = forms.CharField(
        label=_("What is broken, and where?"),
        min_length=2,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def clean_description(self) -> str:
        return " ".join(self.cleaned_data["description"].split())


class AcceptForm(forms.Form):
    holder = PersonChoice(
        label=_("In whose hands"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("unchanged"),
    )
    due_on = day_field(_("Due on"), initial=None)

    def __init__(self, *args: Any, holders: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = holders  # type: ignore[attr-defined]


class FinishForm(forms.Form):
    done_on = day_field(_("Repaired on"), initial=today)
    outcome = forms.CharField(label=_("What was done"), max_length=200, required=False)


class RejectForm(forms.Form):
    outcome = forms.CharField(label=_("Why there is nothing to repair"), max_length=200)


class MoveForm(forms.Form):
    on = day_field(_("In force from"))
