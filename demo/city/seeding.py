"""Seeding: everything in one transaction, so that a city is whole or not there at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

from accounts.audit import record
from activities.models import CalledOff, CheckIn, Event, Lecture, Session, SessionRevision
from coverage.recount import rebuild
from demo.city import words
from demo.city.book import MODELS, Book
from demo.city.changes import change_the_map
from demo.city.county import progress_of
from demo.city.doubts import raise_doubts
from demo.city.gatherings import Gatherings
from demo.city.grids import Habit, Organiser
from demo.city.ground import Ground, count_residents, draw, invented, lay_out
from demo.city.instructors import Entry, Training
from demo.city.officials import Officials
from demo.city.organisations import Organisations
from demo.city.reported import report_months, set_targets
from demo.city.scales import Scale, beginning, figures_begin
from demo.city.schedules import Schedules
from demo.city.seasons import Seasons
from demo.city.service import add_instructors
from demo.city.sessions import Sessions
from demo.city.stations import Stations
from demo.city.storing import settle, store
from grids.divisions.importing import import_divisions
from grids.models import Division, Sport
from jiaozuo_grid.area import Level
from jiaozuo_grid.reach import SYSTEM

Tell = Callable[[str], None]


def is_empty() -> bool:
    """Whether nothing stands where the city would be built."""
    models: list[type[Model]] = [
        *MODELS,
        Session,
        SessionRevision,
        CalledOff,
        Lecture,
        Event,
        CheckIn,
    ]
    return not any(model._default_manager.exists() for model in models)


@transaction.atomic
def seed_city(
    scale: Scale, seed: int, today: date, password: str, divisions: bytes | None, tell: Tell
) -> None:
    """Build the city in an empty database, telling of each step.

    ``today`` is the day that it is built for: the story ends on the evening before. ``divisions``
    is a list in the format of ``import_divisions`` to build on instead of invented places.
    Raises what the import raises.
    """
    ground = _ground(scale, seed, today, divisions)
    tell(f"{len(ground.divisions):,} divisions")
    book = Book()
    sports = [book.add(Sport(code=s.code, name_zh=s.zh, name_en=s.en)) for s in words.SPORTS]
    _add_ground(book, ground, seed, today, imported=divisions is not None)
    officials = Officials(book, ground, seed, today, make_password(password))
    officials.fill_city()
    organisations = Organisations(book, ground, sports, seed, today)
    organisations.found_in_city()
    stations = Stations(book, sports, seed, today)
    book.store()
    organiser = Organiser(scale, seed, today, book, sports, _share(ground, scale))
    schedules = Schedules(book, seed, today)
    habits: list[Habit] = []
    for county in ground.villages:
        there = _build_county(county, ground, organiser, officials, organisations, stations)
        schedules.arrange(there)
        habits += there
        book.store()
    counts = {model._meta.model_name or "": stored for model, stored in book.stored.items()}
    tell(
        f"{counts['grid']:,} grids, {counts['hobbygrid']:,} hobby grids, "
        f"{counts['instructor']:,} instructors, {counts['station']:,} stations"
    )
    seasons = Seasons(beginning(today), today - timedelta(days=1), seed)
    sessions = Sessions(habits, scale.sessions, seasons, seed, today)
    store(Session, sessions)
    store(SessionRevision, sessions.revisions)
    # Lists: what is read for them cannot be read while a COPY is under way.
    store(CalledOff, list(schedules.called_off()))
    gatherings = Gatherings(seed, today)
    store(Lecture, list(gatherings.lectures()))
    store(Event, list(gatherings.events()))
    store(CheckIn, list(gatherings.check_ins()))
    book.settle()
    settle([Session, SessionRevision, CalledOff, CheckIn])
    raise_doubts([v.code for v in ground.every_village if v.showcase], today)
    counts |= gatherings.counts
    counts |= {"session": sessions.count, "sessionrevision": len(sessions.revisions)}
    tell(f"{sessions.count:,} sessions")
    change_the_map(today)
    rebuild()
    tell("the figures are counted")
    set_targets(ground.city_code, today)
    counts["session"] += report_months(today)
    record(SYSTEM, "seed", area_code=ground.city_code, after=counts)
    tell("targets are set, and the last months are frozen as reported")


def _ground(scale: Scale, seed: int, today: date, divisions: bytes | None) -> Ground:
    if divisions is None:
        return lay_out(invented(scale, seed), seed, today)
    import_divisions(SYSTEM, divisions, on=figures_begin(), source=words.SOURCE)
    return lay_out(list(Division.objects.all()), seed, today)


def _add_ground(book: Book, ground: Ground, seed: int, today: date, *, imported: bool) -> None:
    for outline in draw(ground, seed):
        book.add(outline)
    if not imported:
        for division in ground.divisions:
            book.add(division)
    count_residents(ground, book, seed, today)


def _share(ground: Ground, scale: Scale) -> float:
    """The part of the villages that can have grids, so that there are not many more than meant."""
    usual = sum(
        village.required * progress.villages * progress.grids
        for village in ground.every_village
        for progress in [progress_of(village.code[: Level.COUNTY])]
    )
    return min(1.0, scale.grids / usual) if usual else 0.0


def _build_county(
    county: str,
    ground: Ground,
    organiser: Organiser,
    officials: Officials,
    organisations: Organisations,
    stations: Stations,
) -> list[Habit]:
    book, seed, today = organiser.book, organiser.seed, organiser.today
    officials.fill_county(county)
    organisations.found_in_county(county)
    stations.enter_county()
    habits: list[Habit] = []
    entries: list[Entry] = []
    for village in ground.villages[county]:
        staff = organiser.organise(village)
        if village.showcase:
            officials.show(village, staff)
        organisations.found_in_village(village, staff)
        entries += add_instructors(book, village, staff, seed, today)
        stations.open_in_village(village, staff)
        habits += staff.habits
    training = Training(book, county, officials, seed, today)
    training.hold(entries)
    training.approved(entries)
    return habits
