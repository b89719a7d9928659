"""Who is responsible above the grids, and the accounts with which visitors look around."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from accounts.models import Person, User
from demo.city.book import Book
from demo.city.chance import dice
from demo.city.grids import Staff
from demo.city.ground import Ground, Village
from demo.city.posts import Term, appoint, terms
from demo.city.scales import beginning
from grids.models import Role
from jiaozuo_grid.area import Level


@dataclass
class Officials:
    """Fills the offices of the city, its counties and its townships, and opens demo accounts.

    ``password`` is the hash that the demo accounts share.
    """

    book: Book
    ground: Ground
    seed: int
    today: date
    password: str
    bureau: User = field(init=False)
    # Of the county filled last: its official, and the officer now in force of each township.
    official: Person = field(init=False)
    officers: dict[str, Person] = field(default_factory=dict)

    def fill_city(self) -> None:
        code = self.ground.city_code
        rng = dice(self.seed, "officials", code)
        since = Term(beginning(self.today), None)
        for role, username in (
            (Role.BUREAU_STAFF, "bureau"),
            (Role.BUREAU_STAFF, ""),
            (Role.AUDITOR, "auditor"),
        ):
            person = self.book.person(code, rng)
            appoint(self.book, person, role, code, since)
            if username:
                user = self._demo(person, username)
                if role == Role.BUREAU_STAFF:
                    self.bureau = user

    def fill_county(self, county: str) -> None:
        """A county's officials and its townships' officers; some townships have none just now."""
        rng = dice(self.seed, "officials", county)
        start = beginning(self.today)
        official = self.official = self.book.person(county, rng)
        self.officers = {}
        appoint(self.book, official, Role.COUNTY_OFFICIAL, county, Term(start, None))
        shown = [village.code for village in self.ground.villages[county] if village.showcase]
        if shown:
            self._demo(official, f"county{self._number(county)}")
        for town in self.ground.named(Level.TOWNSHIP, county):
            code = town.area_code
            here = bool(shown) and shown[0].startswith(code)
            held = 0.93
            spells = [Term(start, None)] if here else terms(rng, start, None, self.today, held)
            for term in spells:
                officer = self.book.person(code, rng)
                appoint(self.book, officer, Role.TOWNSHIP_OFFICER, code, term)
                if term.end is None:
                    self.officers[code] = officer
                if here:
                    self._demo(officer, f"township{self._number(county)}")

    def show(self, village: Village, staff: Staff) -> None:
        """Accounts for a leader and a member of a busy village."""
        number = self._number(village.code[: Level.COUNTY])
        self._demo(staff.leaders[0], f"leader{number}")
        self._demo(staff.members[0], f"member{number}")

    def _number(self, county: str) -> str:
        """ "" for the first county that is shown, "2" for the second."""
        shown = [village.code for village in self.ground.every_village if village.showcase]
        first = min(shown, key=lambda code: (not code.startswith("410882"), code))
        return "" if first.startswith(county) else "2"

    def _demo(self, person: Person, username: str) -> User:
        user = self.book.user(person, beginning(self.today))
        user.username, user.password, user.is_demo = username, self.password, True
        return user
