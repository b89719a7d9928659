"""What the pages about one instructor, and about instructors of an area, have in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from grids.models import Division
from grids.people import person_of
from instructors.models import Instructor
from jiaozuo_grid.area import Level, within_q
from jiaozuo_grid.pages import Crumb, FormPage, Needs
from jiaozuo_grid.reach import Actor, reach_of

VIEW_INSTRUCTOR = "view instructors.instructor"
# More villages than this are not offered by name: the field would be slower than typing.
VILLAGES_OFFERED = 400


def villages_of(actor: Actor, right: str) -> list[tuple[str, str]]:
    """The villages to choose from in a field of area codes; none where there are very many."""
    codes = reach_of(actor).areas_for(right)
    rows = Division.objects.filter(within_q(codes), digits=Level.VILLAGE, ended_on__isnull=True)
    found = list(rows.values_list("area_code", "name")[: VILLAGES_OFFERED + 1])
    return found if len(found) <= VILLAGES_OFFERED else []


class AboutInstructor(Needs):
    """A page about an instructor whom the user sees; 404 for all others, existing or not."""

    right = VIEW_INSTRUCTOR
    # Needed at the instructor's area besides.
    area_right = ""
    instructor: Instructor

    def prepare(self) -> None:
        rows = Instructor.objects.visible_to(self.request.user).select_related("person")
        row = rows.filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        self.instructor = row
        if self.area_right and not self.allows(self.area_right):
            raise PermissionDenied

    def allows(self, right: str) -> bool:
        return reach_of(self.request.user).allows(right, self.instructor.area_code)

    @property
    def is_own(self) -> bool:
        """Whether the page is about the reader, who decides nothing here."""
        return self.instructor.person_id == person_of(self.request.user)

    def url(self) -> str:
        return reverse("instructor", args=[self.instructor.pk])

    def crumbs(self, then: str = "") -> list[Crumb]:
        name = self.instructor.person.name
        crumbs = [
            Crumb(_("Instructors"), reverse("instructor-list")),
            Crumb(name, self.url() if then else ""),
        ]
        return [*crumbs, Crumb(then)] if then else crumbs


class InstructorForm(AboutInstructor, FormPage):
    """A form around one action on an instructor."""

    def heading(self) -> str:
        raise NotImplementedError

    def next_url(self, result: Any) -> str:
        return self.url()

    def context(self) -> dict[str, Any]:
        heading = self.heading()
        return {
            "instructor": self.instructor,
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "back": self.url(),
        }
