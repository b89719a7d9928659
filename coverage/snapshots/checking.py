"""Comparing what is stored of reported months with what was frozen."""

from __future__ import annotations

import logging

from coverage.models import Snapshot
from coverage.snapshots.digests import changed_areas

log = logging.getLogger(__name__)


def check_all() -> tuple[int, dict[str, list[str]]]:
    """How many editions there are, and of which of them rows were changed, by edition."""
    wrong = {}
    count = 0
    for snapshot in Snapshot.objects.select_related("signature").iterator(50):
        count += 1
        if changed := changed_areas(snapshot):
            wrong[str(snapshot)] = changed
            log.error("the stored edition %s is not what was frozen: %s", snapshot, changed[:20])
    return count, wrong
