"""Forms of organisations and of the offices in them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Person
from grids.actions.organisations import kinds_at
from grids.forms.appointments import PersonChoice
from grids.forms.fields import count_field, day_field, reason_field
from grids.models import OrganisationKind, Sport, Title


class OrganisationForm(forms.Form):
    """``new``: also where it stands, of which kind it is and since when, which never change."""

    area_code = forms.CharField(
        label=_("Code of the area that it serves"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("City 4 digits, county 6, township 9, village or community 12."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    name = forms.CharField(label=pgettext_lazy("organisation", "Name"), max_length=60)
    sport = forms.ModelChoiceField(
        label=_("Sport"),
        queryset=Sport.objects.all(),
        required=False,
        help_text=_("A single-sport association names its sport."),
    )
    registration_number = forms.CharField(
        label=_("Registration number"),
        max_length=40,
        required=False,
        help_text=_("Of the civil affairs office (统一社会信用代码), where registered."),
    )
    members_count = count_field(_("Members"))
    address = forms.CharField(label=_("Address"), max_length=80, required=False)
    started_on = day_field(_("In force from"))

    def __init__(self, *args: Any, new: bool = True, at: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            for name in ("area_code", "kind", "started_on"):
                del self.fields[name]
            return
        kind: Any = self.fields["kind"]
        here = kinds_at(at)
        if here:
            kind.choices = [(value, label) for value, label in kind.choices if value in here]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == OrganisationKind.ASSOCIATION and data.get("sport") is None:
            raise ValidationError({"sport": _("Name the sport of a single-sport association.")})
        return data


class OfficerForm(forms.Form):
    """Someone known (one of those found), or a new person by name and phone; office and term."""

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
    title = forms.ChoiceField(label=_("Office"), choices=Title.choices)
    started_on = day_field(_("In force from"))
    term_ends_on = day_field(_("Term ends on"), initial=None, required=False)
    reason = forms.CharField(label=_("Why the predecessor leaves"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
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
        del self.fields["title" if replacing else "reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        known, name = data.get("person"), data.get("name", "").strip()
        if known is None and not name:
            raise ValidationError({"name": _("Choose a person above, or enter a name.")})
        if known is not None and name:
            raise ValidationError(
                {"name": _("Either choose a person or enter a new one, not both.")}
            )
        start, end = data.get("started_on"), data.get("term_ends_on")
        if start is not None and end is not None and end < start:
            raise ValidationError({"term_ends_on": _("The term cannot end before it begins.")})
        return data


class TermForm(forms.Form):
    term_ends_on = day_field(
        _("Term ends on"),
        initial=None,
        required=False,
        help_text=_("After a re-election the last day of the new term; empty: without a term."),
    )


class EndOfficeForm(forms.Form):
    on = day_field(_("Ends on"))
    reason = reason_field()
