"""The statistics jobs: figures follow the facts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from coverage import clock, folding, recount
from coverage.models import StaleMark
from coverage.reminders.standing import close_settled
from coverage.reports import archive
from coverage.snapshots import checking, freezing
from jiaozuo_grid.lasting import today
from jiaozuo_grid.periodic import Counts, daily, every, periodic
from jiaozuo_grid.periodic.declaring import QUICK


@periodic(
    "fold",
    title=_("Figures follow the facts"),
    about=_("Counts again what was entered, corrected or ended since the last time."),
    schedule=every(seconds=5),
    waiting=StaleMark.objects.exists,
    silence=timedelta(minutes=2),
    queue=QUICK,
    counts={"marks": _("changes counted")},
)
def fold() -> Counts:
    return {"marks": folding.fold()}


@periodic(
    "day",
    title=_("Figures follow the day"),
    about=_("Counts what falls due by the passing of days alone: meetings whose day is over."),
    schedule=every(minutes=2),
    waiting=clock.is_behind,
    queue=QUICK,
    counts={"days": _("new days")},
)
def follow_the_day() -> Counts:
    clock.keep_up_with_the_day()
    return {"days": 1}


@periodic(
    "recount",
    title=_("Nightly recount"),
    about=_("Counts everything from the rows and compares; a difference is a fault of ours."),
    schedule=daily(2, 30),
    counts={"recounts": _("recounts"), "differences": _("differences")},
)
def recount_nightly() -> Counts:
    return {"recounts": 1, "differences": len(recount.drift())}


@periodic(
    "monthly-snapshot",
    title=_("Months as reported"),
    about=_("Freezes each month on its day; what was missed is made good at the next run."),
    schedule=daily(3, 10),
    counts={"editions": _("editions frozen")},
)
def freeze_months() -> Counts:
    return {"editions": freezing.freeze_due()}


@periodic(
    "check-snapshots",
    title=_("Reported months are unchanged"),
    about=_(
        "Compares the months frozen lately with their digests, and each older one once in four "
        "weeks; a difference is tampering or damage."
    ),
    schedule=daily(4, 10),
    counts={"editions": _("editions compared"), "changed": _("editions changed")},
)
def check_snapshots() -> Counts:
    checked, wrong = checking.check_due(today())
    return {"editions": checked, "changed": len(wrong)}


@periodic(
    "reminders",
    title=_("Reminders close themselves"),
    about=_("Closes the reminders of rows that have left their gap."),
    schedule=every(minutes=10),
    counts={"closed": _("reminders closed")},
)
def close_reminders() -> Counts:
    return {"closed": close_settled()}


@periodic(
    "reports",
    title=_("Monthly and yearly reports"),
    about=_("Makes the reports of the city and its counties for every month that was frozen."),
    schedule=daily(4, 40),
    counts={"reports": _("reports made")},
)
def make_reports() -> Counts:
    return {"reports": archive.make_due()}
