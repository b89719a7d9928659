"""S4: amendments before their record, twice, dropped, after a split: 10,000 orders of arrival.

    .venv/bin/python -m benchmarks.proof_amendments --permutations 10000

Each order is played against PostgreSQL and rolled back; the processes share the seeds, each with
a database of its own. Passes when each ends as its author said
last: one row, each amendment once, nothing refused.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import subprocess
import sys
import time

from benchmarks import scratch


def prove(permutations: int, first: int) -> int:
    """Returns the number of orders that ended otherwise."""
    from django.db import transaction

    from tests import builders as b
    from tests.activities.outbox import permuting

    b.small_city()
    leader = b.user("grid_leader", b.GRID)
    wrong = sent = splits = 0
    began = time.monotonic()
    for seed in range(first, first + permutations):
        chance = random.Random(seed)
        told = permuting.story(chance)
        order = permuting.deliveries(told, chance)
        with transaction.atomic():
            permuting.deliver(told, leader, order)
            found = permuting.faults(told)
            transaction.set_rollback(True)
        sent += len(order)
        splits += permuting.SPLIT in order
        if found:
            wrong += 1
            print(f"seed {seed}: {found}", flush=True)
        if (seed - first + 1) % 1000 == 0:
            minutes = (time.monotonic() - began) / 60
            print(f"{seed - first + 1} orders, {sent} arrivals, {minutes:.1f} min", flush=True)
    print(
        f"orders {permutations} from seed {first} ({splits} with a split), arrivals {sent}: "
        f"{wrong} ended wrong",
        flush=True,
    )
    return wrong


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--permutations", type=int, default=10_000)
    arguments.add_argument("--first", type=int, default=1)
    arguments.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = arguments.parse_args()
    if asked.processes > 1:
        sys.exit(_shared_out(asked.permutations, asked.first, asked.processes))
    with scratch.database():
        sys.exit(bool(prove(asked.permutations, asked.first)))


def _shared_out(permutations: int, first: int, processes: int) -> int:
    """Each process plays its share of the seeds in a database of its own: one order locks the
    hobby grid until it is rolled back, so in one database all would wait for each other.
    """
    bounds = [first + permutations * n // processes for n in range(processes + 1)]
    command = [sys.executable, "-m", "benchmarks.proof_amendments", "--processes", "1"]
    began = time.monotonic()
    workers = [
        subprocess.Popen([*command, "--first", str(low), "--permutations", str(high - low)])
        for low, high in itertools.pairwise(bounds)
    ]
    failed = [worker for worker in workers if worker.wait()]
    minutes = (time.monotonic() - began) / 60
    print(f"all {permutations} orders in {processes} processes, {minutes:.1f} min")
    print("S4 FAILED" if failed else "S4 passed")
    return bool(failed)


if __name__ == "__main__":
    main()
