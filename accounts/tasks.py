"""What runs at night."""

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.periodic import Counts, daily, periodic


@periodic(
    "forget-sign-ins",
    title=_("Forget old sign-ins"),
    about=_("Removes sign-ins whose time is over; nobody is signed out by it."),
    schedule=daily(1, 20),
    counts={"forgotten": _("sign-ins forgotten")},
)
def forget_sign_ins() -> Counts:
    return {"forgotten": Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]}
