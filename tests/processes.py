"""Other processes on the test database, which may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection


def database_url() -> str:
    """Where the test database is, for another process."""
    db: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{db['NAME']}"
    password = f":{db['PASSWORD']}" if db["PASSWORD"] else ""
    return f"postgres://{db['USER']}{password}@{db['HOST']}:{db['PORT'] or 5432}/{db['NAME']}"


def environment(var: Path) -> dict[str, str]:
    """What a process needs to work on the test database, with files of its own under ``var``."""
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "REDIS_URL"))},
        "DATABASE_URL": database_url(),
        "DEMO_MODE": "1",  # not production: no secrets are needed
        "VAR_DIR": str(var),
    }


def start(var: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start ``python …`` in the project's folder, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment(var),
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the process and its children, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
