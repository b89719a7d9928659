"""Handing over what is in somebody's hand; someone dies or moves away. Shown first, then done."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Person
from grids import handover
from grids.actions import leaving
from grids.filters import find_people
from grids.forms.handover import THING, HandoverForm, LeavingForm
from grids.handover import Item, Outcome, Refused
from grids.models import Appointment
from grids.people import people_visible_to, person_of
from grids.views.people import AboutPerson
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import FormPage, add_errors
from jiaozuo_grid.reach import OutOfReach

PEOPLE_SHOWN = 20


class HandOver(AboutPerson, FormPage):
    """Choose who gets what; see what it does; do it."""

    form_class: ClassVar[Any] = HandoverForm
    template_name = "grids/handover.html"
    leaving = False

    def prepare(self) -> None:
        super().prepare()
        if not self.may_change():
            raise PermissionDenied
        self.items = handover.items_of(self.request.user, self.person, leaving=self.leaving)
        self.found = self._found()

    def heading(self) -> str:
        return _("Hand over")

    @property
    def words(self) -> str:
        return self.request.GET.get("q", "").strip()

    def _candidates(self) -> QuerySet[Person]:
        people: Any = people_visible_to(self.request.user).exclude(pk=self.person.pk)
        own = person_of(self.request.user)
        living: QuerySet[Person] = people.living_here(today())
        return living.exclude(pk=own) if own is not None else living

    def _found(self) -> list[Person]:
        people = self._candidates()
        if self.words:
            people = find_people(people, self.words)
        else:
            codes = [item.row.area_code for item in self.items] or [self.person.area_code]
            # Without a search: the people of the village, who are the likeliest.
            near = min(codes, key=len)[: Level.VILLAGE]
            people = people.filter(area_code__startswith=near)
        return list(people.order_by("area_code", "pk")[:PEOPLE_SHOWN])

    def _decide(self) -> str:
        """The thing that has to be decided, since its end led here: ``?from=<appointment>``."""
        asked = self.request.GET.get("from", "")
        for item in self.items:
            if isinstance(item.row, Appointment) and str(item.row.pk) == asked and item.may_move:
                return item.key
        return ""

    def form_arguments(self) -> dict[str, Any]:
        return {
            "items": self.items,
            "visible": self._candidates(),
            "found": self.found,
            "decide": self._decide(),
        }

    def rehearse(self, form: Any, *, really: bool) -> list[Outcome]:
        data = form.cleaned_data
        return handover.hand_over(
            self.request.user,
            self.person,
            form.plan(),
            data["on"],
            reason=data["reason"],
            rehearse=not really,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = self.form_class(data=request.POST, **self.form_arguments())
        if not form.is_valid() or "change" in request.POST:
            return self.page(form)
        really = "confirm" in request.POST
        try:
            outcomes = self.rehearse(form, really=really)
        except Refused as refusal:
            self._explain(form, refusal)
            return self.page(form)
        except (ValidationError, OutOfReach) as error:
            add_errors(form, error)
            return self.page(form)
        return self.finish(outcomes) if really else self.preview(form, outcomes)

    def _explain(self, form: Any, refusal: Refused) -> None:
        shown = {item.key: item.description for item in self.items}
        for key, texts in refusal.by_item.items():
            for text in texts:
                if THING + key in form.fields:
                    form.add_error(THING + key, text)
                else:
                    form.add_error(None, f"{shown[key]}: {text}" if key in shown else text)

    def preview(self, form: Any, outcomes: list[Outcome]) -> HttpResponse:
        context = {"form": form, "outcomes": outcomes, **self.context()}
        return render(self.request, "grids/handover_preview.html", context)

    def done(self, result: list[Outcome]) -> str:
        return _("Handed over.")

    def next_url(self, result: Any) -> str:
        return reverse("person", args=[self.person.pk])

    def others(self) -> list[Item]:
        """What the user may not move."""
        return [item for item in self.items if not item.may_move]

    def context(self) -> dict[str, Any]:
        heading = self.heading()
        return {
            "person": self.person,
            "leaving": self.leaving,
            "account": self.user_account,
            "items": self.items,
            "others": self.others(),
            "found": self.found,
            "q": self.words,
            "decide": self._decide(),
            "from_post": self.request.GET.get("from", ""),
            "heading": heading,
            "crumbs": self.crumbs(heading),
            "back": reverse("person", args=[self.person.pk]),
        }


class Leave(HandOver):
    """Someone died, or moved away."""

    form_class: ClassVar[Any] = LeavingForm
    leaving = True

    def prepare(self) -> None:
        super().prepare()
        if self.person.pk == person_of(self.request.user):
            raise PermissionDenied

    def heading(self) -> str:
        return _("Died or moved away")

    def rehearse(self, form: Any, *, really: bool) -> list[Outcome]:
        data = form.cleaned_data
        return leaving.record_leaving(
            self.request.user,
            self.person,
            data["how"],
            data["left_on"],
            form.plan(),
            hands_on=data["on"],
            reason=data["reason"],
            rehearse=not really,
        )

    def done(self, result: list[Outcome]) -> str:
        return _("Recorded. Today it can still be undone.")


class _Button(AboutPerson, FormPage):
    """A button of the person page."""

    form_class = Form
    http_method_names = ["post"]

    def prepare(self) -> None:
        super().prepare()
        if not self.may_change() or self.person.pk == person_of(self.request.user):
            raise PermissionDenied

    def next_url(self, result: Any) -> str:
        return reverse("person", args=[self.person.pk])

    def context(self) -> dict[str, Any]:
        heading = self.person.name
        return {"heading": heading, "crumbs": self.crumbs(), "back": self.next_url(None)}


class UndoLeaving(_Button):
    def act(self, form: Form) -> int:
        return leaving.undo_leaving(self.request.user, self.person)

    def done(self, result: int) -> str:
        return _("Undone: everything is as it was before.")


class Back(_Button):
    def act(self, form: Form) -> Person:
        return leaving.take_back_leaving(self.request.user, self.person)

    def done(self, result: Person) -> str:
        return _("%(name)s is here again. What they held stays as it is now.") % {
            "name": result.name
        }
