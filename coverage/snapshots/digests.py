"""The digest of what was reported: keyed, so that who has only the database cannot renew it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from coverage.models import Snapshot, SnapshotArea

_SALT = "coverage.snapshots"


def _keyed(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return salted_hmac(_SALT, text, secret=settings.ID_HASH_KEY, algorithm="sha256").hexdigest()


def digest_of_area(snapshot: Snapshot, row: SnapshotArea) -> str:
    return _keyed(
        [
            f"{snapshot.area_code} {snapshot.month:%Y-%m} {snapshot.number}",
            row.area_code,
            row.name,
            row.figures,
            row.ratios,
            row.registers,
        ]
    )


def digest_of(snapshot: Snapshot, areas: Iterable[tuple[str, str]]) -> str:
    """Over the digests of its (area code, digest), and what the edition says of itself."""
    return _keyed(
        [
            snapshot.area_code,
            f"{snapshot.month:%Y-%m}",
            snapshot.number,
            snapshot.frozen_at.astimezone(UTC).isoformat(timespec="microseconds"),
            snapshot.reason,
            snapshot.versions,
            sorted(areas),
        ]
    )


def changed_areas(snapshot: Snapshot) -> list[str]:
    """The areas whose stored rows are no longer what was frozen; all rows are read.

    The edition's own code stands for what cannot be laid at one row's door: a row that is gone or
    was added, a changed edition, a signature over other numbers.
    """
    rows = list(SnapshotArea.objects.filter(snapshot=snapshot))
    wrong = [row.area_code for row in rows if not _same(row.digest, digest_of_area(snapshot, row))]
    stored = digest_of(snapshot, [(row.area_code, row.digest) for row in rows])
    signature = getattr(snapshot, "signature", None)
    if not _same(snapshot.digest, stored) or (
        signature is not None and not _same(signature.digest, stored)
    ):
        wrong.append(snapshot.area_code)
    return sorted(set(wrong))


def _same(one: str, other: str) -> bool:
    return constant_time_compare(one, other)
