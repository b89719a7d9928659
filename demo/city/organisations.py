"""Sports organisations of the invented city, their officers, and some people entered twice."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from accounts.identity import name_key
from accounts.models import Person
from demo.city.book import Book, moment
from demo.city.chance import dice
from demo.city.county import PILOT, progress_of
from demo.city.grids import Staff
from demo.city.ground import Ground, Village
from demo.city.scales import figures_begin
from grids.duplicates import common_area
from grids.models import (
    DuplicatePair,
    Officer,
    Organisation,
    OrganisationKind,
    Sport,
    Suspicion,
    Title,
)
from jiaozuo_grid.area import Level

# A term of office, as the statutes of most associations have it.
TERM = timedelta(days=4 * 365)
# Published: 33 associations of the city, 119 of its counties, 14 + 48 clubs (domain.md, section 6).
CITY_ASSOCIATIONS, CITY_CLUBS = 14, 8
COUNTY_ASSOCIATIONS, COUNTY_CLUBS = (6, 12), (2, 5)
# One official in so many has been entered a second time.
ENTERED_TWICE = 40


class Organisations:
    """Founds organisations from the city down to the villages; deterministic for a seed."""

    def __init__(
        self, book: Book, ground: Ground, sports: list[Sport], seed: int, today: date
    ) -> None:
        self.book, self.ground, self.sports = book, ground, sports
        self.seed, self.today = seed, today

    def found_in_city(self) -> None:
        code = self.ground.city_code
        rng = dice(self.seed, "organisations", code)
        name = self._name(code)
        self._found(rng, code, f"{name}体育总会", OrganisationKind.FEDERATION)
        self._associations(rng, code, name, CITY_ASSOCIATIONS)
        self._clubs(rng, code, name, CITY_CLUBS)

    def found_in_county(self, county: str) -> None:
        """Every county has its federation; most townships, and in pilot counties nearly all."""
        rng = dice(self.seed, "organisations", county)
        name = self._name(county)
        self._found(rng, county, f"{name}体育总会", OrganisationKind.FEDERATION)
        self._associations(rng, county, name, rng.randint(*COUNTY_ASSOCIATIONS))
        self._clubs(rng, county, name, rng.randint(*COUNTY_CLUBS))
        reached = progress_of(county).led
        towns = self.ground.named(Level.TOWNSHIP, county)
        if progress_of(county) is not PILOT:
            towns = towns[:-1]
        for town in towns:
            if rng.random() < reached:
                name = f"{town.name}体育总会"
                self._found(rng, town.area_code, name, OrganisationKind.FEDERATION)

    def found_in_village(self, village: Village, staff: Staff) -> None:
        """Most villages have a fitness organisation, headed by who leads a grid there."""
        rng = dice(self.seed, "organisations", village.code)
        reached = progress_of(village.code[: Level.COUNTY]).villages * 0.9
        if not village.showcase and rng.random() >= reached:
            return
        self._found(
            rng,
            village.code,
            f"{village.name}全民健身组织",
            OrganisationKind.VILLAGE,
            president=staff.leaders[0] if staff.leaders else None,
            ended_on=village.ended_on,
        )

    def _name(self, code: str) -> str:
        return next(d.name for d in self.ground.divisions if d.area_code == code)

    def _associations(self, rng: Random, code: str, name: str, count: int) -> None:
        for sport in rng.sample(self.sports, min(count, len(self.sports))):
            kind = OrganisationKind.ASSOCIATION
            self._found(rng, code, f"{name}{sport.name_zh}协会", kind, sport=sport)

    def _clubs(self, rng: Random, code: str, name: str, count: int) -> None:
        for sport in rng.sample(self.sports, min(count, len(self.sports))):
            self._found(
                rng, code, f"{name}{sport.name_zh}俱乐部", OrganisationKind.CLUB, sport=sport
            )

    def _found(
        self,
        rng: Random,
        code: str,
        name: str,
        kind: str,
        *,
        sport: Sport | None = None,
        president: Person | None = None,
        ended_on: date | None = None,
    ) -> None:
        start = figures_begin() + timedelta(days=rng.randint(0, 300))
        start = min(start, self.today - timedelta(days=1))
        if ended_on is not None and ended_on <= start:
            return
        organisation = self.book.add(
            Organisation(
                area_code=code,
                name=name[:60],
                kind=kind,
                sport=sport,
                members_count=rng.randint(20, 900) if rng.random() < 0.9 else None,
                started_on=start,
                ended_on=ended_on,
            )
        )
        if rng.random() < 0.95:
            self._elect(rng, organisation, Title.PRESIDENT, president)
        if kind in (OrganisationKind.FEDERATION, OrganisationKind.ASSOCIATION):
            for title in (Title.VICE_PRESIDENT, Title.SECRETARY):
                self._elect(rng, organisation, title)

    def _elect(
        self, rng: Random, organisation: Organisation, title: str, person: Person | None = None
    ) -> None:
        person = person or self._official(rng, organisation.area_code)
        # Elected up to four years ago, or somewhat longer: then the next election is due.
        since = max(organisation.started_on, self.today - timedelta(days=rng.randint(30, 1700)))
        term_ends_on = since + TERM
        if rng.random() < 0.06:
            term_ends_on = self.today - timedelta(days=rng.randint(1, 200))
        self.book.add(
            Officer(
                area_code=organisation.area_code,
                organisation=organisation,
                person=person,
                title=title,
                started_on=since,
                ended_on=organisation.ended_on,
                term_ends_on=max(term_ends_on, since),
            )
        )

    def _official(self, rng: Random, code: str) -> Person:
        person = self.book.person(code, rng)
        person.born_on = date(1950, 1, 1) + timedelta(days=rng.randint(0, 14_000))
        if rng.randrange(ENTERED_TWICE) == 0:
            self._enter_again(person)
        return person

    def _enter_again(self, person: Person) -> None:
        """Somebody entered the same person a second time, with the same number."""
        again = self.book.add(
            Person(
                name=person.name,
                name_key=name_key(person.name),
                area_code=person.area_code,
                phone=person.phone,
            )
        )
        self.book.add(
            DuplicatePair(
                area_code=common_area(person.area_code, again.area_code),
                first=person,
                second=again,
                why=Suspicion.NAME_PHONE,
                found_at=moment(self.today - timedelta(days=1), 3 * 60 + 30),
            )
        )
