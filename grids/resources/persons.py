"""People in spreadsheets: their columns, and finding who is meant.

Two rows are one person where the identity numbers agree, or the name and the phone, or the name
and the date of birth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.identity import identity_of
from accounts.models import Person, Sex
from grids.people import VIEW_PERSON, out_of_hand, people_visible_to
from grids.resources.common import area_names, choices_of, outside, parts
from grids.writing import keep_changed
from jiaozuo_grid.reach import Actor, reach_of
from jiaozuo_grid.spreadsheets.choices import OneOf
from jiaozuo_grid.spreadsheets.columns import Column
from jiaozuo_grid.spreadsheets.kinds import Day, Phone, Secret, Text, Whole
from jiaozuo_grid.spreadsheets.sheet import Row

CHANGE_PERSON = "change accounts.person"
FIELDS = ("name", "phone", "born_on", "sex")

SEXES = choices_of(Sex, {Sex.MALE: ("男", "男性", "1"), Sex.FEMALE: ("女", "女性", "2")})


def entry_column() -> Column:
    """The number of a person in our books: who has neither phone nor birth is known by it."""
    return Column(
        "entry",
        "人员编号",
        "Person no.",
        Whole(1, 2**62),
        aliases=("系统编号",),
        note=gettext_lazy("Stands in exports. Leave it empty for new people."),
        width=10,
    )


def person_columns() -> tuple[Column, ...]:
    return (
        Column(
            "name",
            "姓名",
            "Name",
            Text(50),
            required=True,
            aliases=("名字", "人员姓名"),
            example="张示例",
            width=12,
        ),
        Column(
            "id_number",
            "身份证号",
            "ID number",
            Secret(identity_of, lambda identity: identity.id_hash),
            aliases=("身份证号码", "身份证", "证件号码", "公民身份号码"),
            example="110101199003078515",
            width=22,
        ),
        Column(
            "phone",
            "手机号",
            "Phone",
            Phone(),
            aliases=("手机", "手机号码", "电话", "联系电话", "联系方式", "mobile"),
            example="13900000000",
            width=15,
        ),
        Column(
            "born_on",
            "出生日期",
            "Date of birth",
            Day(past=True),
            aliases=("出生年月日", "生日", "birthday"),
            example="1990-03-07",
            width=13,
        ),
        Column("sex", "性别", "Sex", OneOf(SEXES), aliases=("gender",), example="男", width=8),
    )


def person_values(person: Person) -> dict[str, Any]:
    return {
        "entry": person.pk,
        "name": person.name,
        "id_number": person.id_hash,
        "phone": person.phone or None,
        "born_on": person.born_on,
        "sex": person.sex or None,
    }


def phones_shown(actor: Actor, people: Sequence[Person]) -> list[str | None]:
    """Their phones as an export shows them: whole where the person's page would show it whole."""
    reach, hidden = reach_of(actor), out_of_hand(actor, people)
    return [
        (
            person.phone
            if reach.allows(CHANGE_PERSON, person.area_code) and person.pk not in hidden
            else person.masked_phone
        )
        or None
        for person in people
    ]


def disclosed(
    actor: Actor, people: Sequence[Person], values: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The values of rows about people as an export shows them, with the names of their areas."""
    names = area_names(value["area_code"] for value in values)
    return [
        {**value, "phone": phone, "area_name": names.get(value["area_code"], "")}
        for value, phone in zip(values, phones_shown(actor, people), strict=True)
    ]


def check_identities(rows: Sequence[Row]) -> None:
    """The identity number must fit the date of birth and the sex that are given beside it."""
    for row in rows:
        identity = row["id_number"]
        if identity is None:
            continue
        if row["born_on"] is not None and row["born_on"] != identity.born_on:
            row.fault(
                "born_on",
                "birth_differs",
                _("The identity number says %(day)s.") % {"day": identity.born_on.isoformat()},
                _("Correct the date of birth or the identity number."),
            )
        if row["sex"] is not None and row["sex"] != identity.sex:
            row.fault(
                "sex",
                "sex_differs",
                _("The identity number says otherwise."),
                _("Correct the sex or the identity number."),
            )


def marks_of(
    name: str | None, id_hash: str | None, phone: str | None, born_on: Any
) -> list[tuple[Any, ...]]:
    """By what a person is known again, the surest first; their number in our books apart."""
    marks: list[tuple[Any, ...]] = [("id", id_hash)] if id_hash else []
    if name and phone:
        marks.append(("phone", name, phone))
    if name and born_on:
        marks.append(("born", name, born_on))
    return marks


def marks_of_row(row: Row) -> list[tuple[Any, ...]]:
    identity = row["id_number"]
    born_on = row["born_on"] or (identity.born_on if identity else None)
    return marks_of(row["name"], identity.id_hash if identity else None, row["phone"], born_on)


def check_twins(rows: Sequence[Row]) -> None:
    """A person stands in a file once; the second row names the first."""
    first: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        known = next((first[mark] for mark in marks_of_row(row) if mark in first), None)
        if known is not None and not _two_people(known, row):
            row.fault(
                "name",
                "same_person",
                _("Row %(n)d is the same person.") % {"n": known.number},
                _("Keep one of the two rows; if they are two people, enter identity numbers."),
            )
            continue
        for mark in marks_of_row(row):
            first.setdefault(mark, row)


def _two_people(one: Row, other: Row) -> bool:
    """Whether the rows say themselves that they mean two people."""
    numbers, identities = (one["entry"], other["entry"]), (one["id_number"], other["id_number"])
    if None not in identities:
        return bool(identities[0].id_hash != identities[1].id_hash)
    return None not in numbers and numbers[0] != numbers[1]


def find_people(actor: Actor, rows: Sequence[Row]) -> dict[int, Person]:
    """The entered person of each row, by its number, as far as the actor sees them.

    Adds a fault where the identity number is entered outside the reach, or where two entries fit.
    """
    found: dict[int, Person] = {}
    by_hash = _by_hash(actor, [row["id_number"].id_hash for row in rows if row["id_number"]])
    by_mark = _by_mark(actor, {row["name"] for row in rows if row["name"]})
    by_entry = _by_entry(actor, {row["entry"] for row in rows if row["entry"]})
    for row in rows:
        identity = row["id_number"]
        if row["entry"] is not None:
            _by_number(row, by_entry, by_hash, found)
            continue
        if identity is not None and identity.id_hash in by_hash:
            known = by_hash[identity.id_hash]
            if known is None:
                outside(row, "id_number")
            else:
                found[row.number] = known
            continue
        people = {p.pk: p for mark in marks_of_row(row) for p in by_mark.get(mark, ())}
        if identity is not None:
            people = {pk: p for pk, p in people.items() if not p.id_hash}
        if len(people) > 1:
            row.fault(
                "name",
                "two_people",
                _("Two entered people fit this row."),
                _("Merge them on the page of duplicates, or enter the identity number."),
            )
        elif people:
            found[row.number] = next(iter(people.values()))
    return found


def meet_people(actor: Actor, rows: Sequence[Row]) -> list[Person]:
    """Find the people and keep each with its row, as ``row.met["person"]``."""
    found = find_people(actor, rows)
    for row in rows:
        if row.number in found:
            row.met["person"] = found[row.number]
    check_same_identity(rows, found)
    return list(found.values())


def _seen(actor: Actor, people: QuerySet[Person]) -> list[Person]:
    """Those of a few people whom the actor sees; asked so that the few are read first."""
    read = list(people)
    reach = reach_of(actor)
    elsewhere = [p.pk for p in read if not reach.allows(VIEW_PERSON, p.area_code)]
    posted = people_visible_to(actor).filter(pk__in=elsewhere).values_list("pk", flat=True)
    hidden = {*elsewhere} - {*posted} if elsewhere else set()
    return [person for person in read if person.pk not in hidden]


def _by_hash(actor: Actor, hashes: Iterable[str]) -> dict[str, Person | None]:
    """Who has each identity; None for someone whom the actor does not see."""
    known: dict[str, Person | None] = {}
    for part in parts(sorted(set(hashes))):
        everyone = Person.objects.distinct_people().filter(id_hash__in=part)
        known |= dict.fromkeys(everyone.values_list("id_hash", flat=True))
        known |= {person.id_hash: person for person in _seen(actor, everyone)}
    return known


def _by_entry(actor: Actor, keys: Iterable[int]) -> dict[int, Person]:
    return {
        person.pk: person
        for part in parts(sorted(keys))
        for person in _seen(actor, Person.objects.distinct_people().filter(pk__in=part))
    }


def _by_number(
    row: Row,
    by_entry: dict[int, Person],
    by_hash: dict[str, Person | None],
    found: dict[int, Person],
) -> None:
    """The person whose number in our books stands in the row."""
    person, identity = by_entry.get(row["entry"]), row["id_number"]
    if person is None:
        outside(row, "entry")
        return
    found[row.number] = person
    if identity is not None and by_hash.get(identity.id_hash, person) != person:
        row.fault(
            "id_number",
            "identity_taken",
            _("This identity number is entered for somebody else."),
            _("Compare it with the identity card, or leave the cell empty."),
        )


def _by_mark(actor: Actor, names: Iterable[str]) -> dict[Any, list[Person]]:
    by_mark: dict[Any, list[Person]] = defaultdict(list)
    for part in parts(sorted(names)):
        for person in _seen(actor, Person.objects.distinct_people().filter(name__in=part)):
            for mark in marks_of(person.name, None, person.phone, person.born_on):
                by_mark[mark].append(person)
    return by_mark


def check_answerable(actor: Actor, touched: Sequence[tuple[Row, Person]]) -> None:
    """Who may not appoint a person to what they are does not change their entry either."""
    reach = reach_of(actor)
    others = out_of_hand(actor, list({person.pk: person for _row, person in touched}.values()))
    for row, person in touched:
        if not reach.allows(CHANGE_PERSON, person.area_code):
            outside(row, "name")
        elif person.pk in others:
            row.fault(
                "name",
                "not_answerable",
                _("This person holds a post that you do not fill."),
                _("Take the row out, or ask the office above you."),
            )


def changed_fields(row: Row, person: Person) -> dict[str, Any]:
    """The fields of a person that a row gives otherwise than they stand."""
    given: dict[str, Any] = {key: row[key] for key in FIELDS if row[key] is not None}
    identity = row["id_number"]
    if identity is not None:
        given["id_hash"] = identity.id_hash
        if person.born_on is None:
            given.setdefault("born_on", identity.born_on)
        if not person.sex:
            given.setdefault("sex", identity.sex)
    return {key: value for key, value in given.items() if getattr(person, key) != value}


def check_same_identity(rows: Sequence[Row], found: dict[int, Person]) -> None:
    """An identity number, once entered, is not exchanged by a spreadsheet."""
    for row in rows:
        person, identity = found.get(row.number), row["id_number"]
        if person and identity and person.id_hash and person.id_hash != identity.id_hash:
            row.fault(
                "id_number",
                "identity_differs",
                _("Another identity number is entered for this person."),
                _("Correct it, or leave the cell empty."),
            )


def new_person(row: Row, area_code: str) -> Person:
    identity = row["id_number"]
    return Person(
        name=row["name"],
        phone=row["phone"] or "",
        born_on=row["born_on"] or (identity.born_on if identity else None),
        sex=row["sex"] or (identity.sex if identity else ""),
        id_hash=identity.id_hash if identity else "",
        area_code=area_code,
    )


def keep_people(actor: Actor, pairs: Iterable[tuple[Row, Person]], *, area: bool = False) -> None:
    """Write what rows say of people who are entered already."""
    touched = []
    for row, person in pairs:
        changes = changed_fields(row, person)
        if area and row["area_code"] and row["area_code"] != person.area_code:
            changes["area_code"] = row["area_code"]
        for key, value in changes.items():
            setattr(person, key, value)
        if changes:
            touched.append(person)
    fields = [*FIELDS, "id_hash", "name_key", *(["area_code"] if area else [])]
    keep_changed(actor, touched, fields, "edit")
