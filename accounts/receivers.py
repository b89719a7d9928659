"""Sign-ins and failures go to the audit trail."""

from contextlib import AbstractContextManager
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from celery.signals import task_postrun, task_prerun
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts.audit import coming_from, record
from accounts.models import Door, User
from jiaozuo_grid.reach import SYSTEM


@receiver(user_logged_in)
def signed_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    record(user, "sign in", area_code=user.person.area_code, row=user)


@receiver(user_logged_out)
def signed_out(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        record(user, "sign out", area_code=user.person.area_code, row=user)


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    """A wrong user name or password; what was tried while locked is not written down again.

    An unknown name is not kept: people type their password into the wrong box.
    """
    if request is None or AxesProxyHandler.is_locked(request, credentials):
        return
    name = str(credentials.get("username") or "")
    user = User.objects.select_related("person").filter(username=name).first()
    area_code = user.person.area_code if user else ""
    record(SYSTEM, "sign-in failed", area_code=area_code, row=user)


_origins: dict[str, AbstractContextManager[None]] = {}


@task_prerun.connect
def task_begins(task_id: str, **kwargs: Any) -> None:
    """What a task writes came by the background, whoever asked for it."""
    origin = _origins[task_id] = coming_from(Door.TASK)
    origin.__enter__()


@task_postrun.connect
def task_ended(task_id: str, **kwargs: Any) -> None:
    if origin := _origins.pop(task_id, None):
        origin.__exit__(None, None, None)
