"""The numbers that make a session doubtful; the bureau sets its own on the page of rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.rules import Rule, declare, values_on

SAME_COUNT = "review.same_count"
SAME_COUNT_ABOVE = "review.same_count_above"
DAY_OF_USER = "review.day_of_user"
DAY_OF_GROUP = "review.day_of_group"

_OURS = _("Chosen for this system; change it freely.")


def declare_rules() -> None:
    """Called once, when the app is ready."""
    sessions = pgettext_lazy("unit", "sessions")
    for rule in (
        Rule(
            SAME_COUNT,
            4,
            _("To look at: the same number of participants, sessions in a row"),
            sessions,
            _OURS,
            least=2,
            most=50,
        ),
        Rule(
            SAME_COUNT_ABOVE,
            10,
            _("The same number is usual up to"),
            pgettext_lazy("unit", "people"),
            _OURS,
        ),
        Rule(
            DAY_OF_USER,
            40,
            _("To look at: sessions of one day that one person logged"),
            sessions,
            _OURS,
            least=2,
        ),
        Rule(
            DAY_OF_GROUP,
            7,
            _("To look at: sessions of one hobby grid on one day"),
            sessions,
            _OURS,
            least=2,
            most=100,
        ),
    ):
        declare(rule)


def values() -> dict[str, float]:
    """The numbers of today: a doubt arises on the day on which it is written. One query."""
    return values_on()
