"""The same person entered twice: asked about at entry, found at night, decided by a person."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from grids.actions.ground import fresh, require
from grids.models import DuplicatePair, PairState, Suspicion
from grids.people import people_visible_to
from grids.writing import keep
from jiaozuo_grid.area import ancestors
from jiaozuo_grid.reach import Actor

MERGE = "merge people"
# This many lookalikes are shown at entry.
SHOWN = 5
# What one night finds; the rest follows the next.
A_NIGHT = 20_000


class Known(ValidationError):
    """The identity number is entered already; ``person`` is who has it, if the actor sees them."""

    def __init__(self, person: Person | None) -> None:
        self.person = person
        text = _("This identity number is entered already. Ask the office above you.")
        if person is not None:
            text = _("This identity number belongs to %(name)s, who is entered already.") % {
                "name": person.name
            }
        super().__init__({"id_number": text})


class Alike(ValidationError):
    """Somebody entered looks like this person; ``people`` are those whom the actor sees."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        super().__init__(_("Somebody very like this is entered already. Is it the same person?"))


def check_identity(actor: Actor, id_hash: str, but: Person | None = None) -> None:
    """Raise ``Known`` where another entry has this identity."""
    others = Person.objects.distinct_people().filter(id_hash=id_hash)
    known = _but(others, but).first() if id_hash else None
    if known is not None:
        seen = people_visible_to(actor).filter(pk=known.pk).exists()
        raise Known(known if seen else None)


def lookalikes(
    actor: Actor, *, name: str, born_on: date | None, phone: str, but: Person | None = None
) -> list[Person]:
    """Whom the actor sees of the same name, and the same date of birth or mobile number."""
    same = Q(pk__in=[])
    if born_on is not None:
        same |= Q(born_on=born_on)
    if phone:
        same |= Q(phone=phone)
    people = people_visible_to(actor).filter(same, name=name)
    return list(_but(people, but).order_by("pk")[:SHOWN])


def _but(people: QuerySet[Person], but: Person | None) -> QuerySet[Person]:
    return people if but is None else people.exclude(pk=but.pk)


def common_area(one: str, other: str) -> str:
    """The smallest area in which both codes lie; "" for two cities."""
    above = set(ancestors(one, include_self=True))
    shared = [code for code in ancestors(other, include_self=True) if code in above]
    return shared[-1] if shared else ""


# Two entries of a name and a birthday, or of a name and a number, that nobody decided on yet. Both
# join by an index, so the cost grows with the people and the pairs, not with their square. Of two
# known identities no pair is made: the database holds each only once.
_FIND = """
SELECT a.id, b.id, a.area_code, b.area_code
FROM {person} a
JOIN {person} b ON b.{key} = a.{key} AND b.name = a.name AND b.id > a.id
LEFT JOIN {pair} p ON p.first_id = a.id AND p.second_id = b.id
WHERE p.id IS NULL AND a.merged_into_id IS NULL AND b.merged_into_id IS NULL
  AND {given} AND (a.id_hash = '' OR b.id_hash = '')
ORDER BY a.id, b.id
LIMIT {limit}
"""
_KEYS = {
    Suspicion.NAME_BIRTH: ("born_on", "a.born_on IS NOT NULL"),
    Suspicion.NAME_PHONE: ("phone", "a.phone <> ''"),
}


@transaction.atomic
def find_duplicates() -> int:
    """Write down the pairs that look like one person, and forget those that do so no more.

    What somebody decided stays. Returns how many pairs are new. Run by the server itself
    (grids/tasks.py); running it twice finds nothing twice.
    """
    _forget()
    found: dict[tuple[int, int], DuplicatePair] = {}
    for why, (key, given) in _KEYS.items():
        for first, second, one, other in _pairs(key, given):
            area = common_area(one, other)
            if area and (first, second) not in found:
                found[first, second] = DuplicatePair(
                    area_code=area, first_id=first, second_id=second, why=why
                )
    # A suspicion is worked out, not entered: it is on no trail until somebody decides.
    DuplicatePair.objects.bulk_create(found.values(), batch_size=1000, ignore_conflicts=True)
    return len(found)


def _pairs(key: str, given: str) -> list[tuple[int, int, str, str]]:
    query = _FIND.format(
        person=Person._meta.db_table,
        pair=DuplicatePair._meta.db_table,
        key=key,
        given=given,
        limit=A_NIGHT,
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _forget() -> None:
    """Drop open suspicions whose entries differ by now, are one by now, or live elsewhere."""
    alike = Q(first__name=F("second__name")) & (
        Q(first__born_on=F("second__born_on"))
        | (Q(first__phone=F("second__phone")) & ~Q(first__phone=""))
    )
    two = Q(first__merged_into__isnull=True, second__merged_into__isnull=True)
    undecided = DuplicatePair.objects.undecided()
    undecided.exclude((alike | Q(why=Suspicion.SAID)) & two).delete()
    stored = undecided.values_list("pk", "area_code", "first__area_code", "second__area_code")
    moved = [
        pk for pk, area, one, other in stored.iterator(2000) if area != common_area(one, other)
    ]
    for start in range(0, len(moved), 500):
        undecided.filter(pk__in=moved[start : start + 500]).delete()


@transaction.atomic
def suspect(actor: Actor, one: Person, other: Person) -> DuplicatePair:
    """Say that two entries, however written, may be one person; a decision on them is reopened.

    Raises ``OutOfReach``, or ``ValidationError`` for an entry with itself.
    """
    area = common_area(one.area_code, other.area_code)
    require(actor, MERGE, area)
    seen = people_visible_to(actor).filter(pk__in=[one.pk, other.pk])
    if one.pk == other.pk or seen.count() != 2:
        raise ValidationError({"other": _("Choose two entries.")})
    first, second = sorted((one, other), key=lambda person: person.pk)
    pairs = DuplicatePair.objects.select_for_update()
    pair = pairs.filter(first=first, second=second).first()
    if pair is not None and pair.state == PairState.OPEN:
        return pair
    if pair is None:
        pair = DuplicatePair(first=first, second=second, why=Suspicion.SAID)
    pair.area_code, pair.state = area, PairState.OPEN
    pair.decided_by = pair.decided_at = None
    return keep(actor, pair, "suspect duplicate")


def pairs_visible_to(actor: Actor) -> QuerySet[DuplicatePair]:
    """The pairs of the actor's areas of which both entries are theirs to see."""
    people = people_visible_to(actor).values("pk")
    pairs: QuerySet[DuplicatePair] = DuplicatePair.objects.visible_to(actor).filter(
        first__in=people, second__in=people
    )
    return pairs


@transaction.atomic
def keep_apart(actor: Actor, pair: DuplicatePair) -> DuplicatePair:
    """Say that the two are different people; they are not shown as a pair again."""
    require(actor, MERGE, pair.area_code)
    pair = fresh(pair)
    if pair.state == PairState.MERGED:
        raise ValidationError(_("These entries are merged already."))
    pair.state = PairState.DIFFERENT
    pair.decided_by = actor if getattr(actor, "pk", None) else None
    pair.decided_at = timezone.now()
    return keep(actor, pair, "decide duplicate")
