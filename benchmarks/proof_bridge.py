"""G3: bridges over random histories with reorganisations, against naive counts at both ends, and
receipts had again after a life that went on.

python -m benchmarks.proof_bridge --bridges 10000 [--first SEED]
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks import scratch


class _Over(Exception):
    """Ends a history: everything in it is rolled back."""


def prove(bridges: int, first: int, each: int) -> int:
    """Returns how many bridges and figures of receipts are off."""
    from django.db import transaction

    from tests.coverage.bridged import RememberedCity, faults, unlike_their_papers

    off = done = 0
    seed = first
    began = time.monotonic()
    while done < bridges:
        for look in ("bridges", "receipts"):
            try:
                with transaction.atomic():
                    if look == "receipts":
                        found = unlike_their_papers(seed, lives=2)
                    else:
                        city = RememberedCity(seed)
                        for _stage in range(3):
                            city.live(3 + seed % 8)
                        found = faults(city, each)
                    if found:
                        off += len(found)
                        print(f"seed {seed}, {look}: {found[:3]}", flush=True)
                    raise _Over
            except _Over:
                pass
        done += each
        seed += 1
        if (seed - first) % 20 == 0:
            minutes = (time.monotonic() - began) / 60
            print(f"{seed - first} histories, {done} bridges, {minutes:.1f} min", flush=True)
    print(f"{seed - first} histories: {done} bridges, {6 * (seed - first)} papers, {off} off")
    return off


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bridges", type=int, default=10_000)
    arguments.add_argument("--first", type=int, default=1)
    arguments.add_argument("--each", type=int, default=60)
    asked = arguments.parse_args()
    with scratch.database():
        sys.exit(bool(prove(asked.bridges, asked.first, asked.each)))


if __name__ == "__main__":
    main()
