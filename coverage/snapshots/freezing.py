"""Freezing months: once each, for the whole city in one transaction, from its due day on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coverage.folding import fold, lock_fold_state
from coverage.models import FoldState, Snapshot, SnapshotArea
from coverage.snapshots.counting import rows_of, versions_on
from coverage.snapshots.digests import digest_of
from grids.models import Division
from grids.rules import Rule, value_of
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.months import month_before, month_end
from jiaozuo_grid.reach import Actor, System

DAY = Rule(
    "snapshot.day",
    5,
    _("Day on which a month is frozen as reported"),
    _("of the next month"),
    _("Monthly reports are due by the 5th"),
    least=1,
    most=25,
)


def due_on(month: date) -> date:
    """The day of the next month on which a month is frozen as reported, by that month's rule."""
    end = month_end(month)
    return end + timedelta(days=int(value_of(DAY.key, end)))


def due_months(day: date) -> list[date]:
    """The months to be frozen by ``day``, oldest first: all since the last, or just the last.

    A month that was over before anything was ever frozen was not reported by this system.
    """
    month = month_before(day.replace(day=1))
    while due_on(month) > day:
        month = month_before(month)
    newest = Snapshot.objects.order_by("-month").values_list("month", flat=True).first()
    if newest is None:
        return [month]
    months = []
    while month >= newest:
        months.append(month)
        month = month_before(month)
    return months[::-1]


def freeze_due() -> int:
    """Freeze every month whose day has come and that is not frozen yet; returns how many editions.

    Safe to run twice, at once, and to be killed: a month is one transaction under the lock of the
    fold, and what is there already stays.
    """
    return sum(freeze(month) for month in due_months(today()))


def freeze(month: date, *, said: datetime | None = None) -> int:
    """The first editions of a month that are still missing, from what is known now.

    All in one transaction in which nothing is folded, so that the counties add up to the city.
    ``said`` is the moment that they carry instead of now, for a city whose past is invented.
    """
    fold()
    with transaction.atomic():
        state = lock_fold_state()
        there = Snapshot.objects.filter(month=month).values_list("area_code", flat=True)
        missing = sorted(set(_issuers(month)) - set(there))
        # One moment for all: what the city's report takes from its counties was known by then.
        frozen_at = said or moment_after(state)
        for area_code in missing:
            store_edition(Snapshot(area_code=area_code, month=month, frozen_at=frozen_at))
    return len(missing)


def moment_after(state: FoldState) -> datetime:
    """Not before what was folded last, even where the clock was set back."""
    now = timezone.now()
    return max(now, state.folded_at) if state.folded_at else now


def _issuers(month: date) -> Iterable[str]:
    """The city and its counties as they were on the last day of the month."""
    rows = Division.objects.on(month_end(month)).filter(digits__in=[Level.CITY, Level.COUNTY])
    return rows.values_list("area_code", flat=True)


def store_edition(snapshot: Snapshot, actor: Actor | None = None) -> Snapshot:
    """Count and store all areas of an edition; the caller holds the fold's lock."""
    if actor is not None and not isinstance(actor, System):
        snapshot.issued_by = actor
    snapshot.versions = versions_on(month_end(snapshot.month))
    rows = rows_of(snapshot)
    snapshot.digest = digest_of(snapshot, [(row.area_code, row.digest) for row in rows])
    snapshot.save()
    for row in rows:
        row.snapshot = snapshot
    SnapshotArea.objects.bulk_create(rows, batch_size=500)
    return snapshot
