"""Import the boundaries of divisions from a GeoJSON file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grids.divisions.outlines import import_outlines
from grids.divisions.problems import Refused
from jiaozuo_grid.reach import SYSTEM


class Command(BaseCommand):
    help = (
        "Import boundaries for the maps: a GeoJSON FeatureCollection of Polygons or "
        "MultiPolygons, each with its division's code in the property adcode. "
        "Every problem is reported, and then nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--schematic", action="store_true", help="the outlines are invented, not boundaries"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        try:
            done = import_outlines(SYSTEM, data, schematic=options["schematic"])
        except Refused as refused:
            for one in refused.problems:
                self.stderr.write(str(one))
            raise CommandError(refused.summary) from None
        self.stdout.write(
            f"added: {done.added}\nchanged: {done.changed}\nunchanged: {done.unchanged}"
        )
