"""Forms of appointing, replacing and ending."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from grids import actions
from grids.filters import find_people
from grids.forms import AppointForm, EndAppointmentForm
from grids.handover import may_hand_over, open_beside
from grids.models import ROLE_LEVELS, Appointment, Role
from grids.people import people_visible_to
from grids.tree import home_code
from grids.views.base import AreaForm, crumbs_to
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import FormPage
from jiaozuo_grid.reach import reach_of

PEOPLE_SHOWN = 20


class Appoint(AreaForm):
    """Fill a post at an area; with a leader in place, replace them on that day."""

    form_class = AppointForm
    template_name = "grids/appoint.html"
    role: Role

    def prepare(self) -> None:
        if self.kwargs["role"] not in Role.values:
            raise Http404
        self.role = Role(self.kwargs["role"])
        super().prepare()
        if len(self.code) not in ROLE_LEVELS[self.role]:
            raise Http404
        self.leader = self._leader()

    def required_right(self) -> str:
        return f"appoint {self.role.value}"

    def _leader(self) -> Appointment | None:
        if self.role != Role.GRID_LEADER:
            return None
        posts = Appointment.objects.filter(area_code=self.code, role=self.role).on(today())
        return posts.select_related("person").first()

    def heading(self) -> Any:
        if self.leader is not None:
            return _("Replace the grid leader")
        return _("Appoint: %(role)s") % {"role": self.role.label}

    @property
    def words(self) -> str:
        return self.request.GET.get("q", "").strip()

    def _found(self) -> list[Person]:
        seen: Any = people_visible_to(self.request.user).exclude(user=self.request.user.pk)
        people = seen.living_here(today())
        if self.leader is not None:
            people = people.exclude(pk=self.leader.person_id)
        if self.words:
            people = find_people(people, self.words)
        else:
            # Without a search: those who live here, who are the likeliest.
            people = people.filter(area_code__startswith=home_code(self.code))
        return list(people.order_by("area_code", "pk")[:PEOPLE_SHOWN])

    def form_arguments(self) -> dict[str, Any]:
        self.found = self._found()
        return {
            "role": self.role,
            "visible": people_visible_to(self.request.user),
            "found": self.found,
            "replacing": self.leader is not None,
        }

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "q": self.words,
            "found": self.found,
            "leader": self.leader,
            "role": self.role,
        }

    @transaction.atomic
    def act(self, form: AppointForm) -> Appointment:
        data = form.cleaned_data
        person = data["person"] or actions.enter_person(
            self.request.user,
            name=data["name"],
            phone=data["phone"],
            area_code=home_code(self.code),
        )
        post = {"started_on": data["started_on"], "background": data.get("background", "")}
        if self.leader is not None:
            return actions.replace_leader(
                self.request.user, person, self.code, reason=data["reason"], **post
            )
        return actions.appoint(self.request.user, person, self.role, self.code, **post)

    def done(self, result: Appointment) -> str:
        return _("%(name)s is appointed from %(day)s.") % {
            "name": result.person.name,
            "day": result.started_on,
        }


class EndAppointment(FormPage):
    """End a post. Where more is open in the same hand there, handing over is asked for instead."""

    form_class = EndAppointmentForm
    template_name = "grids/end_appointment.html"
    post_row: Appointment

    def prepare(self) -> None:
        seen = Appointment.objects.visible_to(self.request.user).select_related("person")
        post = seen.filter(pk=self.kwargs["pk"]).first()
        if post is None:
            raise Http404
        if not reach_of(self.request.user).allows(f"appoint {post.role}", post.area_code):
            raise PermissionDenied
        self.post_row = post

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        post = self.post_row
        if may_hand_over(request.user, post.person) and open_beside(request.user, post):
            return redirect(f"{reverse('handover', args=[post.person_id])}?from={post.pk}")
        return super().get(request, **kwargs)

    def form_arguments(self) -> dict[str, Any]:
        return {"vacant": self.post_row.role == Role.GRID_LEADER}

    def act(self, form: EndAppointmentForm) -> Appointment:
        data = form.cleaned_data
        return actions.end_appointment(
            self.request.user, self.post_row, data["on"], reason=data["reason"]
        )

    def done(self, result: Appointment) -> str:
        return _("The appointment ends on %(day)s.") % {"day": result.ended_on}

    def next_url(self, result: Appointment) -> str:
        return reverse("area", args=[self.post_row.area_code])

    def context(self) -> dict[str, Any]:
        heading = _("End the appointment")
        code = self.post_row.area_code
        return {
            "post": self.post_row,
            "heading": heading,
            "crumbs": crumbs_to(self.request.user, code, then=heading),
            "back": reverse("area", args=[code]),
        }
