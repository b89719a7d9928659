"""A few sessions that a township officer should look at: the lists of the shown villages have some.

Their numbers are changed before any figure is counted; the flags are raised by the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from activities.models import Session
from activities.review import look
from grids.models import HobbyGrid
from jiaozuo_grid.area import within_q

# So many groups wrote the same number again and again, as often as the rule asks for.
GROUPS, TIMES, NUMBER = 2, 4, 36
DAYS = 90


def raise_doubts(villages: Iterable[str], today: date) -> int:
    """Change the newest sessions of each village's first groups; returns how many are doubted."""
    return sum(_raise_doubts(village, today) for village in villages)


def _raise_doubts(village: str, today: date) -> int:
    chosen = []
    for code in HobbyGrid.objects.filter(within_q([village])).values_list("area_code", flat=True):
        rows = Session.objects.standing().filter(
            area_code=code, held_on__gte=today - timedelta(days=DAYS)
        )
        newest = list(rows.order_by("-held_on", "-start_time")[:TIMES])
        if len(newest) == TIMES:
            chosen.append(newest)
    for newest in chosen[:GROUPS]:
        for row in newest:
            row.participants = NUMBER
        Session.objects.bulk_update(newest, ["participants"])
        look(newest[0])
    return len(chosen[:GROUPS])
