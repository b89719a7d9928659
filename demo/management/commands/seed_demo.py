"""Fill an empty database with the demo city."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from demo.accounts import demo_password
from demo.city.scales import SCALES, SHORTEST, figures_begin
from demo.city.seeding import is_empty, seed_city
from grids.divisions.problems import Refused
from jiaozuo_grid.lasting import today


class Command(BaseCommand):
    help = (
        "Fill an empty database with an invented city: people, grids and two years of sessions. "
        "The same seed and day give the same rows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=list(SCALES), default="small")
        parser.add_argument(
            "--divisions", type=Path, help="a CSV file of divisions, in place of invented ones"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where the database is not empty"
        )
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            help="the day that the city is built for, YYYY-MM-DD (default: today)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is a production set-up: the demo city is not for it.")
        if not is_empty():
            if options["if_empty"]:
                return
            raise CommandError("The database is not empty. The demo city needs an empty one.")
        day: date = options["today"] or today()
        self._check(day)
        self._seed(day, options)

    def _check(self, day: date) -> None:
        earliest = figures_begin() + SHORTEST
        if not earliest <= day <= today():
            raise CommandError(f"--today must be a day from {earliest} to {today()}.")

    def _seed(self, day: date, options: dict[str, Any]) -> None:
        path: Path | None = options["divisions"]
        try:
            data = path.read_bytes() if path else None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None

        began = time.monotonic()

        def tell(what: str) -> None:
            if options["verbosity"] > 0:
                self.stdout.write(f"{time.monotonic() - began:6.1f} s  {what}")
                self.stdout.flush()

        try:
            seed_city(SCALES[options["scale"]], options["seed"], day, demo_password(), data, tell)
        except Refused as refused:
            for one in refused.problems:
                self.stderr.write(str(one))
            raise CommandError(refused.summary) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
