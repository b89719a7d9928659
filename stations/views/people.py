"""Who is responsible for a station, and who teaches there."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions import enter_person
from grids.filters import find_people
from grids.forms import EndForm
from grids.people import people_visible_to
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of
from stations import actions
from stations.forms import PostForm
from stations.models import StationPost, StationRole
from stations.views.base import AboutRow, StationFormPage

PEOPLE_SHOWN = 20


class PostPerson(StationFormPage):
    """Post a person; who is responsible already is followed by the new one."""

    right = "view stations.stationpost"
    station_right = "change stations.stationpost"
    form_class = PostForm
    template_name = "stations/post.html"

    def prepare(self) -> None:
        if self.kwargs["role"] not in StationRole.values:
            raise Http404
        self.role = StationRole(self.kwargs["role"])
        super().prepare()
        posts = StationPost.objects.filter(station=self.station, station_role=self.role)
        self.posts = list(posts.on(today()).select_related("person"))

    def heading(self) -> Any:
        if self.role == StationRole.INSTRUCTOR:
            return _("Post an instructor")
        return _("Replace the person responsible") if self.posts else _("Name a person responsible")

    @property
    def words(self) -> str:
        return self.request.GET.get("q", "").strip().replace("\x00", "")

    def _found(self) -> list[Person]:
        people = people_visible_to(self.request.user).filter(merged_into=None, died_on=None)
        people = people.exclude(pk__in=[post.person_id for post in self.posts])
        if self.words:
            people = find_people(people, self.words)
        else:
            # Without a search: those of the village, who are the likeliest.
            people = people.filter(area_code__startswith=self.station.area_code)
        return list(people.order_by("area_code", "pk")[:PEOPLE_SHOWN])

    def form_arguments(self) -> dict[str, Any]:
        self.found_people = self._found()
        visible = people_visible_to(self.request.user)
        return {"visible": visible, "found": self.found_people}

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "q": self.words,
            "found": self.found_people,
            "posts": self.posts if self.role == StationRole.RESPONSIBLE else [],
            "may_enter": reach_of(self.request.user).allows(
                "change accounts.person", self.station.area_code
            ),
        }

    @transaction.atomic
    def act(self, form: PostForm) -> StationPost:
        data = form.cleaned_data
        person = data["person"] or enter_person(
            self.request.user,
            name=data["name"],
            phone=data["phone"],
            area_code=self.station.area_code,
        )
        post = (
            actions.make_responsible
            if self.role == StationRole.RESPONSIBLE
            else actions.post_instructor
        )
        return post(self.request.user, self.station, person, started_on=data["started_on"])

    def done(self, result: StationPost) -> str:
        return _("%(name)s: %(post)s from %(day)s.") % {
            "name": result.person.name,
            "post": result.get_station_role_display(),
            "day": result.started_on,
        }


class Unpost(AboutRow):
    """End an instructor's post; to end a responsibility is to name who follows."""

    right = "view stations.stationpost"
    station_right = "change stations.stationpost"
    form_class = EndForm
    template_name = "stations/unpost.html"

    def rows(self) -> Any:
        posts = StationPost.objects.visible_to(self.request.user)
        return posts.instructors().select_related("person")

    def heading(self) -> Any:
        return _("End the post")

    def act(self, form: EndForm) -> StationPost:
        data = form.cleaned_data
        return actions.unpost(self.request.user, self.row, data["on"], reason=data["reason"])

    def context(self) -> dict[str, Any]:
        return {**super().context(), "post": self.row}

    def next_url(self, result: Any) -> str:
        return reverse("station", args=[self.station.pk])
