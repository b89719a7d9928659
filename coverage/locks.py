"""The one lock of whoever writes tallies."""

from __future__ import annotations

from coverage.models import FoldState


def lock_fold_state() -> FoldState:
    """The single row that whoever writes tallies must hold until the transaction ends."""
    FoldState.objects.get_or_create(pk=1)
    return FoldState.objects.select_for_update().get(pk=1)
