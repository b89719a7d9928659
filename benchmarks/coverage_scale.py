"""What figures cost as the history grows: a county's page, the fold, the rebuild, at two sizes.

    python -m benchmarks.coverage_scale --sessions 1000000,10000000

A city of 1,800 villages and 14,400 hobby grids; its sessions are made by the database. Everything
is a ratio to a yardstick of the same run, but the page's milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from datetime import timedelta
from typing import Any

from benchmarks import scratch

COUNTIES, TOWNSHIPS, VILLAGES, GRIDS, HOBBY_GRIDS = 10, 12, 15, 4, 2
COUNTY = "410801"
# The days over which the sessions are spread: three years.
DAYS = 1095
RUNS = 15

_SESSIONS = """
INSERT INTO activities_session (id, area_code, held_on, start_time, minutes, participants, place,
    note, logged_by_id, logged_at, version, led_by_id, photo, photo_print, withdrawn_at)
SELECT gen_random_uuid(), codes.code[1 + (n * 7919) %% codes.many],
    %(today)s::date - ((n * 104729) %% %(days)s)::int, '19:30', 60, 5 + (n %% 40)::int, '广场', '',
    %(user)s, now(), 1,
    codes.leaders[1 + ((n * 7919) %% codes.many) / 8], '', '', NULL
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n,
    (SELECT array_agg(area_code ORDER BY area_code) AS code, count(*) AS many,
            %(leaders)s::bigint[] AS leaders FROM grids_hobbygrid) AS codes
"""
_YARDSTICK = """
SELECT count(*), sum(n) FROM (
    SELECT area_code, date_trunc('month', held_on), count(*) AS n, sum(participants), sum(minutes),
           sum(participants::bigint * minutes)
    FROM activities_session WHERE withdrawn_at IS NULL GROUP BY 1, 2 OFFSET 0
) AS pass
"""


def build_city() -> dict[str, Any]:
    """Divisions, residents, grids, hobby grids, a leader for each, an instructor a village."""
    from accounts.models import Person, User
    from grids.models import Appointment, Division, Grid, HobbyGrid, ResidentCount, Sport
    from instructors.models import Certificate, Instructor, InstructorPlace
    from jiaozuo_grid.lasting import today
    from stations.models import Station, StationPlace

    since = today() - timedelta(days=DAYS + 40)
    sport = Sport.objects.first() or Sport.objects.create(code="dance", name_zh="舞", name_en="d")
    codes: dict[int, list[str]] = {4: ["4108"], 6: [], 9: [], 12: []}
    for number in range(1, COUNTIES + 1):
        codes[6].append(f"4108{number:02d}")
    codes[9] = [f"{up}{n:03d}" for up in codes[6] for n in range(1, TOWNSHIPS + 1)]
    codes[12] = [f"{up}{200 + n}" for up in codes[9] for n in range(1, VILLAGES + 1)]
    everywhere = [code for level in codes.values() for code in level]
    Division.objects.bulk_create(
        [
            Division(
                area_code=code,
                name=code,
                started_on=since,
                longitude=113 + (n % 100) / 100,
                latitude=35 + (n // 100) / 100,
            )
            for n, code in enumerate(everywhere)
        ],
        batch_size=1000,
    )
    ResidentCount.objects.bulk_create(
        [
            ResidentCount(area_code=code, started_on=since, population=1500, households=400)
            for code in codes[12]
        ],
        batch_size=1000,
    )
    grids = [f"{up}{n:03d}" for up in codes[12] for n in range(1, GRIDS + 1)]
    groups = [f"{up}{n:02d}" for up in grids for n in range(1, HOBBY_GRIDS + 1)]
    Grid.objects.bulk_create(
        [
            Grid(area_code=code, name=code, kind="rural", started_on=since + timedelta(days=n % 90))
            for n, code in enumerate(grids)
        ],
        batch_size=2000,
    )
    HobbyGrid.objects.bulk_create(
        [
            HobbyGrid(
                area_code=code, name=code, sport=sport, started_on=since + timedelta(days=n % 90)
            )
            for n, code in enumerate(groups)
        ],
        batch_size=2000,
    )
    people = Person.objects.bulk_create(
        [Person(name=f"人{n}", name_key=f"ren{n}", area_code=code) for n, code in enumerate(grids)],
        batch_size=2000,
    )
    Appointment.objects.bulk_create(
        [
            Appointment(person=who, role="grid_leader", area_code=who.area_code, started_on=since)
            for who in people
        ],
        batch_size=2000,
    )
    teachers = people[::GRIDS]
    instructors = Instructor.objects.bulk_create(
        [
            Instructor(
                person=who, area_code=who.area_code[:12], started_on=since, instructor_level=3
            )
            for who in teachers
        ],
        batch_size=2000,
    )
    InstructorPlace.objects.bulk_create(
        [
            InstructorPlace(instructor=row, area_code=row.area_code, started_on=since)
            for row in instructors
        ],
        batch_size=2000,
    )
    Certificate.objects.bulk_create(
        [
            Certificate(
                instructor=row,
                area_code=row.area_code,
                instructor_level=3,
                number=f"C{row.pk}",
                granted_on=since,
            )
            for row in instructors
        ],
        batch_size=2000,
    )
    stations = Station.objects.bulk_create(
        [
            Station(
                area_code=code,
                name=code,
                started_on=since,
                longitude=113 + (n % 100) / 100,
                latitude=35 + (n // 100) / 100 + 0.005,
            )
            for n, code in enumerate(codes[12])
        ],
        batch_size=1000,
    )
    StationPlace.objects.bulk_create(
        [StationPlace(station=row, area_code=row.area_code, started_on=since) for row in stations],
        batch_size=1000,
    )
    user = User.objects.create_user("bench", "a-Good-pass-9", person=people[0])
    return {"user": user.pk, "leaders": [who.pk for who in teachers], "groups": groups}


def fill(city: dict[str, Any], first: int, last: int) -> None:
    from django.db import connection

    from jiaozuo_grid.lasting import today

    with connection.cursor() as cursor:
        values = {
            "today": today(),
            "days": DAYS,
            "user": city["user"],
            "leaders": city["leaders"],
            "first": first,
            "last": last,
        }
        cursor.execute(_SESSIONS, values)
        cursor.execute("VACUUM ANALYZE activities_session")


def seconds_of(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def plain_pass() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_YARDSTICK)
        cursor.fetchall()


def rebuild_timed() -> None:
    """The rebuild, against one plain GROUP BY over the same rows, warm, the best of three.

    Twice: after a bulk load, of which the journal notes every row, and with nothing new.
    """
    from django.db import connection, transaction

    from coverage.models import FlowTally
    from coverage.recount import rebuild

    yardstick = min(seconds_of(plain_pass) for _run in range(3))
    loaded = seconds_of(rebuild)
    whole = seconds_of(rebuild)
    with transaction.atomic():
        FlowTally.objects.all().delete()
        months = seconds_of(_count_months)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"  one plain GROUP BY pass: {yardstick:.1f} s")
    for what, seconds in (
        ("months of all areas", months),
        ("rebuild of everything after a bulk load", loaded),
        ("rebuild of everything", whole),
    ):
        print(f"  {what}: {seconds:.1f} s, {seconds / yardstick:.2f} passes")


def _count_months() -> None:
    from coverage.allmonths import store_months
    from coverage.spells.heldmonths import sessions_summed
    from jiaozuo_grid.lasting import today

    with sessions_summed():
        store_months(today())


def page_timed() -> float:
    """The database's part of a county's figures, in milliseconds: the median of some runs."""
    from django.db import connection

    from coverage.reading import coverage_of
    from jiaozuo_grid.lasting import today

    spent: list[float] = []
    counts: list[int] = []

    def measured(execute: Any, *rest: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*rest)
        finally:
            spent[-1] += (time.perf_counter() - began) * 1000
            counts[-1] += 1

    whole = []
    with connection.execute_wrapper(measured):
        for _run in range(RUNS + 3):
            spent.append(0.0)
            counts.append(0)
            whole.append(seconds_of(lambda: coverage_of(COUNTY, today())) * 1000)
    database = statistics.median(spent[3:])
    print(
        f"  county page: {database:.2f} ms in the database, {counts[-1]} queries, "
        f"{statistics.median(whole[3:]):.1f} ms with Python"
    )
    return database


def fold_timed(city: dict[str, Any], rate: int, seconds: int) -> None:
    """Sessions arrive, so many a second, while the fold runs as its worker does."""
    from coverage.folding import fold, fold_batch
    from coverage.models import JournalLine, StaleMark

    noted = JournalLine.objects.count()
    done = threading.Event()

    def arrive() -> None:
        from django.db import connections

        began = time.perf_counter()
        for second in range(seconds):
            _log(city, rate, second)
            time.sleep(max(0.0, began + second + 1 - time.perf_counter()))
        done.set()
        connections.close_all()

    writer = threading.Thread(target=arrive)
    writer.start()
    backlog = folded = 0
    working = 0.0
    while not done.is_set() or StaleMark.objects.exists():
        backlog = max(backlog, StaleMark.objects.count())
        began = time.perf_counter()
        count = fold_batch()
        working += time.perf_counter() - began
        folded += count
        if not count:
            time.sleep(0.05)
    writer.join()
    fold()
    print(
        f"  fold with {rate} sessions/s for {seconds} s: {folded} marks in {working:.1f} s of work "
        f"({folded / working:.0f}/s), never more than {backlog} waiting"
    )
    lines = JournalLine.objects.count() - noted
    print(f"  the journal: {lines / folded:.2f} lines a session")


def _log(city: dict[str, Any], rate: int, second: int) -> None:
    from uuid import uuid4

    from django.db import transaction

    from activities.models import Session
    from coverage.models import StaleMark
    from jiaozuo_grid.lasting import today

    groups, leaders = city["groups"], city["leaders"]
    places = [(second * rate + n) * 131 % len(groups) for n in range(rate)]
    rows = [
        Session(
            id=uuid4(),
            area_code=groups[place],
            held_on=today(),
            start_time="20:15",
            minutes=45,
            participants=12,
            logged_by_id=city["user"],
            led_by_id=leaders[place // (GRIDS * HOBBY_GRIDS)],
        )
        for place in places
    ]
    with transaction.atomic():
        Session.objects.bulk_create(rows)
        StaleMark.objects.bulk_create(
            StaleMark(
                area_code=fact.area_code,
                month=today().replace(day=1),
                day=today(),
                about=fact.about,
            )
            for row in rows
            for fact in row.facts()
        )


def measure(sizes: list[int], rate: int, seconds: int) -> None:
    city = build_city()
    made, pages = 0, []
    for size in sizes:
        fill(city, made + 1, size)
        made = size
        print(f"{size:,} sessions", flush=True)
        rebuild_timed()
        pages.append(page_timed())
        fold_timed(city, rate, seconds)
    if len(pages) > 1:
        print(
            f"G5: the page at {sizes[-1]:,} takes {pages[-1] / pages[0]:.2f} × that at {sizes[0]:,}"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sessions", default="1000000,10000000")
    arguments.add_argument("--rate", type=int, default=200)
    arguments.add_argument("--seconds", type=int, default=20)
    asked = arguments.parse_args()
    with scratch.database():
        measure([int(n) for n in asked.sessions.split(",")], asked.rate, asked.seconds)


if __name__ == "__main__":
    main()
