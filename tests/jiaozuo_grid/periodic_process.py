"""A process that runs one periodic job and hangs in it: ``python -m … <file to touch>``."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaozuo_grid.settings")
django.setup()

from grids.models import Sport  # noqa: E402
from jiaozuo_grid.periodic import PeriodicJob, every  # noqa: E402
from jiaozuo_grid.periodic.running import run  # noqa: E402


def hang() -> None:
    """One piece of the work is committed; the next never comes."""
    Sport.objects.get_or_create(code="first", defaults={"name_zh": "first"})
    Path(sys.argv[1]).touch()
    time.sleep(600)


if __name__ == "__main__":
    run(PeriodicJob("test", "Test", "", hang, every(minutes=10)))
