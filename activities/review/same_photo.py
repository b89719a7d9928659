"""The same picture at two sessions. The one that was logged first is not doubted."""

from __future__ import annotations

from activities.models import Session
from activities.review.verdicts import Values, Verdicts, Written

# A picture that stands at more sessions than this is a question already asked often enough.
MOST = 50
# All dark, or all of one colour: it looks like every other such picture.
BLANK = "0" * 16


def judge(written: Written, values: Values) -> Verdicts:
    """One query of an index for each picture; none for a session without one."""
    found: Verdicts = {written.session.pk: None}
    for picture in {place.photo_print for place in written.places} - {"", BLANK}:
        rows = Session.objects.standing().filter(photo_print=picture).order_by("logged_at", "pk")
        keys = list(rows.values_list("pk", flat=True)[:MOST])
        found |= {key: {"other": str(keys[0])} for key in keys[1:]} | dict.fromkeys(keys[:1])
    return found
