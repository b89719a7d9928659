"""Processor seconds that the parts of a proof took: web, database, and the proof's own process.

They say what an answer costs however busy the machine is with other things, which its latency does
not. Of PostgreSQL all processes on this machine are counted that are still there; Linux only.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def spent(web: int) -> dict[str, float]:
    """Seconds so far, by part; ``web`` is the process that began the web server."""
    found = {"web": 0.0, "database": 0.0}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):
            name, _sep, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
            fields = rest.split()
            # The web server was started as the leader of a session of its own.
            part = "web" if int(fields[3]) == web else "database" if name == "postgres" else ""
            if part:
                found[part] += (int(fields[11]) + int(fields[12])) / _TICK
    own = os.times()
    return {**found, "phones": own.user + own.system}
