"""What runs at night."""

from django.utils.translation import gettext_lazy as _

from activities.actions.checkin import forget_check_ins as forget
from activities.outbox import tidying
from jiaozuo_grid.periodic import Counts, daily, periodic


@periodic(
    "forget-check-ins",
    title=_("Forget check-ins"),
    about=_("Empties positions and phones of check-ins that are no longer needed; counts stay."),
    schedule=daily(1, 30),
    counts={"forgotten": _("check-ins emptied")},
)
def forget_check_ins() -> Counts:
    return {"forgotten": forget()}


@periodic(
    "tidy-outbox",
    title=_("Tidy the outbox"),
    about=_("Removes photos that stopped coming and gives up what waits for a lost record."),
    schedule=daily(1, 45),
    counts={"photos": _("photos removed"), "given_up": _("given up")},
)
def tidy_outbox() -> Counts:
    return tidying.tidy()
