"""The burden budget, pinned in activities/burden.json (pitfalls U1).

    within_budget("repeat", Effort(taps=2))

fails when a form takes more than its budget (activities/burden.py), or more than was measured
before. After a change that is meant, write the new numbers: ``UPDATE_BURDEN=1`` and the browser
tests.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, astuple

from activities.burden import MEASURED, tasks
from activities.effort import Desk, Effort


def within_budget(key: str, effort: Effort | Desk) -> None:
    task = next(task for task in tasks() if task.key == key)
    assert not _more(effort, task.most), f"{key}: {effort}, and its budget is {task.most}"
    if os.environ.get("UPDATE_BURDEN"):
        _write(key, effort)
        return
    pinned = json.loads(MEASURED.read_text()).get(key)
    assert pinned is not None, f"{key} is not pinned: run the test with UPDATE_BURDEN=1"
    assert not _more(effort, type(effort)(**pinned)), f"{key} grew: {effort}, it was {pinned}"


def _more(effort: Effort | Desk, most: Effort | Desk) -> bool:
    """Whether it takes more of anything."""
    assert type(effort) is type(most)
    return any(now > then for now, then in zip(astuple(effort), astuple(most), strict=True))


def _write(key: str, effort: Effort | Desk) -> None:
    """Put one measurement into the file; tests may run in several processes."""
    with MEASURED.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        pinned = {**json.loads(file.read() or "{}"), key: asdict(effort)}
        file.seek(0)
        file.truncate()
        file.write(json.dumps(pinned, indent=2, sort_keys=True) + "\n")
