"""How figures are put before the eye: as text, with a state that needs no colour, and a link."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coverage.reading import AreaFigures, AsOf, Figure, Ratio
from coverage.registry import INDICATORS, Indicator
from coverage.registry.kinds import Direction

# From this share of the target on, an indicator counts as close to it.
CLOSE = 0.9


class State(StrEnum):
    """Where an indicator stands; each has its own sign and word besides its colour."""

    MET = "met"
    CLOSE = "close"
    SHORT = "short"
    UNKNOWN = "unknown"
    UNTARGETED = "untargeted"


STATE_NAMES = {
    State.MET: gettext_lazy("on target"),
    State.CLOSE: gettext_lazy("close to target"),
    State.SHORT: gettext_lazy("below target"),
    State.UNKNOWN: gettext_lazy("no data"),
    State.UNTARGETED: gettext_lazy("no target"),
}


def state_of(ratio: Ratio, direction: Direction = Direction.MORE) -> State:
    if ratio.value is None:
        return State.UNKNOWN
    if ratio.target is None:
        return State.UNTARGETED
    if direction is Direction.LESS:
        if ratio.value <= ratio.target:
            return State.MET
        return State.CLOSE if CLOSE * ratio.value <= ratio.target else State.SHORT
    if ratio.value >= ratio.target:
        return State.MET
    return State.CLOSE if ratio.value >= CLOSE * ratio.target else State.SHORT


def signed(difference: int | None) -> str:
    """With its sign: +12, −3, 0; a minus as wide as the plus. Nothing where it is not known."""
    if difference is None:
        return ""
    return f"+{difference:,}" if difference > 0 else f"{difference:,}".replace("-", "−")


def number(value: int | None) -> str:
    """An integer with its thousands marked, or the words for not known; never 0 for unknown."""
    return f"{value:,}" if value is not None else _("no data")


def share(value: float | None, per: int = 1) -> str:
    """A ratio, in per cent or per so many; rounded down, so that only the whole reads 100 %."""
    if value is None:
        return _("no data")
    return f"{floored(value) * 100:.1f}%" if per == 1 else f"{floored(value, per):,.2f}"


def floored(value: float, per: int = 1) -> float:
    """A ratio as it is shown, everywhere: a tenth of a per cent, or a hundredth, rounded down."""
    steps = 1000 if per == 1 else 100
    return math.floor(value * steps + 1e-6) / steps


def address(name: str, asked: AsOf, *args: str) -> str:
    """A coverage page, for the day and the map on which the reader is."""
    return f"{reverse(name, args=args)}?{urlencode(asked.query())}"


@dataclass(frozen=True)
class Shown:
    """A figure as text; ``url`` lists the rows counted ("" where it is not known)."""

    key: str
    text: str
    value: float | None
    url: str = ""
    note: str = ""
    state: str = ""
    applies: bool = True
    # What it is a part of: the figures of "8 / 9", each with its own rows.
    of: tuple[Shown, ...] = ()

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[State(self.state)]) if self.state else ""

    @property
    def is_known(self) -> bool:
        return self.value is not None


def target_text(indicator: Indicator, target: float | None = None) -> str:
    """The target that stands for an area, or the registry's own."""
    wanted = indicator.target if target is None else target
    if wanted is None:
        return _("none")
    return f"{wanted * 100:g}%" if indicator.per == 1 else f"{wanted:g}"


def known_in(figure: Figure) -> str:
    """What a sum leaves out: "known in 12 of 20 villages", or nothing where it is complete."""
    if figure.known is None or figure.of is None or figure.known >= figure.of:
        return ""
    return ngettext(
        "known in %(known)s of %(of)s village", "known in %(known)s of %(of)s villages", figure.of
    ) % {"known": f"{figure.known:,}", "of": f"{figure.of:,}"}


def shown_figure(area_code: str, key: str, figure: Figure, asked: AsOf) -> Shown:
    return Shown(
        key=key,
        text=number(figure.value),
        value=figure.value,
        url="" if figure.value is None else address("coverage-rows", asked, area_code, key),
        note=known_in(figure),
    )


def shown_share(area: AreaFigures, key: str, asked: AsOf, *, as_counts: bool = False) -> Shown:
    """A ratio with its state; ``as_counts`` "8 / 9" where people know each of the nine.

    A share leads to where it is taken apart, the two counts to their rows.
    """
    indicator, ratio = INDICATORS[key], area.ratios[key]
    state = state_of(ratio, indicator.direction)
    if as_counts and ratio.value is not None:
        pair = tuple(
            shown_figure(area.area_code, part, area.figures[part], asked)
            for part in (indicator.numerator, indicator.denominator)
        )
        text = " / ".join(one.text for one in pair)
        return Shown(key=key, text=text, value=ratio.value, state=state, of=pair)
    url = ""
    if ratio.value is not None:
        url = address("coverage", asked, area.area_code) + f"#indicator-{key}"
    text = share(ratio.value, indicator.per)
    return Shown(key=key, text=text, value=ratio.value, url=url, state=state)


def not_here(key: str) -> Shown:
    """A measure that means nothing at this level, which is not the same as not known."""
    return Shown(key=key, text="—", value=None, applies=False)


def values_of(area: AreaFigures) -> Mapping[str, float | None]:
    """All figures and ratios of an area by key, for sorting and for the map."""
    ratios: dict[str, float | None] = {key: ratio.value for key, ratio in area.ratios.items()}
    return {**ratios, **{key: figure.value for key, figure in area.figures.items()}}
