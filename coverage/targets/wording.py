"""A target as people write it: shares in per cent, the rest as it is; its step and its bounds."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from coverage.registry import Indicator

# What is counted for so many people cannot be more than a few times as many.
MOST = Decimal(1000)


def is_share(indicator: Indicator) -> bool:
    return indicator.per == 1


def factor(indicator: Indicator) -> int:
    """What a stored value is multiplied with to be read: shares are written in per cent."""
    return 100 if is_share(indicator) else 1


def step_of(indicator: Indicator) -> Decimal:
    """The finest difference that is set: a tenth of a per cent, or a hundredth."""
    return Decimal("0.001") if is_share(indicator) else Decimal("0.01")


def most_of(indicator: Indicator) -> Decimal:
    """A share is at most the whole; what is counted otherwise may be more than one for each."""
    return Decimal(1) if is_share(indicator) else MOST


def rounded(indicator: Indicator, value: float | Decimal) -> Decimal:
    return Decimal(value).quantize(step_of(indicator), rounding=ROUND_HALF_EVEN)


def unit_of(indicator: Indicator) -> str:
    if is_share(indicator):
        return "%"
    return _("per %(many)s") % {"many": f"{indicator.per:,}"}


def written(indicator: Indicator, value: float | Decimal | None) -> str:
    """A target as text, "90%" or "3"; a dash where there is none."""
    if value is None:
        return "—"
    text = f"{float(value) * factor(indicator):.3f}".rstrip("0").rstrip(".")
    return f"{text}%" if is_share(indicator) else text


def checked(indicator: Indicator, value: Decimal) -> Decimal:
    """The value, if it can be a target of the indicator; raises ``ValidationError``."""
    if not 0 <= value <= most_of(indicator):
        raise ValidationError(
            {
                "value": _("Between 0 and %(most)s.")
                % {"most": written(indicator, most_of(indicator))}
            }
        )
    if value != rounded(indicator, value):
        raise ValidationError(
            {"value": _("In steps of %(step)s.") % {"step": written(indicator, step_of(indicator))}}
        )
    return value
