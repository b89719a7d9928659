"""What of a station can be in somebody's hands: to be responsible, to teach, to repair."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.holdings import Holding, register
from accounts.models import Person
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor
from stations import actions
from stations.models import OPEN, Repair, StationPost


def _posts(person: Person) -> Any:
    posts = StationPost.objects.filter(person=person).lasting_after(today())
    return posts.select_related("station")


def _station_page(row: Any) -> str:
    return reverse("station", args=[row.station_id])


def _hand_responsibility(
    actor: Actor, post: StationPost, successor: Person | None, on: date
) -> None:
    if successor is None:
        actions.unpost(actor, post, on)
    else:
        actions.make_responsible(actor, post.station, successor, started_on=on)


def _hand_teaching(actor: Actor, post: StationPost, successor: Person | None, on: date) -> None:
    actions.unpost(actor, post, on)
    if successor is not None:
        actions.post_instructor(actor, post.station, successor, started_on=on)


def _hand_repair(actor: Actor, repair: Repair, successor: Person | None, on: date) -> None:
    actions.hand_repair(actor, repair, successor)


def register_holdings() -> None:
    """Called once, when the app is ready."""
    register(
        Holding(
            "station.responsible",
            _("Stations they are responsible for"),
            rows=lambda person: _posts(person).responsible(),
            describe=lambda post: str(post.station),
            url=_station_page,
            hand_over=_hand_responsibility,
            must_move=True,
        )
    )
    register(
        Holding(
            "station.instructor",
            _("Stations where they teach"),
            rows=lambda person: _posts(person).instructors(),
            describe=lambda post: str(post.station),
            url=_station_page,
            hand_over=_hand_teaching,
        )
    )
    register(
        Holding(
            "station.repair",
            _("Repairs in their hands"),
            rows=lambda person: Repair.objects.filter(holder=person, state__in=OPEN).select_related(
                "station"
            ),
            describe=lambda repair: f"{repair.station} · {repair.description}",
            url=lambda repair: reverse("repair", args=[repair.pk]),
            hand_over=_hand_repair,
        )
    )
