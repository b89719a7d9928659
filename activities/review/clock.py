"""A phone's clock was wrong and the day was moved: the flag is set when the record arrives."""

from __future__ import annotations

from activities.review.verdicts import Values, Verdicts, Written


def judge(written: Written, values: Values) -> Verdicts:
    """No query. Who corrects the day, or withdraws the session, has answered the question."""
    moved = written.before is not None and written.before.held_on != written.now.held_on
    return {written.session.pk: None} if moved or not written.now.counts else {}
