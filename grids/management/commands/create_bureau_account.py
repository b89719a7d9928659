"""The first account of an installation: someone at the city's sports bureau."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Person, User
from grids.actions.appointments import appoint
from grids.actions.people import enter_person, open_account
from grids.models import Role
from jiaozuo_grid.reach import SYSTEM


class Command(BaseCommand):
    help = (
        "Enter a person, appoint them bureau staff of the city and open their account. Everyone "
        "else is appointed by them in the web. Import the divisions first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--phone", default="", help="mobile number, 11 digits")
        parser.add_argument("--area", default="4108", help="area code of the city")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._check(options["username"], options["name"])
            password = _password(options)
            user = create(
                password, **{k: options[k] for k in ("username", "name", "phone", "area")}
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        self.stdout.write(f"{user.username}: bureau staff of {options['area']}. Sign in at /.")

    def _check(self, username: str, name: str) -> None:
        """Tell what is wrong before asking for a password."""
        user = User(username=username, person=Person(name=name))
        user.clean_fields(exclude=["person", "password"])
        if User.objects.filter(username=username).exists():
            raise ValidationError(f"The user name {username} is taken.")


def _password(options: dict[str, Any]) -> str:
    if options["password_stdin"]:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass("Password: ")
        if password != getpass("Password again: "):
            raise CommandError("The two passwords differ.")
    validate_password(password, User(username=options["username"]))
    return password


@transaction.atomic
def create(password: str, *, username: str, name: str, phone: str, area: str) -> User:
    """Person, post and account together, by the same actions as in the web."""
    person = enter_person(SYSTEM, name=name, area_code=area, phone=phone)
    if not person.appointments.filter(
        role=Role.BUREAU_STAFF, area_code=area, ended_on=None
    ).exists():
        appoint(SYSTEM, person, Role.BUREAU_STAFF, area)
    user, _one_time = open_account(SYSTEM, person, username)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
