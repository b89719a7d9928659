"""Periodic work: declared once, run on time, never two at once, each run on record.

How to declare a job, in the ``tasks.py`` of its app (found by itself, nothing else to register)::

    from jiaozuo_grid.periodic import Counts, daily, periodic

    @periodic(
        "snapshot",                               # short and stable: its address and its row
        title=_("Monthly snapshot"),
        about=_("Freezes each month as it was reported."),
        schedule=daily(4, 10),                    # or every(seconds=5), monthly(day=5, hour=4)
        counts={"months": _("months frozen")},    # how the page names what it counts
    )
    def take_due_snapshots() -> Counts:
        return {"months": snapshots.take_due()}

The function takes nothing, is plain (tests call it
directly), and must be right when it is run at any time, killed anywhere and run again: it looks in
the database for what is still to do and does that, each piece in a transaction of its own. It does
not ask what day it was meant for. A job missed while everything was off is run once, not once for
each time it was missed; so a monthly job takes all months that are still to take.

It returns what it did as ``{name: number}``. All zero, or None, means "nothing to do": such a run
is remembered only as the latest quiet one. It raises what it cannot do: ``ValidationError`` with
words for the reader, anything else as it comes. A failure is tried again after 10 s, 30 s, 90 s and
270 s; the fifth puts the job among the dead letters until its next regular time or until somebody
presses "run again".

``waiting`` is a cheap question, asked each time the job is due: False means that there is nothing
to do, and the function is not called. ``soon(name)``, called after a commit, has a job with
``waiting`` run without waiting for its time. ``limit`` is the longest that a run may take: one that
lasts longer is ended and counts as failed. ``silence`` is how long after its due time it may be
without a good end before the page and ``/health/jobs/`` call it overdue. ``queue`` is "long" unless
every run takes seconds ("statistics").

The parts: ``declaring`` and ``schedules`` (the above), ``models`` (where each job stands, and its
runs), ``alone`` (the lock), ``running`` (due, claim, run, end), ``asking`` (messages and beat),
``reading`` (what the page and the health check show).
"""

from jiaozuo_grid.periodic.asking import soon
from jiaozuo_grid.periodic.declaring import Counts, PeriodicJob, declared, periodic
from jiaozuo_grid.periodic.schedules import daily, every, monthly

__all__ = ["Counts", "PeriodicJob", "daily", "declared", "every", "monthly", "periodic", "soon"]
