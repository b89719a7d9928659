"""What the demo city was asked for and what it reported: targets, frozen months, a signature, and
what became known of a month after it was reported.

Made by the same actions as everyone's; only the days of freezing are invented.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from uuid import uuid5

from accounts.models import User
from activities.models import Session
from coverage.folding import fold
from coverage.marks import mark_stale
from coverage.models import JournalOpening, Snapshot
from coverage.registry import INDICATORS
from coverage.snapshots.actions import add_remark, sign
from coverage.snapshots.freezing import due_on, freeze
from coverage.targets.actions import allocate, parts_of, set_target
from coverage.targets.allocation import by_gap
from demo.city.book import moment
from grids.models import Appointment, Role
from jiaozuo_grid.months import month_before, month_end
from jiaozuo_grid.reach import SYSTEM

MONTHS = 3
# What the city asks for, below what the programme aims at in the end.
ASKED = {
    "led_share": Decimal("0.95"),
    "active_grid_share": Decimal("0.8"),
    "instructors_per_1000": Decimal("2.6"),
    "stations_per_10000": Decimal("5"),
}
FROZEN_AT = 3 * 60 + 10
# So many meetings of the newest month were reported late, on the evening before the city's day.
LATE, IN_THE_MORNING, EVENING, LOGGED_LATE = 3, time(6, 30), time(17), 21 * 60
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


def report_months(today: date) -> int:
    """The last months as reported; one county has signed the newest, which was restated since.

    Returns how many sessions came late.
    """
    first = today.replace(day=1)
    months: list[date] = []
    while len(months) < MONTHS:
        first = month_before(first)
        if due_on(first) <= today:
            months.append(first)
    # Nothing became known of the invented past but what is reported late below.
    JournalOpening.objects.update(opened_at=None)
    for month in reversed(months):
        freeze(month, said=moment(due_on(month), FROZEN_AT))
    # Of one that was due on this very day nothing can have come late yet.
    over = [month for month in months if due_on(month) < today]
    edition = _sign_one(over[0]) if over else None
    return _report_late(edition, today) if edition else 0


def _report_late(edition: Snapshot, today: date) -> int:
    """Some meetings of the month came to light after it was reported; returns how many."""
    held = Session.objects.standing().within(edition.area_code)
    held = held.filter(held_on__gte=edition.month, held_on__lte=month_end(edition.month))
    # Of groups that meet in the evening only, so that the two do not overlap.
    earlier = held.filter(start_time__lt=EVENING).values("area_code")
    held = held.filter(start_time__gte=EVENING).exclude(area_code__in=earlier)
    late = [
        Session(
            id=uuid5(row.pk, "late"),
            area_code=row.area_code,
            held_on=row.held_on,
            start_time=IN_THE_MORNING,
            minutes=row.minutes,
            participants=row.participants,
            place=row.place,
            led_by_id=row.led_by_id,
            logged_by_id=row.logged_by_id,
            logged_at=max(
                moment(today - timedelta(days=1), LOGGED_LATE),
                edition.frozen_at + timedelta(hours=1),
            ),
        )
        for row in held.order_by("-held_on", "area_code", "start_time")[:LATE]
    ]
    Session.objects.bulk_create(late)
    mark_stale([fact for row in late for fact in row.facts()])
    fold()
    add_remark(edition.signature.signed_by, edition, "sessions", "月报之后补报的活动")
    return len(late)


def _sign_one(month: date) -> Snapshot | None:
    """The first county official with an account signs their county's month."""
    posts = Appointment.objects.filter(role=Role.COUNTY_OFFICIAL, ended_on=None)
    users = User.objects.filter(person__in=posts.values("person"), is_active=True)
    for user in users.order_by("pk"):
        post = posts.filter(person_id=user.person_id).order_by("area_code").first()
        snapshot = post and Snapshot.objects.filter(area_code=post.area_code, month=month).first()
        if snapshot:
            sign(user, snapshot, remark="数据已核对")
            return snapshot
    return None
