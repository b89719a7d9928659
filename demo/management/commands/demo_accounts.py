"""Print the demo accounts."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand

from demo.accounts import demo_accounts, demo_password


class Command(BaseCommand):
    help = "Print the demo accounts of this installation and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = demo_accounts()
        if not accounts:
            self.stdout.write("There are no demo accounts; manage.py seed_demo makes them.")
            return
        self.stdout.write("Demo accounts:")
        for one in accounts:
            cells = (_wide(one.username, 12), _wide(str(one.role.label), 22), _wide(one.name, 8))
            self.stdout.write(f"  {''.join(cells)}{one.place}")
        self.stdout.write(f"Their password: {demo_password()}")


def _wide(text: str, width: int) -> str:
    """``text`` filled up to a width, where a Chinese character takes two columns."""
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(1, width - taken)
