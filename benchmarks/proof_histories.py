"""G1: random histories in which the map changes; every figure equals a naive count.

python -m benchmarks.proof_histories --histories 2000 [--first SEED]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time

from benchmarks import scratch


class _Over(Exception):
    """Ends a history: everything in it is rolled back."""


def prove(histories: int, first: int, steps: int, sample: int) -> int:
    """Returns the number of histories in which something differs."""
    from django.db import transaction

    from coverage.recount import drift, rebuild
    from grids.models import Reorganisation
    from tests.coverage.reorganised import ChangingCity, differences

    differing = changes = 0
    began = time.monotonic()
    for seed in range(first, first + histories):
        try:
            with transaction.atomic():
                city = ChangingCity(seed)
                rebuild()
                city.live(4 + seed % steps)
                changes += Reorganisation.objects.count()
                found = differences(city, sample) + drift()
                if found:
                    differing += 1
                    print(f"seed {seed}: {found[:3]}", flush=True)
                raise _Over
        except _Over:
            pass
        if (seed - first + 1) % 100 == 0:
            minutes = (time.monotonic() - began) / 60
            done = seed - first + 1
            print(f"{done} histories, {changes} changes of the map, {minutes:.1f} min", flush=True)
    print(f"{histories} histories, {changes} changes of the map: {differing} with a difference")
    return differing


def prove_cities(cities: int, first: int) -> int:
    """Every register changes, the map too, files are imported, workers are killed, the clock is
    moved: after each step every figure is a naive count and its rows, and every gap its rows.

    Returns the number of cities in which something differs.
    """
    from random import Random

    from django.db import transaction

    from tests.coverage.test_any_city import HAPPENINGS, live

    differing = 0
    for seed in range(first, first + cities):
        rng = Random(seed)
        steps = [rng.choice(HAPPENINGS) for _n in range(rng.randrange(3, 16))]
        try:
            with transaction.atomic():
                live(seed, steps)
                raise _Over
        except _Over:
            continue
        except AssertionError as error:
            differing += 1
            print(f"city {seed}: {str(error)[:500]}", flush=True)
    print(f"{cities} cities: {differing} with a difference")
    return differing


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--histories", type=int, default=10_000)
    arguments.add_argument("--first", type=int, default=1)
    arguments.add_argument("--steps", type=int, default=25)
    arguments.add_argument("--sample", type=int, default=12)
    arguments.add_argument("--cities", type=int, default=1000)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Files that are imported.
        os.environ |= {"VAR_DIR": folder, "REDIS_URL": ""}
        sys.exit(bool(_prove(asked)))


def _prove(asked: argparse.Namespace) -> int:
    with scratch.database():
        found = prove_cities(asked.cities, asked.first)
        found += prove(asked.histories, asked.first, asked.steps, asked.sample)
    return found


if __name__ == "__main__":
    main()
