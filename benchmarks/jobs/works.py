"""A Celery application with jobs that show what must not be: overlaps, doubles, hangs.

Loaded by the workers and beats of the proofs (``celery -A benchmarks.jobs.works``) instead of the
project's own. What they do they write as lines of the file ``$EFFECTS``.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaozuo_grid.settings")
django.setup()

from jiaozuo_grid.celery import app  # noqa: E402
from jiaozuo_grid.periodic import Counts, every, monthly, periodic  # noqa: E402
from jiaozuo_grid.periodic.declaring import QUICK, declared  # noqa: E402

__all__ = ["app"]

if "VISIBILITY_TIMEOUT" in os.environ:
    app.conf.broker_transport_options = {
        **app.conf.broker_transport_options,
        "visibility_timeout": float(os.environ["VISIBILITY_TIMEOUT"]),
    }

LASTS = 5.0
declared()


def note(*words: object) -> None:
    """One line, written as a whole however many processes write."""
    line = " ".join(map(str, (*words, os.getpid(), f"{time.time():.6f}"))) + "\n"
    file = os.open(os.environ["EFFECTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, line.encode())
    os.close(file)


@periodic("proof-slow", title="slow", schedule=every(seconds=2), queue=QUICK)
def slow() -> Counts:
    """Longer than its period and than the broker waits for an acknowledgement."""
    note("proof-slow", "begins")
    time.sleep(LASTS)
    note("proof-slow", "ends")
    return {"runs": 1}


@periodic("proof-once", title="once", schedule=monthly(day=5, hour=4))
def once() -> Counts:
    note("proof-once", "begins")
    time.sleep(LASTS)
    note("proof-once", "ends")
    return {"runs": 1}


@periodic("proof-stuck", title="stuck", schedule=monthly(day=5, hour=4), limit=timedelta(seconds=5))
def stuck() -> Counts:
    note("proof-stuck", "begins")
    time.sleep(3600)
    return None


@periodic("proof-files", title="files", schedule=monthly(day=5, hour=4))
def files() -> Counts:
    """Writes two megabytes in pieces into a temporary file, then puts it in its place."""
    import tempfile

    from django.conf import settings

    with tempfile.NamedTemporaryFile() as part:
        for _piece in range(32):
            part.write(b"x" * 65536)
        part.flush()
        place = Path(settings.MEDIA_ROOT) / "proof"
        place.mkdir(parents=True, exist_ok=True)
        (place / "whole").write_bytes(Path(part.name).read_bytes())
    return {"files": 1}


@periodic("proof-memory", title="memory", schedule=monthly(day=5, hour=4))
def memory() -> Counts:
    return {"bytes": len(bytearray(8 * 1024**3))}
