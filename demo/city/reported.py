"""What the demo city was asked for and what it reported: targets, frozen months, a signature.

Made by the same actions as everyone's.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.models import User
from coverage.models import Snapshot
from coverage.registry import INDICATORS
from coverage.snapshots.actions import sign
from coverage.snapshots.freezing import due_on, freeze
from coverage.targets.actions import allocate, parts_of, set_target
from coverage.targets.allocation import by_gap
from grids.models import Appointment, Role
from jiaozuo_grid.months import month_before
from jiaozuo_grid.reach import SYSTEM

MONTHS = 3
# What the city asks for, below what the programme aims at in the end.
ASKED = {
    "led_share": Decimal("0.95"),
    "active_grid_share": Decimal("0.8"),
    "instructors_per_1000": Decimal("2.6"),
    "stations_per_10000": Decimal("5"),
}
SHARED_OUT = "led_share"
WHY = "焦体〔{year}〕3号（演示）"


def set_targets(city_code: str, today: date) -> None:
    """The city's targets of the year, one of them shared out to the counties by their gaps."""
    day = date(today.year, 1, 15) if today >= date(today.year, 1, 15) else today
    reason = WHY.format(year=today.year)
    for key, value in ASKED.items():
        if key in INDICATORS:
            set_target(SYSTEM, city_code, key, today.year, value, reason=reason, day=day)
    indicator, goal = INDICATORS[SHARED_OUT], ASKED[SHARED_OUT]
    shares = by_gap(indicator, parts_of(city_code, SHARED_OUT, day), goal)
    if shares:
        allocate(SYSTEM, city_code, SHARED_OUT, today.year, shares, reason=reason, day=day)


def report_months(today: date) -> None:
    """The last months as reported; one county has signed the newest."""
    first = today.replace(day=1)
    months: list[date] = []
    while len(months) < MONTHS:
        first = month_before(first)
        if due_on(first) <= today:
            months.append(first)
    for month in reversed(months):
        freeze(month)
    _sign_one(months[0])


def _sign_one(month: date) -> None:
    """The first county official with an account signs their county's month."""
    posts = Appointment.objects.filter(role=Role.COUNTY_OFFICIAL, ended_on=None)
    users = User.objects.filter(person__in=posts.values("person"), is_active=True)
    for user in users.order_by("pk"):
        post = posts.filter(person_id=user.person_id).order_by("area_code").first()
        snapshot = post and Snapshot.objects.filter(area_code=post.area_code, month=month).first()
        if snapshot:
            sign(user, snapshot, remark="数据已核对")
            return
