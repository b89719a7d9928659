"""Forms of appointing and ending."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from grids.forms.fields import day_field, reason_field
from grids.models import Background, Role
from jiaozuo_grid.lasting import today

WITH_BACKGROUND = (Role.GRID_LEADER, Role.GRID_MEMBER)


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} {obj.masked_phone}".strip()


class AppointForm(forms.Form):
    """Someone known (one of those found), or a new person by name and phone."""

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
    background = forms.ChoiceField(
        label=_("Background"), choices=[("", "—"), *Background.choices], required=False
    )
    started_on = day_field(_("In force from"))
    reason = forms.CharField(label=_("Why the predecessor leaves"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        role: str,
        visible: QuerySet[Person],
        found: list[Person],
        replacing: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = visible
        # Only those found are offered; anyone the user sees is accepted.
        blank = [("", person.empty_label)]
        person.widget.choices = [*blank, *((p.pk, person.label_from_instance(p)) for p in found)]
        if not found and not self.is_bound:
            person.widget = forms.HiddenInput()
        if role not in WITH_BACKGROUND:
            del self.fields["background"]
        if not replacing:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("person") is None and not data.get("name", "").strip():
            raise ValidationError({"name": _("Choose a person above, or enter a name.")})
        if data.get("person") is not None and data.get("name", "").strip():
            raise ValidationError(
                {"name": _("Either choose a person or enter a new one, not both.")}
            )
        return data


class EndForm(forms.Form):
    on = day_field(_("Ends on"), initial=today)
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _("The first day on which it is no longer in force.")


class EndAppointmentForm(EndForm):
    """``vacant``: the post must be filled, so that its being left vacant is said in words."""

    vacant = forms.BooleanField(
        label=_("The grid is left without a leader until another is appointed"),
        error_messages={"required": _("Say so, or go back and replace the grid leader instead.")},
    )

    def __init__(self, *args: Any, vacant: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not vacant:
            del self.fields["vacant"]


class EndAppointmentsForm(EndForm):
    """Ending many posts at once; asked in words where leaders are among them."""

    vacant = forms.BooleanField(
        label=_("Grids whose leader is among them are left without one until another is appointed"),
        required=False,
    )
