"""The page of an instructor, and their service record."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.holdings import holdings
from grids.people import VIEW_PERSON, people_visible_to
from grids.views.lists import place_names, place_of
from instructors import eligibility, service
from instructors.models import Certificate, InstructorLevel, Promotion
from instructors.views.base import AboutInstructor
from instructors.views.lists import to_do
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import reach_of

SHOWN = 20
YEARS_SHOWN = 12


class InstructorPage(AboutInstructor):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.instructor
        judgement = eligibility.judge([row])[row.pk]
        places = list(row.places.order_by("-started_on", "-pk"))
        names = place_names([row.area_code, *(place.area_code for place in places)])
        for place in places:
            place.name = place_of(place.area_code, names)
        context = {
            "instructor": row,
            "today": today(),
            "place": place_of(row.area_code, names),
            "places": places,
            "judgement": judgement,
            "tags": to_do(judgement),
            "certificates": self.certificates(),
            "years": self.years(),
            "record": service.by_year(row)[:YEARS_SHOWN],
            "attendances": list(
                row.attendances.select_related("course").order_by("-course__started_on", "-pk")
            ),
            "promotions": list(Promotion.objects.filter(instructor=row)[:SHOWN]),
            "sports": list(row.sports.all()),
            "serves": self.serves(),
            "crumbs": self.crumbs(),
            **self.may(),
        }
        return render(request, "instructors/instructor.html", context)

    def serves(self) -> list[tuple[Any, str, str]]:
        """The stations, grids and offices in the person's hands, whichever app keeps them."""
        found: list[tuple[Any, str, str]] = []
        for kind in holdings():
            rows: Any = kind.rows(self.instructor.person)
            if not kind.personal:
                seen = rows.visible_to(self.request.user)
                found += [(kind.label, kind.describe(row), kind.url(row)) for row in seen]
        return found

    def certificates(self) -> list[Certificate]:
        rows = list(self.instructor.certificates.order_by("-granted_on", "instructor_level"))
        for row in rows:
            row.may_revoke = (
                row.revoked_on is None
                and not self.is_own
                and self.allows(f"approve level {row.instructor_level}")
            )
        return rows

    def years(self) -> list[tuple[int, Any]]:
        """The last years, each with its registration or without."""
        known = {row.year: row for row in self.instructor.registrations.all()}
        since = max(self.instructor.started_on.year, today().year - YEARS_SHOWN + 1)
        first = min([since, *known])
        years = range(today().year, max(first, today().year - YEARS_SHOWN + 1) - 1, -1)
        return [(year, known.get(year)) for year in years]

    def may(self) -> dict[str, bool]:
        """What the buttons offer; each action asks again."""
        row, free = self.instructor, not self.is_own
        stands = row.ended_on is None or row.ended_on > today()
        level = row.next_level
        reach = reach_of(self.request.user)
        grants = any(self.allows(f"approve level {n}") for n in InstructorLevel.values)
        return {
            "may_edit": self.allows("change instructors.instructor"),
            "may_grant": grants and free and stands,
            "may_register": self.allows("change instructors.registration") and stands and free,
            "may_serve": self.allows("change instructors.service") and free,
            "may_nominate": level is not None
            and self.allows(f"nominate level {level}")
            and free
            and stands,
            "may_see_person": reach.allows(VIEW_PERSON)
            and people_visible_to(self.request.user).filter(pk=row.person_id).exists(),
        }


class ServiceRecord(AboutInstructor):
    """What the instructor did in a year, day by day."""

    def get(self, request: HttpRequest, pk: int, year: int) -> HttpResponse:
        if not 1990 <= year <= 2100:
            raise Http404
        done = service.in_year(self.instructor, year)
        names = place_names([one.area_code for one in done])
        lines = [(one, place_of(one.area_code, names)) for one in done]
        context = {
            "instructor": self.instructor,
            "year": year,
            "lines": lines,
            "may_withdraw": self.allows("change instructors.service"),
            "crumbs": self.crumbs(str(year)),
        }
        return render(request, "instructors/record.html", context)
