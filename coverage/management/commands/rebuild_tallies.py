from typing import Any

from django.core.management.base import BaseCommand

from coverage.recount import rebuild


class Command(BaseCommand):
    help = "Throw all tallies away and count them anew from the rows."

    def handle(self, *args: Any, **options: Any) -> None:
        rebuild()
        self.stdout.write("Tallies rebuilt.")
