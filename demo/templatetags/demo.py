"""What the sign-in page offers in demo mode."""

from __future__ import annotations

from django import template

from demo import accounts

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[accounts.DemoAccount]:
    return accounts.demo_accounts()
