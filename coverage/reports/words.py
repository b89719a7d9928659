"""What spreadsheet and PDF say in the same words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from coverage.shown import STATE_NAMES, State, share

# A shape for each state: they can be told apart in black and white, and by fonts of any office.
LIGHTS = {State.MET: "●", State.CLOSE: "▲", State.SHORT: "◆"}


def lights(state: str) -> str:
    return LIGHTS.get(State(state), "–") if state else "–"


def state_words(state: str) -> str:
    return f"{lights(state)} {STATE_NAMES[State(state)]}"


def key_of_lights() -> str:
    return _("● on target  ▲ close to it (nine tenths or more)  ◆ below it  – no data, no target")


def moment(iso: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(iso)):%Y-%m-%d %H:%M}" if iso else ""


def sealed_text(content: dict[str, Any]) -> str:
    """Whether the figures are the reported ones of an edition, or stand as they were found."""
    if content["edition"]:
        return _("Sealed, edition %(n)s") % {"n": content["edition"]}
    return _("Not sealed: figures as they stood at the time given")


def signed_text(content: dict[str, Any]) -> str:
    signed = content["signed"]
    if not signed:
        return _("not signed yet") if content["edition"] else "—"
    return " ".join((signed["post"], signed["name"], moment(signed["at"])))


def facts(content: dict[str, Any]) -> list[tuple[str, str]]:
    """The title block: what it is about, of when, by whom, and how it can be verified."""
    found = [
        (_("Area"), f"{content['area']['name']} ({content['area']['code']})"),
        (_("Period"), content["period"]["name"]),
        (_("Figures as of"), content["on"]),
        (_("Issued by"), content["issuer"]),
        (_("State of the figures"), sealed_text(content)),
        (_("Known at"), moment(content["stands_at"]) or _("no data")),
        (_("Signed"), signed_text(content)),
    ]
    receipt = content.get("receipt")
    if receipt:
        found.append((_("Receipt"), f"{receipt['code']}  {receipt['address']}"))
    return found


def count_text(value: int | None) -> str:
    return _("no data") if value is None else f"{value:,}"


def value_text(indicator: dict[str, Any], value: float | None) -> str:
    """As pages show it."""
    return share(value, indicator["per"])


def target_text(indicator: dict[str, Any], target: float | None) -> str:
    if target is None:
        return "—"
    return f"{target * 100:g}%" if indicator["share"] else f"{target:g}"
