"""Who may open a page, and the way down to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views import View

from jiaozuo_grid.reach import reach_of


class Needs(LoginRequiredMixin, View):
    """A page for those who hold a right anywhere; which rows they see, the queryset says."""

    right: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if self.right and not reach_of(request.user).allows(self.right):
            raise PermissionDenied
        self.prepare()
        return super().dispatch(request, *args, **kwargs)

    def prepare(self) -> None:
        """Find what the page is about; raises ``Http404`` or ``PermissionDenied``."""


@dataclass(frozen=True)
class Crumb:
    """A step of the way down to a page; without an address where the reader may not go."""

    name: str
    url: str = ""


def area_crumbs(
    path: Iterable[tuple[str, str]],
    may_open: Callable[[str], bool],
    *,
    url_name: str = "area",
    then: str = "",
) -> list[Crumb]:
    """The way down an area path (code, name); the last step, where the reader is, has no link.

    ``then`` names a page below the area: the area itself is then linked too.
    """
    steps = list(path)
    last = None if then else (steps[-1][0] if steps else None)
    crumbs = [
        Crumb(name, reverse(url_name, args=[code]) if code != last and may_open(code) else "")
        for code, name in steps
    ]
    return [*crumbs, Crumb(then)] if then else crumbs
