"""Accounts of people who were entered twice: merging the entries closes one of the two accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User


def closed_accounts(user: Any) -> QuerySet[User]:
    """Accounts of the same person that a merge closed; merging leaves no chain of entries."""
    return User.objects.filter(person__merged_into=user.person_id, is_active=False)


def is_same_person(user: Any, account: int) -> bool:
    """Whether the account is the user's own, or one that a merge closed."""
    return account == user.pk or closed_accounts(user).filter(pk=account).exists()
