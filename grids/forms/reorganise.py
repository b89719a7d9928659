"""What each change of the map asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grids.forms.fields import count_field, day_field
from grids.models import Division, Grid, HobbyGrid
from jiaozuo_grid.area import is_area_code

Choices = Sequence[tuple[str, Any]]
PARTS = 4


class ReorganiseForm(forms.Form):
    """Every change has a day and a decision; ``params`` are what the operation takes."""

    on = day_field(_("Holds from"), help_text=_("The first day of the new order, at latest today."))
    reason = forms.CharField(
        label=_("Decision or reason"),
        max_length=200,
        help_text=_("For example the number of the document."),
    )

    def params(self) -> dict[str, Any]:
        """The cleaned values, as JSON can hold them."""
        return {**self.cleaned_data, "on": f"{self.cleaned_data['on']:%Y-%m-%d}"}


class TargetForm(ReorganiseForm):
    """Into what it merges, or where it moves: a choice of areas, grouped."""

    target = forms.ChoiceField(label=_("Into"))
    field_order = ["target", "on", "reason"]

    def __init__(self, *args: Any, choices: Choices, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["target"]
        field.choices = [("", "—"), *choices]
        if label:
            field.label = label


class MergeForm(TargetForm):
    """Two villages become one, or one that was entered twice becomes one entry."""

    same_place = forms.BooleanField(
        label=_("The same village, entered twice"),
        required=False,
        help_text=_("Then its residents are not added to the other's."),
    )
    field_order = ["target", "same_place", "on", "reason"]


class RenumberForm(ReorganiseForm):
    new_code = forms.CharField(
        label=_("New code"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("New name"), max_length=100, required=False)
    field_order = ["new_code", "name", "on", "reason"]

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:
        kwargs["initial"] = {"new_code": division.area_code, "name": division.name}
        super().__init__(*args, **kwargs)
        if len(division.area_code) == 12:
            self.fields["new_code"].help_text = _(
                "12 digits. The last three of a community are 001 to 199, of a village 200 to 399."
            )

    def clean_new_code(self) -> str:
        code: str = self.cleaned_data["new_code"].strip()
        if not is_area_code(code):
            raise ValidationError(_("This is not an area code."))
        return code


class SplitForm(ReorganiseForm):
    """Up to four parts with names and figures, and to which part each hobby grid goes."""

    leader_part = forms.TypedChoiceField(label=_("The grid leader stays with"), coerce=int)

    def __init__(self, *args: Any, grid: Grid, groups: Sequence[HobbyGrid], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = list(groups)
        numbers = [(n, _("part %(n)d") % {"n": n + 1}) for n in range(PARTS)]
        for n in range(PARTS):
            needed = n < 2
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("Name"),
                max_length=50,
                required=needed,
                initial=f"{grid.name}{'甲乙'[n]}" if needed else "",
            )
            self.fields[f"households_{n}"] = count_field(_("Households"))
            self.fields[f"population_{n}"] = count_field(_("Population"))
        for group in self.groups:
            self.fields[f"part_of_{group.area_code}"] = forms.TypedChoiceField(
                label=f"{group.name}（{group.sport}）", choices=numbers, coerce=int, initial=0
            )
        leader: Any = self.fields["leader_part"]
        leader.choices, leader.initial = numbers, 0
        named = [name for name in self.fields if name not in ("on", "reason", "leader_part")]
        self.order_fields([*named, "leader_part", "on", "reason"])

    def part_fields(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The fields of each part, for the template."""
        return [
            (n + 1, [self[f"{what}_{n}"] for what in ("name", "households", "population")])
            for n in range(PARTS)
        ]

    def more_parts(self) -> bool:
        """Whether more than two parts were filled in."""
        return any(self[f"name_{n}"].value() for n in range(2, PARTS))

    def other_fields(self) -> list[forms.BoundField]:
        first = [self[f"part_of_{group.area_code}"] for group in self.groups]
        return [*first, self["leader_part"], self["on"], self["reason"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = {n for n in range(PARTS) if cleaned.get(f"name_{n}")}
        for field in ("leader_part", *(f"part_of_{group.area_code}" for group in self.groups)):
            if cleaned.get(field) is not None and cleaned[field] not in named:
                self.add_error(field, _("Give this part a name first, or choose another."))
        for n in set(range(PARTS)) - named:
            if cleaned.get(f"households_{n}") or cleaned.get(f"population_{n}"):
                self.add_error(f"name_{n}", _("Give this part a name."))
        return cleaned

    def params(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        named = [n for n in range(PARTS) if cleaned[f"name_{n}"]]
        parts = [
            {
                "name": cleaned[f"name_{n}"],
                "households": cleaned[f"households_{n}"],
                "population": cleaned[f"population_{n}"],
                "hobby_grids": [
                    group.area_code
                    for group in self.groups
                    if cleaned[f"part_of_{group.area_code}"] == n
                ],
            }
            for n in named
        ]
        return {
            "parts": parts,
            "leader_part": named.index(cleaned["leader_part"]),
            "on": f"{cleaned['on']:%Y-%m-%d}",
            "reason": cleaned["reason"],
        }
