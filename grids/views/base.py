"""What the pages about one area have in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from grids.tree import Area, area_at, model_at, path_to
from jiaozuo_grid.area import is_area_code
from jiaozuo_grid.pages import Crumb, FormPage, Needs, area_crumbs
from jiaozuo_grid.reach import Actor, reach_of, right


def may_open(user: Actor, code: str) -> bool:
    """Whether the area page of ``code`` opens for the user (if there is such an area)."""
    return reach_of(user).allows(right("view", model_at(code)), code)


def visible_area(user: Actor, code: str) -> Area:
    """The area at ``code``, or ``Http404``, the same whether it is out of reach or not there."""
    if not is_area_code(code) or not may_open(user, code):
        raise Http404
    area = area_at(code)
    if area is None:
        raise Http404
    return area


def crumbs_to(user: Actor, code: str, then: str = "") -> list[Crumb]:
    """The way down to an area; what lies above the user's reach has no link."""
    return area_crumbs(path_to(code), lambda step: may_open(user, step), then=then)


class AboutArea(Needs):
    """A page about the area in its address."""

    area: Area

    def prepare(self) -> None:
        self.area = visible_area(self.request.user, self.kwargs["code"])

    @property
    def code(self) -> str:
        return self.area.area_code


class AreaForm(AboutArea, FormPage):
    """A form about an area, for those who hold ``area_right`` there."""

    area_right = ""
    # The digits of the codes that the form is for.
    levels: tuple[int, ...] = ()

    def prepare(self) -> None:
        super().prepare()
        if self.levels and len(self.code) not in self.levels:
            raise Http404
        if not reach_of(self.request.user).allows(self.required_right(), self.code):
            raise PermissionDenied

    def required_right(self) -> str:
        return self.area_right

    def heading(self) -> Any:
        raise NotImplementedError

    def next_url(self, result: Any) -> str:
        return reverse("area", args=[self.code])

    def context(self) -> dict[str, Any]:
        heading = self.heading()
        return {
            "area": self.area,
            "heading": heading,
            "crumbs": crumbs_to(self.request.user, self.code, then=heading),
            "back": reverse("area", args=[self.code]),
        }
