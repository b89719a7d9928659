"""What phones are told, in the words of whoever reads it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Told = dict[str, str]

# Why an amendment is refused before its action is asked.
NOT_APPLIED = {
    "predecessor": gettext_lazy("What it follows was refused, so it was not applied."),
    "discarded": gettext_lazy("What it belongs to was discarded, so it was not applied."),
    "joined": gettext_lazy("Its record was joined to another one that stands."),
    "replaced": gettext_lazy("Its record was lost and entered again. Correct that one."),
    "never_came": gettext_lazy("Its record never arrived, so it was not applied."),
}


def moved() -> Told:
    text = _("The group has moved since. The record was put where it belongs now.")
    return {"code": "moved", "text": text}


def day_corrected(sent: date, kept: date) -> Told:
    text = _("The phone's clock was wrong. The day was corrected from %(sent)s to %(kept)s.") % {
        "sent": sent.isoformat(),
        "kept": kept.isoformat(),
    }
    return {"code": "day", "text": text}


def left_out(names: Collection[str]) -> Told:
    text = _("Not known here, and left out: %(names)s.") % {"names": ", ".join(sorted(names))}
    return {"code": "left_out", "text": text}


def joined() -> Told:
    return {"code": "joined", "text": _("It was joined to the record that stands.")}


def unknown_kind() -> str:
    return _("This kind of record is not known here.")


def unreadable() -> str:
    return _("This cannot be read.")


def too_many_kept() -> str:
    return _("Too much waits for records that have not arrived. Send those first.")
