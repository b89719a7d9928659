"""The pages behind the QR codes by which residents check in, and the leader's page that shows one.

Nothing personal stands on the public ones. They are kept by no cache and no search engine.
"""

from __future__ import annotations

from typing import Any, ClassVar

import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.models import Person
from activities.actions.checkin import check_in, checked_in_before, forget_position
from activities.checkin import browsers, codes, limits
from activities.checkin.forms import CheckInForm, ticket_form
from activities.checkin.reading import checked_in
from activities.models import CheckIn
from grids.authority import division_names
from grids.models import HobbyGrid
from grids.views.lists import place_of
from jiaozuo_grid.addresses import public_address
from jiaozuo_grid.area import Level, ancestors, is_area_code
from jiaozuo_grid.lasting import today
from jiaozuo_grid.pages import Needs
from jiaozuo_grid.reach import reach_of
from stations.models import Station

FORGET = "forget"


@method_decorator(never_cache, name="dispatch")
class CheckInPage(View):
    """Check in with one tap. Where it is, and whether this visit may, the two kinds say."""

    http_method_names = ["get", "head", "post"]
    template: ClassVar[str] = "activities/check_in.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.sent_cookie = browsers.cookie_of(request)
        self.cookie = self.sent_cookie or browsers.new_cookie()
        self.browser = browsers.hash_of(self.cookie)
        self.person: Person | None = getattr(request.user, "person", None)
        self.place = self.found()

    def found(self) -> HobbyGrid | Station | None:
        """The place that the code speaks of; None where there is none."""
        raise NotImplementedError

    def invites(self) -> bool:
        """Whether the code itself lets somebody check in now."""
        raise NotImplementedError

    @property
    def key(self) -> str:
        return f"{self.place._meta.model_name}-{self.place.pk}" if self.place else ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        if self.place is not None and not self.sent_cookie:
            browsers.give(response, self.cookie)
        return response

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if (stored := self.stored()) is not None:
            return self.page(done=stored)
        if not self.invites():
            return self.stale()
        return self.page(form=ticket_form(codes.ticket_for(self.key, self.browser)))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        stored = self.stored()
        if stored is not None:
            if FORGET in request.POST:
                forget_position(stored)
            return redirect(request.path)
        form = CheckInForm(request.POST)
        if self.place is None or not form.is_valid():
            return self.stale()
        if not codes.admits(form.cleaned_data["ticket"], self.key, self.browser):
            return self.once_more()
        if not limits.may_check_in(self.key, request.META.get("REMOTE_ADDR", "")):
            form.add_error(None, _("Very many check in here just now. Try again later."))
            return self.page(form=form, status=429)
        # A second button, for who is signed in and would rather only be counted.
        named = None if "unnamed" in request.POST else self.person
        try:
            check_in(self.place, browser=self.browser, person=named, **form.position())
        except ValidationError:
            return self.stale()
        return redirect(request.path)

    def once_more(self) -> HttpResponse:
        """The page lay open for too long; where the code is still good, another tap does."""
        if not self.invites():
            return self.stale()
        fresh = ticket_form(codes.ticket_for(self.key, self.browser))
        return self.page(form=fresh, late=True, status=422)

    def stored(self) -> CheckIn | None:
        """Today's check-in of this phone or person."""
        if self.place is None or not (self.sent_cookie or self.person):
            return None
        return checked_in_before(self.place, self.browser if self.sent_cookie else "", self.person)

    def stale(self) -> HttpResponse:
        """The code is old or none; what it spoke of is not said."""
        many = limits.guesses(self.request.META.get("REMOTE_ADDR", ""))
        context = {"many": many}
        return render(
            self.request, "activities/check_in_again.html", context, status=429 if many else 410
        )

    def page(
        self,
        *,
        form: Any = None,
        done: CheckIn | None = None,
        late: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        place: Any = self.place
        steps = [c for c in ancestors(place.area_code) if len(c) > Level.CITY]
        if isinstance(place, Station):
            steps.append(place.area_code)
        names = division_names([code for code in steps if len(code) <= Level.VILLAGE])
        context = {
            "place": place,
            "where": place_of(place.area_code, names),
            "day": today(),
            "form": form,
            "done": done,
            "late": late,
            "person": self.person,
            "days": settings.CHECK_INS_KNOWN_DAYS,
        }
        return render(self.request, self.template, context, status=status)


class SessionCheckIn(CheckInPage):
    """Behind the changing code on a leader's phone."""

    def found(self) -> HobbyGrid | None:
        code = self.kwargs["code"]
        area_code = codes.hobby_grid_of(code)
        # A code that is none costs no look at the database, unless this phone was here today.
        if not area_code or not (codes.is_good(code) or self.sent_cookie):
            return None
        place = HobbyGrid.objects.filter(area_code=area_code).first()
        return place if place is not None and place.in_force(today()) else None

    def invites(self) -> bool:
        return self.place is not None and codes.is_good(self.kwargs["code"])


class StationCheckIn(CheckInPage):
    """Linked from the page behind the printed code of a station."""

    def found(self) -> Station:
        station = Station.objects.filter(token=self.kwargs["token"]).first()
        if station is None or not station.in_force(today()):
            raise Http404
        return station

    def invites(self) -> bool:
        return True


@method_decorator(never_cache, name="dispatch")
class LeadersCode(Needs):
    """The changing code of a hobby grid, large, for those around to scan."""

    right = "log"

    def prepare(self) -> None:
        code = self.kwargs["code"]
        found = None
        if is_area_code(code) and reach_of(self.request.user).allows("log", code):
            found = HobbyGrid.objects.on(today()).filter(area_code=code).first()
        if found is None:
            raise Http404
        self.hobby_grid = found

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        left = codes.seconds_left()
        path = reverse("check-in", args=[codes.code_of(code)])
        drawn = segno.make(public_address(request, path), error="m", micro=False)
        context = {
            "hobby_grid": self.hobby_grid,
            # Made of our own address, so that nothing in it needs escaping.
            "drawing": mark_safe(  # noqa: S308
                drawn.svg_inline(border=3, omitsize=True, svgclass="qr-drawing", lineclass=None)
            ),
            "seconds_left": left,
            "count": checked_in([code], today()).get(code, 0),
        }
        return render(request, "activities/leaders_code.html", context)
