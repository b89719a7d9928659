"""J1: SIGKILL the fold at many random points; the result equals an undisturbed count.

python -m benchmarks.proof_fold_killed --kills 100
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time

from benchmarks import scratch

FOLDER = """
import django; django.setup()
from coverage.folding import fold_batch
print("ready", flush=True)
while fold_batch(2): pass
"""


def prove(kills: int) -> int:
    """Returns the number of differences to a recount."""
    from coverage.folding import fold
    from coverage.models import StaleMark
    from coverage.recount import drift, rebuild
    from tests.builders import small_city
    from tests.coverage.histories import History

    small_city()
    history = History(1)
    rebuild()
    rng = random.Random(2)
    killed = 0
    while killed < kills:
        while StaleMark.objects.count() < 60:
            history.step()
        folder = subprocess.Popen(
            [sys.executable, "-c", FOLDER], stdout=subprocess.PIPE, env=os.environ.copy()
        )
        assert folder.stdout is not None
        folder.stdout.readline()
        time.sleep(rng.uniform(0, 0.25))
        if folder.poll() is None:
            folder.send_signal(signal.SIGKILL)
            killed += 1
        folder.wait()
    print(f"{StaleMark.objects.count()} marks wait after the last kill")
    fold()
    differences = drift()
    print(f"J1: {killed} kills, {len(differences)} differences")
    return len(differences)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    with scratch.database():
        sys.exit(1 if prove(parser.parse_args().kills) else 0)
