"""Forms of handing over, and of someone who dies or moves away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from grids.actions.leaving import Leaving
from grids.forms.fields import day_field, reason_field
from grids.handover import Item
from jiaozuo_grid.lasting import today

STAYS, VACANT = "stays", "vacant"
# The fields of the things themselves begin with this.
THING = "to-"


class HandoverForm(forms.Form):
    """For each thing who gets it; what is not said goes to ``all_to``, or stays."""

    all_to = forms.ChoiceField(label=_("Everything below goes to"), required=False)
    on = day_field(_("From"), initial=today)
    reason = reason_field()

    leaving = False

    def __init__(
        self,
        *args: Any,
        items: list[Item],
        visible: QuerySet[Person],
        found: list[Person],
        decide: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = [item for item in items if item.may_move]
        self.visible = visible
        self.people = [(str(p.pk), f"{p.name} {p.masked_phone}".strip()) for p in found]
        fields: dict[str, Any] = self.fields
        fields["all_to"].choices = [("", _("nobody in particular")), *self.people]
        for item in self.items:
            fields[THING + item.key] = forms.ChoiceField(
                label=item.description,
                choices=self._choices(item, must=item.key == decide),
                required=item.key == decide,
                help_text=str(item.holding.label),
                error_messages={
                    "required": _("Choose a successor, or say that it is left vacant.")
                },
            )

    def _choices(self, item: Item, *, must: bool) -> list[tuple[str, Any]]:
        if item.personal:
            return [("", _("ends"))]
        if must:
            blank: list[tuple[str, Any]] = [("", "—")]
        elif not self.leaving:
            blank = [("", _("as chosen above, otherwise stays")), (STAYS, _("stays"))]
        elif item.must_move:
            blank = [("", _("as chosen above"))]
        else:
            blank = [("", _("as chosen above, otherwise ends"))]
        vacant = _("leave vacant") if item.must_move else _("ends without a successor")
        return [*blank, *self.people, (VACANT, vacant)]

    @property
    def common_fields(self) -> list[Any]:
        return [field for field in self if not field.name.startswith(THING)]

    @property
    def thing_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith(THING)]

    def plan(self) -> dict[str, Person | None]:
        """Who gets what, for ``grids.handover``."""
        chosen = {item.key: self._chosen(item) for item in self.items}
        wanted = {int(value) for value in chosen.values() if value.isdigit()}
        people = {person.pk: person for person in self.visible.filter(pk__in=wanted)}
        plan: dict[str, Person | None] = {}
        for key, value in chosen.items():
            if value == VACANT:
                plan[key] = None
            elif value.isdigit():
                plan[key] = people[int(value)]
        return plan

    def _chosen(self, item: Item) -> str:
        own: str = self.cleaned_data[THING + item.key]
        if own or item.personal:
            return own
        common: str = self.cleaned_data["all_to"]
        return common


class LeavingForm(HandoverForm):
    """How and when somebody left, and what becomes of what they hold."""

    how = forms.ChoiceField(label=_("What happened"), choices=Leaving.choices)
    left_on = day_field(_("On which day"), initial=None)

    leaving = True
    field_order = ["how", "left_on", "all_to", "on", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Posts pass on or end from")
        self.fields["left_on"].widget.attrs["max"] = today().isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        left: date | None = data.get("left_on")
        if left is not None and left > today():
            raise ValidationError({"left_on": _("This day has not come yet.")})
        return data
