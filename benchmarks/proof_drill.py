"""G4: every number of every coverage page of the demo city leads to exactly the rows it counts.

python -m benchmarks.proof_drill --areas 6 [--scale tiny]

Each role looks, from an area of its own, at so many areas of each level at or below it, on three
days: through the links of the page, page by page of the list. ``--areas 0`` looks at all of them.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks import scratch

# Today, last month, and before most of what is in the books.
DAYS = (0, 35, 400)


def prove(areas: int, seed: int) -> int:
    """Returns how many numbers are not their rows."""
    from django.test import Client

    from coverage.recount import rebuild
    from coverage.registry import GAPS, MEASURES
    from jiaozuo_grid.lasting import today
    from tests.coverage.drilled import Drill

    rng = Random(seed)
    looking = _readers(rng)
    # Who looks may hold a post, and so counts.
    rebuild()
    off = 0
    followed, found = Counter[str](), Counter[str]()
    for role, reader, home in looking:
        began = time.monotonic()
        client = Client()
        client.force_login(reader)
        drill = Drill(client)
        chosen = _areas(rng, home, areas)
        for area in chosen:
            for day in (today() - timedelta(days=days) for days in DAYS):
                for fault in drill.faults(area, day):
                    off += 1
                    print(f"{role} at {home}: {fault}", flush=True)
        followed.update(drill.followed)
        found.update(drill.found)
        minutes = (time.monotonic() - began) / 60
        numbers = sum(drill.followed.values())
        print(f"{role} at {home}: {len(chosen)} areas × {len(DAYS)} days, "
              f"{numbers} numbers followed, {minutes:.1f} min", flush=True)  # fmt: skip
    silent = [key for key in (*MEASURES, *GAPS) if not found[key]]
    print(f"{sum(followed.values())} numbers, {sum(found.values())} with rows: {off} off")
    print(f"without a row anywhere: {', '.join(silent) or 'none'}")
    return off


def _readers(rng: Random) -> list[tuple[str, Any, str]]:
    """A reader for each level at which a role is held."""
    from grids.models import ROLE_LEVELS, Appointment, Role
    from tests.builders import user

    led = set(Appointment.objects.filter(role=Role.GRID_LEADER).values_list("area_code", flat=True))
    looking = []
    for role, levels in ROLE_LEVELS.items():
        for level in levels:
            # A grid has one leader.
            free = [
                code for code in _codes("", level) if role != Role.GRID_LEADER or code not in led
            ]
            home = rng.choice(free)
            looking.append((role, user(role, home, started_on=_yesterday()), home))
    return looking


def _yesterday() -> Any:
    from jiaozuo_grid.lasting import today

    return today() - timedelta(days=1)


def _codes(below: str, level: int) -> list[str]:
    from grids.models import Division, Grid, HobbyGrid
    from jiaozuo_grid.area import Level

    model: Any = {Level.GRID: Grid, Level.HOBBY_GRID: HobbyGrid}.get(Level(level), Division)
    rows = model._default_manager.within(below) if below else model._default_manager
    rows = rows.filter(area_code__length=level).order_by("area_code")
    return list(rows.values_list("area_code", flat=True))


def _areas(rng: Random, home: str, number: int) -> list[str]:
    """Areas of each level at or below a reader's own."""
    from jiaozuo_grid.area import DIGITS

    chosen: list[str] = []
    for level in DIGITS:
        codes = _codes(home, level)
        chosen += rng.sample(codes, min(number, len(codes))) if number else codes
    return chosen


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--areas", type=int, default=6)
    arguments.add_argument("--scale", default="tiny")
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    os.environ |= {"REDIS_URL": "", "HTTPS": "0"}
    sys.exit(bool(_prove(asked)))


def _prove(asked: argparse.Namespace) -> int:
    with scratch.database():
        from django.core.management import call_command

        call_command("seed_demo", scale=asked.scale, verbosity=0)
        return prove(asked.areas, asked.seed)


if __name__ == "__main__":
    main()
