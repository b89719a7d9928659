"""What the outbox tidies at night: photos that stopped coming, records that never came."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from activities.models import Submission, SubmissionState
from activities.outbox import amending, photos

# So long a record may take: a phone that lay in a drawer for a season.
NEVER = timedelta(days=180)


def tidy() -> dict[str, int]:
    """How many photos were removed, and how many amendments given up."""
    return {"photos": photos.remove_unfinished(), "given_up": give_up_kept()}


def give_up_kept() -> int:
    """Refuse what was kept for half a year, and apply what is still kept though its record came.

    Returns how many were refused.
    """
    kept = Submission.objects.filter(state=SubmissionState.KEPT).select_related("user")
    given_up = 0
    for submission in kept.filter(received_at__lt=timezone.now() - NEVER):
        given_up += 1
        with transaction.atomic():
            amending.refuse_after(submission.user, [submission.pk], "never_came")
    for record in set(kept.values_list("record", flat=True)):
        amending.came_otherwise(record)
    return given_up
