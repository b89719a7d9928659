"""``manage.py seed_demo``: fill an empty database with the demo city."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.city.scales import SCALES
from demo.city.seeding import seed
from grids.models import Division
from jiaozuo_grid.lasting import today


class Command(BaseCommand):
    help = "Fill an empty database with a demo city: invented people, believable figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=list(SCALES), default="small")
        parser.add_argument("--divisions", type=Path, help="a division file instead of invented")
        parser.add_argument("--seed", type=int, default=1, help="the same number, the same city")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where data are")
        parser.add_argument("--today", type=date.fromisoformat, help="the last day of the city")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Set DEMO_MODE=1 to seed: this looks like production.")
        if Division.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("The database is not empty. Seed a new one.")
        started = monotonic()

        def say(what: str) -> None:
            self.stdout.write(f"{monotonic() - started:6.1f} s  {what}")

        day = options["today"] or today()
        seed(SCALES[options["scale"]], options["seed"], day, options["divisions"], say)
