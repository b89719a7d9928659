"""Handing over: everything that is open in a person's hand, moved or ended in one step.

What there is, the apps say (accounts/holdings.py). Each thing is moved by its own right, or not at
all: what the actor may not move is shown with whom to ask. A plan says for each thing who gets it,
or that it ends; all of it is done, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit import in_batch, record
from accounts.holdings import Holding, holdings
from accounts.models import Person
from grids.actions.ground import check_ahead, fresh
from grids.authority import ROLE_RIGHTS, division_names
from grids.models import Appointment, Division, Role
from grids.people import answers_for, check_present, people_visible_to, person_of
from jiaozuo_grid.area import Level, ancestors, covers
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import Actor, OutOfReach, reach_of, right

# For each thing (by its key) who gets it, or None: it ends. What is not named stays as it is.
Plan = Mapping[str, Person | None]


@dataclass(frozen=True)
class Item:
    """One thing in somebody's hand, as the actor sees it; ``ask`` names who may move it instead."""

    holding: Holding
    row: Any
    ask: str = ""

    @property
    def key(self) -> str:
        return f"{self.holding.key}:{self.row.pk}"

    @property
    def may_move(self) -> bool:
        return not self.ask

    @property
    def must_move(self) -> bool:
        return self.holding.must_move

    @property
    def personal(self) -> bool:
        return self.holding.personal

    @property
    def description(self) -> str:
        return self.holding.describe(self.row)

    @property
    def url(self) -> str:
        return self.holding.url(self.row)


@dataclass(frozen=True)
class Outcome:
    """What becomes of a thing: it goes to ``successor``, it ends, or it stays."""

    item: Item
    successor: Person | None = None
    ends: bool = False

    @property
    def stays(self) -> bool:
        return self.successor is None and not self.ends


class Refused(ValidationError):
    """The plan cannot be carried out; ``by_item`` says why for each thing, "" for the whole."""

    def __init__(self, by_item: Mapping[str, list[str]]) -> None:
        self.by_item = dict(by_item)
        super().__init__([text for texts in by_item.values() for text in texts])


def items_of(actor: Actor, person: Person, *, leaving: bool = False) -> list[Item]:
    """Everything open in the person's hand that the actor sees; what is personal, if leaving.

    A fixed number of queries a kind of thing, and two for all that is not the actor's to move.
    """
    found: list[tuple[Holding, Any]] = []
    movable: set[tuple[str, Any]] = set()
    for holding in holdings():
        if holding.personal and not leaving:
            continue
        rows = holding.rows(person)
        found += [(holding, row) for row in _reached(rows, "visible_to", actor)]
        keys = _reached(rows, "editable_by", actor).values_list("pk", flat=True)
        movable |= {(holding.key, key) for key in keys}
    others = [row for holding, row in found if (holding.key, row.pk) not in movable]
    asks = whom_to_ask(others)
    return [
        Item(holding, row, ask="" if (holding.key, row.pk) in movable else asks[row])
        for holding, row in found
    ]


def _reached(rows: QuerySet[Any], method: str, actor: Actor) -> QuerySet[Any]:
    manager: Any = rows.model._default_manager
    return rows.filter(pk__in=getattr(manager, method)(actor).values("pk"))


def hidden_from(actor: Actor, person: Person) -> bool:
    """Whether something that must never be without a holder is in the hand and out of sight."""
    for holding in holdings():
        if not holding.must_move:
            continue
        rows = holding.rows(person)
        seen = _reached(rows, "visible_to", actor).values_list("pk", flat=True)
        if rows.exclude(pk__in=list(seen)).exists():
            return True
    return False


def whom_to_ask(rows: Sequence[Any]) -> dict[Any, str]:
    """For each row the nearest office that may move it: "county official · 沁阳市"."""
    if not rows:
        return {}
    above = {code for row in rows for code in ancestors(row.area_code, include_self=True)}
    posts = Appointment.objects.on(today()).filter(area_code__in=above)
    offices = sorted(
        set(posts.values_list("area_code", "role")), key=lambda at: len(at[0]), reverse=True
    )
    names = division_names(list({code for code, _role in offices}))
    return {row: _nearest(row, offices, names) for row in rows}


def _nearest(row: Any, offices: list[tuple[str, str]], names: dict[str, str]) -> str:
    needed = f"appoint {row.role}" if isinstance(row, Appointment) else right("change", row)
    for code, role in offices:
        if covers(code, row.area_code) and needed in ROLE_RIGHTS[role]:
            return f"{Role(role).label} · {names.get(code, code)}"
    return _("the city's sports bureau")


@transaction.atomic
def hand_over(
    actor: Actor,
    person: Person,
    plan: Plan,
    on: date,
    *,
    reason: str = "",
    rehearse: bool = False,
) -> list[Outcome]:
    """Carry out a plan; what it does not name stays in the person's hand.

    Raises ``OutOfReach`` or ``Refused``, and then nothing is written; nothing is written either
    when only rehearsed.
    """
    with in_batch(uuid4()):
        outcomes = carry_out(actor, person, plan, on)
    record(actor, "hand over", area_code=person.area_code, row=person, reason=reason)
    transaction.set_rollback(rehearse)
    return outcomes


def carry_out(
    actor: Actor, person: Person, plan: Plan, on: date, *, leaving: bool = False
) -> list[Outcome]:
    """Move and end what the plan says, inside the caller's transaction and batch.

    Who is ``leaving`` keeps nothing that the actor may move: what the plan does not name ends, and
    what must have a holder must be named. Raises ``Refused`` with all that is wrong.
    """
    check_ahead(on, "on")
    _lock(items_of(actor, person, leaving=leaving))
    person = fresh(person)
    items = items_of(actor, person, leaving=leaving)
    wrong = _objections(actor, items, plan, on, leaving=leaving)
    if leaving and hidden_from(actor, person):
        wrong[""] = [_hidden()]
    if wrong:
        raise Refused(wrong)
    outcomes = []
    for item in items:
        named = item.key in plan
        if not named and not (leaving and item.may_move):
            outcomes.append(Outcome(item))
            continue
        outcome = Outcome(item, plan.get(item.key), ends=plan.get(item.key) is None)
        if texts := _attempt(partial(_move, actor, outcome, on)):
            wrong[item.key] = texts
        outcomes.append(outcome)
    if wrong:
        raise Refused(wrong)
    return outcomes


def _hidden() -> str:
    return _(
        "Something in this hand lies outside what you see and may never be without a holder. "
        "Ask the office above you."
    )


def _lock(items: Iterable[Item]) -> None:
    """Lock the villages of what moves, in order of their codes, before anything else is locked."""
    codes = sorted({item.row.area_code[: Level.VILLAGE] for item in items})
    rows = Division.objects.select_for_update().filter(area_code__in=codes).order_by("area_code")
    list(rows.values_list("pk", flat=True))


def _objections(
    actor: Actor, items: list[Item], plan: Plan, on: date, *, leaving: bool
) -> dict[str, list[str]]:
    """What is wrong with a plan before anything is tried."""
    wrong: dict[str, list[str]] = {}
    known = {item.key: item for item in items}
    if set(plan) - set(known):
        wrong[""] = [_("Something of this was handed over in the meantime. Look again.")]
    for item in items:
        named = item.key in plan
        if not item.may_move and (named or (leaving and item.must_move)):
            wrong[item.key] = [_("Ask: %(who)s.") % {"who": item.ask}]
        elif leaving and item.must_move and not named:
            wrong[item.key] = [_("Choose a successor, or say that it is left vacant.")]
    people = {successor.pk: successor for successor in plan.values() if successor is not None}
    seen = set(people_visible_to(actor).filter(pk__in=people).values_list("pk", flat=True))
    for key, successor in plan.items():
        if successor is None or key in wrong:
            continue
        if key in known and known[key].personal:
            wrong[key] = [_("This passes to nobody; it can only end.")]
            continue
        if successor.pk not in seen:
            wrong[key] = [_("Choose someone whom you see.")]
        elif texts := _attempt(partial(check_present, successor, on)):
            wrong[key] = texts
    return wrong


def _move(actor: Actor, outcome: Outcome, on: date) -> None:
    item = outcome.item
    item.holding.hand_over(actor, item.row, outcome.successor, on)


def _attempt(step: Callable[[], None]) -> list[str]:
    """Do a step; what it refused, in words, with nothing of it left."""
    try:
        with transaction.atomic():
            step()
    except OutOfReach as refusal:
        return [str(refusal)]
    except ValidationError as refusal:
        return list(refusal.messages)
    return []


def may_hand_over(actor: Actor, person: Person) -> bool:
    """Whether the page of handing over opens: for who may change the person's record."""
    if not reach_of(actor).allows("change accounts.person", person.area_code):
        return False
    return person.pk == person_of(actor) or answers_for(actor, person)


def open_beside(actor: Actor, post: Appointment) -> bool:
    """Whether more than this post is open in the same hand at or below its area."""
    return any(
        item.row != post and item.row.area_code.startswith(post.area_code)
        for item in items_of(actor, post.person)
    )
