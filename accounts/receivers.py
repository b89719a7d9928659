"""Sign-ins and failures go to the audit trail."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts.audit import record
from accounts.models import User
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
