"""Import the official list of divisions from a CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from grids.divisions.importing import import_divisions
from grids.divisions.planning import Plan, plan_import
from grids.divisions.problems import Problem, Refused
from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import SYSTEM


class Command(BaseCommand):
    help = (
        "Import the official list of divisions: a CSV file in UTF-8 or GB18030 with the columns "
        "code and name; optional level, parent_code, urban_rural_class, population, households, "
        "villager_groups, longitude, latitude. Every problem is reported with its line, and then "
        "nothing is written. Importing again changes only what differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done; write nothing"
        )
        parser.add_argument(
            "--end-absent",
            action="store_true",
            help="end the divisions that the file covers but does not name",
        )
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            help="day from which the list holds, YYYY-MM-DD (default: today; for the first import "
            "of a city the day on which figures begin)",
        )
        parser.add_argument(
            "--source", default="", help="noted with resident figures (default: the file's name)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        try:
            if options["dry_run"]:
                plan = plan_import(SYSTEM, data, options["on"])
                if plan.problems:
                    raise Refused(plan.problems)
            else:
                plan = import_divisions(
                    SYSTEM,
                    data,
                    on=options["on"],
                    end_absent=options["end_absent"],
                    source=options["source"] or path.name[:100],
                )
        except Refused as refused:
            for one in refused.problems:
                self.stderr.write(str(one))
            raise CommandError(refused.summary) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self._tell(plan, dry_run=options["dry_run"], end_absent=options["end_absent"])

    def _tell(self, plan: Plan, *, dry_run: bool, end_absent: bool) -> None:
        out = self.stdout.write
        if dry_run:
            out(self.style.WARNING(_("Nothing was written (dry run).")))
        out(_("The list holds from %(day)s.") % {"day": plan.on.isoformat()})
        for level, count in plan.levels.items():
            out(f"  {Level(level).label}: {count}")
        for kind, count in plan.figures.items():
            out(f"  {kind}: {count}")
        for outcome in plan.outcomes:
            if outcome.kind == "renamed":
                was, name = outcome.changes["name"]
                out(f"    {outcome.area_code} {was} → {name}")
            elif outcome.kind == "absent":
                out(f"    {outcome.area_code} {outcome.name}")
        self._tell_absent(plan.kept, len(plan.of("absent")), end_absent)

    def _tell_absent(self, kept: list[Problem], absent: int, end_absent: bool) -> None:
        if absent and end_absent:
            self.stdout.write(_("The absent divisions are ended."))
        elif absent:
            self.stdout.write(
                _("The absent divisions stay in force; --end-absent ends them, except:")
                if kept
                else _("The absent divisions stay in force; --end-absent ends them.")
            )
            for one in kept:
                self.stdout.write(f"    {one}")
