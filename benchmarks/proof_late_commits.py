"""J5: many writers that commit out of order, against a fold that never pauses; none is missed.

python -m benchmarks.proof_late_commits --rows 1000000 --writers 32
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from datetime import date, timedelta
from datetime import time as clock
from typing import Any
from uuid import UUID

from benchmarks import scratch

HOBBY_GRIDS = 40


def _write(seed: int, rows: int, writer: Any) -> None:
    from django.db import connection, transaction

    from activities.models import Session
    from grids.writing import facts_of
    from jiaozuo_grid.listeners import announce
    from tests.builders import GRID

    rng = random.Random(seed)
    codes = [f"{GRID}{n:02d}" for n in range(1, HOBBY_GRIDS + 1)]
    for _row in range(rows):
        session = Session(
            id=UUID(int=rng.getrandbits(128), version=4),
            area_code=rng.choice(codes),
            held_on=date(2026, 11, 1) - timedelta(days=rng.randrange(600)),
            start_time=clock(rng.randrange(24)),
            minutes=60,
            participants=rng.randrange(1, 60),
            logged_by=writer,
        )
        with transaction.atomic():
            session.save(force_insert=True)
            announce(facts_of(session))
            if rng.random() < 0.2:
                time.sleep(rng.uniform(0, 0.02))
    connection.close()


def prove(rows: int, writers: int) -> int:
    """Returns the number of differences to a recount."""
    from activities.models import Session
    from coverage.folding import fold
    from coverage.models import StaleMark
    from coverage.recount import drift, rebuild
    from tests.builders import GRID, hobby_grid, small_city, user

    small_city()
    for n in range(2, HOBBY_GRIDS + 1):
        hobby_grid(f"{GRID}{n:02d}")
    writer = user()
    rebuild()
    threads = [
        threading.Thread(target=_write, args=(seed, rows // writers, writer))
        for seed in range(writers)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    folded = 0
    while any(thread.is_alive() for thread in threads):
        folded += fold()
    written = time.monotonic() - began
    folded += fold()
    print(
        f"{Session.objects.count():,} sessions by {writers} writers in {written:.0f} s; "
        f"{folded:,} marks folded, {StaleMark.objects.count()} wait"
    )
    differences = drift()
    print(f"J5: {len(differences)} rows missed or doubled")
    return len(differences)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--writers", type=int, default=32)
    arguments = parser.parse_args()
    with scratch.database():
        sys.exit(1 if prove(arguments.rows, arguments.writers) else 0)
