"""``manage.py demo_accounts``: who can sign in to the demo city, and with what."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import User
from demo.accounts import ACCOUNTS, password


class Command(BaseCommand):
    help = "Print the demo accounts and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        users = User.objects.filter(is_demo=True, username__in=ACCOUNTS).select_related("person")
        if not users:
            self.stdout.write("There are no demo accounts.")
            return
        by_name = {user.username: user for user in users}
        self.stdout.write(f"Demo accounts (password of all: {password()}):")
        for username, role in ACCOUNTS.items():
            if username in by_name:
                self.stdout.write(f"  {username:<9} {role.label} {by_name[username].person.name}")
