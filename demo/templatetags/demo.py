"""What the sign-in page of the demo city offers."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.models import User
from demo.accounts import ACCOUNTS
from grids.authority import division_names
from grids.models import Appointment
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[dict[str, Any]]:
    """The demo accounts with role, name and place, in the order of the buttons."""
    users = {
        user.person_id: user
        for user in User.objects.filter(is_demo=True, username__in=ACCOUNTS).select_related(
            "person"
        )
    }
    posts = {
        users[post.person_id].username: post
        for post in Appointment.objects.on(today()).filter(person_id__in=users)
        if post.role == ACCOUNTS[users[post.person_id].username]
    }
    codes = {name: post.area_code[: Level.VILLAGE] for name, post in posts.items()}
    places = division_names(list(codes.values()))
    return [
        {
            "username": username,
            "role": posts[username].get_role_display(),
            "name": users[posts[username].person_id].person.name,
            "place": places.get(codes[username], ""),
        }
        for username in ACCOUNTS
        if username in posts
    ]
