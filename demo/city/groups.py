"""Grids and hobby grids, and who leads and runs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from math import ceil
from random import Random

from accounts.models import Person, User
from demo.city import words
from demo.city.places import Place
from demo.city.scales import Scale
from demo.city.storing import store, stored
from grids.models import Appointment, Background, Grid, GridKind, HobbyGrid, Role, Sport
from jiaozuo_grid.area import Level

URBAN_PLACES = words.PLACES[:1] + words.PLACES[3:]


@dataclass
class Group:
    """A hobby grid as the seeder follows it: its row, its people, and how busy it is."""

    row: HobbyGrid
    crowd: int
    population: int
    # Sessions a week at its best; 0 for one that fell silent before it began.
    pace: float
    runner: Person | None = None
    writer: User | None = None
    silent_from: date | None = None


def sports() -> list[Sport]:
    return stored(
        [Sport(code=code, name_zh=zh, name_en=en) for code, zh, en, *_rest in words.SPORTS]
    )


def _start(place: Place, rng: Random, since: date, today: date) -> date:
    """Pilots began early, the others joined over the two years."""
    span = (today - since).days
    latest = 0.35 if place.zeal > 1.2 else 0.9
    return since + timedelta(days=round(span * latest * rng.random() ** 1.3))


def grids_of(place: Place, rng: Random, since: date, today: date) -> list[Grid]:
    """A village's grids: all, some, or none, as zealous as its county is."""
    if rng.random() > 0.72 + 0.2 * place.zeal:
        return []
    required = ceil(place.households / 400) if place.community else place.villager_groups
    count = required if rng.random() < 0.5 + 0.3 * place.zeal else max(1, required - 1)
    start = _start(place, rng, since, today)
    kind = GridKind.URBAN if place.community else GridKind.RURAL
    return [
        Grid(
            area_code=f"{place.code}{n:03d}",
            name=f"第{n}网格" if place.community else f"第{n}村民组",
            kind=kind,
            households=round(place.households / required),
            population=round(place.population / required),
            started_on=start + timedelta(days=rng.randrange(20)),
            ended_on=None,
        )
        for n in range(1, count + 1)
    ]


def hobby_grids_of(
    grid: Grid, kinds: list[Sport], scale: Scale, zeal: float, rng: Random, today: date
) -> Iterator[Group]:
    """A grid's hobby grids, each of another sport."""
    count = min(len(kinds), max(0, round(rng.gauss(scale.hobby_grids_per_grid, 1))))
    chosen: dict[int, None] = {}
    weights = [sport[4] for sport in words.SPORTS]
    while len(chosen) < count:
        chosen[rng.choices(range(len(kinds)), weights)[0]] = None
    for n, index in enumerate(chosen, 1):
        yield _hobby_grid(f"{grid.area_code}{n:02d}", grid, kinds[index], index, zeal, rng, today)


def _hobby_grid(
    code: str, grid: Grid, sport: Sport, index: int, zeal: float, rng: Random, today: date
) -> Group:
    indoors, usual = words.SPORTS[index][3], words.SPORTS[index][5]
    morning = not indoors and rng.random() < 0.3
    start = time(6, rng.choice((0, 30))) if morning else time(19, rng.choice((0, 0, 30)))
    crowd = max(4, round(rng.gauss(usual, usual * 0.3)))
    began = min(grid.started_on + timedelta(days=rng.randrange(120)), today - timedelta(days=3))
    began = max(began, grid.started_on)
    ended = None
    if rng.random() < 0.03 and (today - began).days > 200:
        ended = began + timedelta(days=rng.randrange(100, (today - began).days))
    row = HobbyGrid(
        area_code=code,
        name=f"{sport.name_zh}{rng.choice(('队', '队', '小组', '之友'))}",
        sport=sport,
        usual_place=rng.choice(URBAN_PLACES if grid.kind == GridKind.URBAN else words.PLACES),
        usual_days="".join(sorted(rng.sample("1234567", rng.choice((2, 3, 3, 5))))),
        usual_start=start,
        usual_minutes=rng.choice((60, 60, 90, 45)),
        members_count=round(crowd * 1.4),
        started_on=began,
        ended_on=ended,
    )
    pace = 0.0 if rng.random() < 0.12 / zeal else zeal * rng.gammavariate(2.0, 0.5)
    silent = None
    if rng.random() < 0.14 / zeal:
        silent = began + timedelta(days=rng.randrange(max(1, (today - began).days)))
    return Group(row, crowd, grid.population or 100, pace, silent_from=silent)


def _person(code: str, rng: Random) -> Person:
    return Person(name=words.person_name(rng), phone=words.mobile(rng), area_code=code)


def staff(grids: list[Grid], groups: list[Group], rng: Random, today: date) -> None:
    """Appoint leaders and members, leaving some posts vacant and some changed hands."""
    posts: list[tuple[Person, Appointment]] = []
    for grid in grids:
        posts += _leaders(grid, rng, today)
    running: list[tuple[Group, Person]] = []
    for group in groups:
        row = group.row
        vacant = rng.random() < 0.1 / words.ZEAL.get(row.area_code[: Level.COUNTY], 1.0)
        for _n in range(0 if vacant else rng.choice((1, 1, 1, 2))):
            person = _person(row.area_code[: Level.GRID], rng)
            background = rng.choice(
                (Background.INSTRUCTOR, Background.ENTHUSIAST, Background.STATION_HEAD)
            )
            posts.append((person, _post(Role.GRID_MEMBER, row, background)))
            running.append((group, person))
    stored([person for person, _appointment in posts])
    for person, appointment in posts:
        appointment.person_id = person.pk
    store(Appointment, [appointment for _person, appointment in posts])
    for group, person in running:
        group.runner = group.runner or person
    _give_writers(groups, posts)


def _post(
    role: str, row: Grid | HobbyGrid, background: str, start: date | None = None
) -> Appointment:
    """A post at a grid or hobby grid; its person gets a key, and so the post, when stored."""
    return Appointment(
        role=role,
        area_code=row.area_code,
        background=background,
        started_on=start or row.started_on,
        ended_on=row.ended_on,
    )


def _leaders(grid: Grid, rng: Random, today: date) -> list[tuple[Person, Appointment]]:
    zeal = words.ZEAL.get(grid.area_code[: Level.COUNTY], 1.0)
    if rng.random() < 0.07 / zeal:
        return []
    first = _person(grid.area_code, rng)
    post = _post(Role.GRID_LEADER, grid, Background.OFFICIAL)
    days = (today - grid.started_on).days
    if days < 120 or rng.random() > 0.12:
        return [(first, post)]
    post.ended_on = grid.started_on + timedelta(days=rng.randrange(60, days - 20))
    if rng.random() < 0.25:
        return [(first, post)]
    after = _person(grid.area_code, rng)
    start = post.ended_on + timedelta(days=rng.choice((0, 0, 14)))
    return [
        (first, post),
        (after, _post(Role.GRID_LEADER, grid, Background.OFFICIAL, start)),
    ]


def _give_writers(groups: list[Group], posts: list[tuple[Person, Appointment]]) -> None:
    """An account for whoever writes a hobby grid's sessions down: its member, or the leader."""
    leaders = {post.area_code: person for person, post in posts if post.role == Role.GRID_LEADER}
    users: dict[int, User] = {}
    for group in groups:
        person = group.runner or leaders.get(group.row.area_code[: Level.GRID])
        if person is None or not group.pace:
            continue
        if person.pk not in users:
            users[person.pk] = User(
                username=f"demo{len(users) + 1:06d}",
                person=person,
                password="!",  # noqa: S106  (unusable)
                is_demo=True,
            )
        group.writer = users[person.pk]
    stored(list(users.values()))
