"""Say whether any reported month was changed where it is stored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coverage.snapshots.checking import check_all


class Command(BaseCommand):
    help = "Compares every frozen month with its digest; fails if one was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        count, wrong = check_all()
        for edition, areas in wrong.items():
            self.stderr.write(f"{edition}: {', '.join(areas)}")
        if wrong:
            raise CommandError(f"{len(wrong)} of {count} editions are not what was frozen")
        self.stdout.write(f"{count} editions are what was frozen")
