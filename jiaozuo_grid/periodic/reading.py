"""How the periodic jobs stand: for the page of the bureau, and for the health check."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiaozuo_grid.periodic.declaring import PeriodicJob, declared
from jiaozuo_grid.periodic.models import JobClock, JobRun, Outcome

# So many of the latest runs of each job are shown as bars.
LATEST = 20

GIVEN_UP, LATE, RETRYING, RUNNING, GOOD, NEW = (
    "given_up",
    "late",
    "retrying",
    "running",
    "good",
    "new",
)
# In the order in which they want to be looked at: the word, the mark, the tag.
STATES: dict[str, tuple[str | Promise, str, str]] = {
    GIVEN_UP: (_("given up"), "✕", "tag-bad"),
    LATE: (_("late"), "!", "tag-bad"),
    RETRYING: (_("failed, is tried again"), "↻", "tag-warn"),
    RUNNING: (_("running"), "…", ""),
    GOOD: (_("in order"), "✓", "tag-good"),
    NEW: (_("not asked yet"), "–", "tag-ended"),
}


# The picture of the latest runs, in its own units.
WIDTH, HEIGHT = 120, 24


@dataclass(frozen=True)
class Bar:
    """One run among its neighbours: as high as it took long, beside the longest of them."""

    x: int
    height: int
    outcome: str

    @property
    def y(self) -> int:
        return HEIGHT - self.height


@dataclass(frozen=True)
class Told:
    """A run in words."""

    run: JobRun
    job: PeriodicJob

    @property
    def took(self) -> str:
        return took(self.run.seconds)

    @property
    def counts(self) -> list[tuple[str, int]]:
        names = self.job.counts
        return [(str(names.get(key, key)), number) for key, number in self.run.counts.items()]

    @property
    def tag(self) -> str:
        return {Outcome.DONE: "tag-good", Outcome.FAILED: "tag-warn"}.get(
            Outcome(self.run.outcome), "tag-bad"
        )


def took(seconds: float) -> str:
    if seconds < 60:
        return _t("%(n)s s") % {"n": f"{seconds:.1f}" if seconds < 9.95 else f"{seconds:.0f}"}
    minutes, rest = divmod(round(seconds), 60)
    return _t("%(minutes)d min %(rest)d s") % {"minutes": minutes, "rest": rest}


@dataclass(frozen=True)
class Standing:
    """One job with its latest runs, newest first."""

    job: PeriodicJob
    clock: JobClock | None
    runs: list[JobRun]
    now: datetime

    @property
    def state(self) -> str:
        clock = self.clock
        if clock is None:
            return NEW
        if clock.given_up_at is not None:
            return GIVEN_UP
        if is_late(self.job, clock, self.now):
            return LATE
        if clock.failures and clock.started_at is None:
            return RETRYING
        return RUNNING if clock.started_at is not None else GOOD

    @property
    def word(self) -> str | Promise:
        return STATES[self.state][0]

    @property
    def mark(self) -> str:
        return STATES[self.state][1]

    @property
    def tag(self) -> str:
        return STATES[self.state][2]

    @property
    def next_at(self) -> datetime | None:
        """When it will run next; None while it runs, and when it is due now."""
        if self.clock is None or self.clock.started_at is not None:
            return None
        times = [self.clock.due_at, self.clock.not_before or self.clock.due_at]
        return max(times) if max(times) > self.now else None

    @property
    def last(self) -> Told | None:
        return Told(self.runs[0], self.job) if self.runs else None

    @property
    def failed(self) -> JobRun | None:
        """The failure that has not been made good since."""
        good_since = self.clock is None or not (self.clock.failures or self.clock.given_up_at)
        if good_since or not self.runs or self.runs[0].outcome == Outcome.DONE:
            return None
        return self.runs[0]

    @property
    def quiet_at(self) -> datetime | None:
        """When it last found nothing to do, if that is newer than its last run."""
        quiet_at = self.clock.quiet_at if self.clock else None
        if quiet_at is None or (self.runs and self.runs[0].ended_at > quiet_at):
            return None
        return quiet_at

    @property
    def running_for(self) -> str:
        began = self.clock.started_at if self.clock else None
        return took(max(0.0, (self.now - began).total_seconds())) if began else ""

    @property
    def bars(self) -> list[Bar]:
        longest = max((run.seconds for run in self.runs), default=0) or 1
        step = WIDTH // LATEST
        return [
            Bar(
                WIDTH - step * (place + 1),
                max(2, round(HEIGHT * run.seconds / longest)),
                run.outcome,
            )
            for place, run in enumerate(self.runs)
        ]


def is_late(job: PeriodicJob, clock: JobClock, now: datetime) -> bool:
    """Owed for longer than the job may be silent."""
    return now - clock.due_at > job.silence


def is_overdue(job: PeriodicJob, clock: JobClock, now: datetime) -> bool:
    return clock.given_up_at is not None or is_late(job, clock, now)


def any_overdue() -> bool:
    """Whether somebody must look: a job is late or was given up, or none was ever asked."""
    now = timezone.now()
    jobs = declared()
    clocks = list(JobClock.objects.filter(name__in=jobs))
    return not clocks or any(is_overdue(jobs[clock.name], clock, now) for clock in clocks)


def standings() -> list[Standing]:
    """All declared jobs, those first that want to be looked at; two queries, however long ago."""
    now = timezone.now()
    behind = JobRun.objects.filter(name=OuterRef("name")).order_by("-id")
    clocks = {
        clock.name: clock
        for clock in JobClock.objects.annotate(
            behind=Subquery(behind.values("id")[LATEST : LATEST + 1])
        )
    }
    wanted = Q(pk__in=[])
    for name, clock in clocks.items():
        wanted |= Q(name=name, id__gt=getattr(clock, "behind", None) or 0)
    runs: dict[str, list[JobRun]] = defaultdict(list)
    for run in JobRun.objects.filter(wanted).order_by("-id"):
        runs[run.name].append(run)
    found = [Standing(job, clocks.get(name), runs[name], now) for name, job in declared().items()]
    order = list(STATES)
    calm = order.index(RUNNING)
    return sorted(found, key=lambda standing: min(order.index(standing.state), calm))


def standing_of(job: PeriodicJob) -> Standing:
    clock = JobClock.objects.filter(name=job.name).first()
    runs = list(JobRun.objects.filter(name=job.name).order_by("-id")[:LATEST])
    return Standing(job, clock, runs, timezone.now())
