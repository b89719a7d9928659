"""How many queries each page makes, pinned in query_counts.json (pitfalls L2).

    assert_query_count(client, "/grids/", "grids/list")

fails when the page makes another number of queries than the file says. After a change that is
meant, write the new numbers: ``UPDATE_QUERY_COUNTS=1 make test``. Call it with two sizes of data
under the same name, and a count that grows with the rows cannot be pinned.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

PINNED = Path(__file__).parent / "query_counts.json"
# Begin and end of transactions are the engine's business, not the page's.
_NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "DECLARE", "FETCH")
_seen: dict[str, int] = {}


def _write(name: str, count: int) -> None:
    """Put one number into the file; tests may run in several processes."""
    with PINNED.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        pinned = {**json.loads(file.read() or "{}"), name: count}
        file.seek(0)
        file.truncate()
        file.write(json.dumps(pinned, indent=2, sort_keys=True) + "\n")


def assert_query_count(client: Any, url: str, name: str, *, status: int = 200) -> Any:
    """GET ``url``; its answer has ``status``, and cost the number of queries pinned for ``name``.

    Returns the response. A first, uncounted request fills what a process caches for all requests.
    """
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(url)
        if getattr(response, "streaming", False):
            b"".join(response.streaming_content)
    made = [q["sql"] for q in queries if not q["sql"].upper().startswith(_NOT_COUNTED)]
    assert response.status_code == status, f"{url} answered {response.status_code}"
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        earlier = _seen.setdefault(name, len(made))
        assert earlier == len(made), f"{name}: {earlier} queries with other data, now {len(made)}"
        _write(name, len(made))
        return response
    pinned = json.loads(PINNED.read_text()).get(name) if PINNED.exists() else None
    listing = "\n".join(made)
    assert pinned is not None, f"{name} is not pinned: run the test with UPDATE_QUERY_COUNTS=1"
    assert len(made) == pinned, f"{name}: {pinned} queries pinned, {len(made)} made:\n{listing}"
    return response
