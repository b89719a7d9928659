"""What the phone's page is made of, whoever looks at it: its forms, its words, its scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.templatetags.static import static
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.forms import WithdrawForm
from activities.models import Reason
from activities.outbox.kinds import phone_forms
from activities.version import app_version
from jiaozuo_grid.notes import note_answers

# Usual reasons, a tap each; another can be typed.
CORRECT_REASONS = [_("number miscounted"), _("wrong day or time"), _("wrong place")]
WITHDRAW_REASONS = [
    _("logged twice"),
    _("did not take place"),
    _("logged for another group"),
]
# Not of a hobby grid: offered below the groups, with the page that does it without a script.
_OTHERS = {"lecture/log": "log-lecture", "event/log": "log-event"}
# Meetings are called off by a tap on the reason; that needs no form.
_WITHOUT_FORM = {"session/called-off"}
# The page's modules in one file (Makefile).
SCRIPT = "bundles/phone/main.js"


@dataclass(frozen=True)
class Link:
    text: Any
    url: str


@dataclass(frozen=True)
class Entry:
    """A form of the outbox as the page's templates want it."""

    key: str
    title: Any
    form: forms.Form

    @property
    def verb(self) -> str:
        """ "correct", "withdraw"; empty for something new."""
        verb = self.key.partition("/")[2]
        return verb if verb in ("correct", "withdraw") else ""

    @property
    def undoes(self) -> bool:
        return self.verb == "withdraw"

    @property
    def reasons(self) -> list[Any]:
        return WITHDRAW_REASONS if self.undoes else CORRECT_REASONS

    @property
    def button(self) -> Any:
        known = {"correct": _("Correct"), "withdraw": _("Withdraw")}
        return known.get(self.verb, pgettext_lazy("button", "Log"))

    @property
    def url_name(self) -> str:
        return _OTHERS.get(self.key, "")


def entries() -> list[Entry]:
    found = [Entry(one.key, one.title, one.form) for one in phone_forms()]
    known = {entry.key for entry in found}
    for key, title in (
        ("lecture/withdraw", _("Withdraw a lecture")),
        ("event/withdraw", _("Withdraw an event")),
    ):
        if key not in known:
            found.append(Entry(key, title, WithdrawForm()))
    return [entry for entry in found if entry.key not in _WITHOUT_FORM]


def page_context() -> dict[str, Any]:
    found = entries()
    return {
        "forms": found,
        "others": [entry for entry in found if entry.url_name],
        "weekdays": WEEKDAYS.values(),
        "called_off_reasons": Reason.choices,
        "note_answers": note_answers(),
        "script": static(SCRIPT),
        "version": app_version(),
        "spread": settings.PHONES_SPREAD,
        # Lists that the script draws; without a post the page has no place for them.
        "unused": ["today", "missing", "coming", "groups"],
    }


def shell_assets() -> list[str]:
    """The addresses of all files that the page needs without a network."""
    files = [
        "css/grid.css",
        "css/activities.css",
        "css/phone.css",
        "img/logo.svg",
        SCRIPT,
    ]
    return [static(path) for path in files]
