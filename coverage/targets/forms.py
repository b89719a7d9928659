"""The forms of targets: shares are written in per cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.registry import Indicator
from coverage.targets.actions import YEARS_AHEAD
from coverage.targets.wording import checked, factor, most_of, step_of, unit_of, written
from jiaozuo_grid.lasting import today

REASON: dict[str, Any] = {
    "label": gettext_lazy("Reason"),
    "max_length": 200,
    "help_text": gettext_lazy("The document or decision that says so."),
}


class TargetField(forms.DecimalField):
    """A target of an indicator, as it is written; cleaned to what is stored."""

    def __init__(self, indicator: Indicator, **options: Any) -> None:
        super().__init__(max_digits=13, **options)
        self.indicator = indicator
        most, step = most_of(indicator), step_of(indicator)
        self.widget.attrs |= {
            "inputmode": "decimal",
            "min": "0",
            "max": f"{most * factor(indicator):g}",
            "step": f"{step * factor(indicator):g}",
        }

    def prepare_value(self, value: Any) -> Any:
        """What is stored is shown as it is written; what somebody typed stays as it is."""
        if isinstance(value, Decimal | float):
            return written(self.indicator, value).rstrip("%")
        return value

    def clean(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().rstrip("%％")
        number = super().clean(value)
        if number is None:
            return None
        try:
            return checked(self.indicator, number / factor(self.indicator))
        except ValidationError as error:
            raise ValidationError(error.message_dict["value"]) from None


class TargetForm(forms.Form):
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year: Any = self.fields["year"]
        this = today().year
        year.choices = [(n, n) for n in range(this, this + YEARS_AHEAD + 1)]
        self.fields["value"] = TargetField(
            indicator,
            label=_("Target at the end of the year (%(unit)s)") % {"unit": unit_of(indicator)},
        )
        self.fields["reason"] = forms.CharField(**REASON)


class WithdrawForm(forms.Form):
    year = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(**REASON)


class AllocationForm(forms.Form):
    """A value for each child, and one reason for all."""

    def __init__(
        self, *args: Any, indicator: Indicator, children: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [code for code, _name in children]
        for code, name in children:
            self.fields[f"value-{code}"] = TargetField(indicator, label=name)
        self.fields["reason"] = forms.CharField(**REASON)

    @property
    def values(self) -> dict[str, Decimal]:
        return {code: self.cleaned_data[f"value-{code}"] for code in self.codes}
