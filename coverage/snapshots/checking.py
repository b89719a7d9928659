"""Comparing what is stored of reported months with what was frozen."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from coverage.journal.days import end_of
from coverage.models import Snapshot
from coverage.snapshots.digests import changed_areas

log = logging.getLogger(__name__)

# What was frozen in so many days is compared every night: it is still signed and read the most.
LATEST = timedelta(days=62)
# Every older edition in one of so many nights, so that a night's work does not grow with the years.
ROUND = 28

# How many editions were compared, and of which of them rows were changed, by edition.
Checked = tuple[int, dict[str, list[str]]]


def check_all() -> Checked:
    """Compare every edition there is."""
    return _check(Snapshot.objects.all())


def check_due(day: date) -> Checked:
    """Compare the latest editions, and of the older ones those whose turn is on ``day``."""
    turn = Q(turn=day.toordinal() % ROUND)
    editions = Snapshot.objects.alias(turn=F("pk") % ROUND)
    return _check(editions.filter(turn | Q(frozen_at__gte=end_of(day - LATEST))))


def _check(editions: QuerySet[Snapshot]) -> Checked:
    wrong = {}
    count = 0
    for snapshot in editions.select_related("signature").iterator(50):
        count += 1
        if changed := changed_areas(snapshot):
            wrong[str(snapshot)] = changed
            log.error("the stored edition %s is not what was frozen: %s", snapshot, changed[:20])
    return count, wrong
