"""What grids keep in somebody's name: posts, and offices in organisations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.holdings import Holding, register
from accounts.models import Person
from grids.actions.appointments import appoint, end_appointment
from grids.actions.offices import appoint_officer, end_office
from grids.models import Appointment, Division, Grid, HobbyGrid, Officer, Role
from grids.people import lasting_posts
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor


def _placed(posts: QuerySet[Any]) -> QuerySet[Any]:
    """Posts with the name of their area, and below a village that of the village too."""
    code = OuterRef("area_code")
    named = [
        Subquery(model.objects.filter(area_code=code).values("name")[:1])
        for model in (HobbyGrid, Grid, Division)
    ]
    village = Division.objects.filter(area_code=Substr(code, 1, Level.VILLAGE))
    return posts.annotate(
        area_name=Coalesce(*named, "area_code"),
        village_name=Subquery(village.filter(digits=Level.VILLAGE).values("name")[:1]),
    )


def _leads(person: Person) -> QuerySet[Any]:
    return _placed(lasting_posts(person).filter(role=Role.GRID_LEADER))


def _other_posts(person: Person) -> QuerySet[Any]:
    return _placed(lasting_posts(person).exclude(role=Role.GRID_LEADER))


def _lasting_offices(person: Person) -> QuerySet[Any]:
    lasting = Q(ended_on=None) | (Q(ended_on__gt=today()) & Q(ended_on__gt=F("started_on")))
    offices = Officer.objects.filter(lasting, person=person)
    return offices.select_related("organisation")


def _begins(posts: QuerySet[Any]) -> date | None:
    """When the successor's own post of the kind begins; None where there is none.

    Until then the post would be vacant, so it is theirs for the time between, too.
    """
    first: date | None = posts.order_by("started_on").values_list("started_on", flat=True).first()
    return first


def _hand_over_post(actor: Actor, post: Appointment, successor: Person | None, on: date) -> None:
    """The post ends, and begins anew in the other hand; who holds it beside them keeps it."""
    day = max(on, post.started_on)
    end_appointment(actor, post, day)
    if successor is None:
        return
    beside = lasting_posts(successor).filter(role=post.role, area_code=post.area_code)
    begins = _begins(beside)
    if begins is None or begins > day:
        appoint(actor, successor, post.role, post.area_code, started_on=day, ended_on=begins)


def _hand_over_office(actor: Actor, office: Officer, successor: Person | None, on: date) -> None:
    """The office ends, and begins in the other hand for the rest of the term."""
    day = max(on, office.started_on)
    end_office(actor, office, day)
    if successor is None:
        return
    offices = _lasting_offices(successor)
    begins = _begins(offices.filter(organisation=office.organisation_id, title=office.title))
    if begins is not None and begins <= day:
        return
    term = office.term_ends_on
    appoint_officer(
        actor,
        office.organisation,
        successor,
        office.title,
        started_on=day,
        ended_on=begins,
        term_ends_on=term if term is None or term >= day else None,
    )


def _post_url(post: Appointment) -> str:
    return reverse("area", args=[post.area_code])


def _office_url(office: Officer) -> str:
    return reverse("organisation", args=[office.organisation_id])


def _post_in_words(post: Any) -> str:
    below = post.village_name if len(post.area_code) > Level.VILLAGE else None
    place = f"{below} {post.area_name}" if below else post.area_name
    return f"{post.get_role_display()} · {place}"


def _office_in_words(office: Officer) -> str:
    return f"{office.get_title_display()} · {office.organisation.name}"


def register_holdings() -> None:
    """Called when grids is ready."""
    register(
        Holding(
            key="grids.leader",
            label=_("grid leader's post"),
            rows=_leads,
            describe=_post_in_words,
            url=_post_url,
            hand_over=_hand_over_post,
            must_move=True,
        )
    )
    register(
        Holding(
            key="grids.post",
            label=_("post"),
            rows=_other_posts,
            describe=_post_in_words,
            url=_post_url,
            hand_over=_hand_over_post,
        )
    )
    register(
        Holding(
            key="grids.office",
            label=_("office in an organisation"),
            rows=_lasting_offices,
            describe=_office_in_words,
            url=_office_url,
            hand_over=_hand_over_office,
        )
    )
