"""G2: parts add up to their whole, changes of the map lose nothing, undoing restores everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from coverage.folding import fold
from coverage.reading import AsOf
from coverage.recount import rebuild
from grids.models import Division, Reorganisation, ResidentCount
from grids.reorganise import merge_division, undo_reorganisation
from jiaozuo_grid.area import Level
from jiaozuo_grid.lasting import today
from jiaozuo_grid.reach import SYSTEM
from tests.builders import CITY, TOWNSHIP
from tests.coverage.conserved import (
    OF_AREAS,
    areas_ever,
    digest,
    is_of_month,
    stated,
    unlike_their_parts,
)
from tests.coverage.histories import History
from tests.coverage.living_city import residents
from tests.coverage.reorganised import ChangingCity

DAY = today() - timedelta(days=12)
DAYS = (today(), DAY, DAY - timedelta(days=1), DAY - timedelta(days=70))
READINGS = (False, True)


def any_seed(examples: int) -> Callable[[Any], Any]:
    quick = settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        # A failing seed says enough; making it smaller would take minutes.
        phases=[Phase.generate],
    )
    return lambda test: quick(given(seed=st.integers(0, 2**32))(test))


def lived_in(seed: int, *, changed: bool) -> ChangingCity:
    """A city in which every register has something; the map ``changed`` a few times, or not yet."""
    city = ChangingCity(seed)
    history = History(seed)
    rebuild()
    for _step in range(60):
        history.step()
    if changed:
        city.live(8)
    fold()
    return city


def is_over(key: tuple[str, date, bool, str]) -> bool:
    """Whether what a figure counts was over when the villages were merged."""
    _area, day, _restated, measure = key
    return day < (DAY.replace(day=1) if is_of_month(measure) else DAY)


def count_everybody(city: ChangingCity) -> None:
    """A sum with what nobody knows would be unknown."""
    ResidentCount.objects.all().delete()
    for village in Division.objects.villages():
        people = city.rng.randrange(3, 900)
        residents(village.area_code, population=people, households=people // 3)
    rebuild()


class Conservation(TestCase):
    @any_seed(3)
    def test_parts_add_up_to_their_whole(self, seed: int) -> None:
        """Every additive measure of every area, on any day and on either map."""
        city = lived_in(seed, changed=True)
        naive, codes = city.naive(), areas_ever()
        asked = [AsOf(day, restated) for day in DAYS for restated in READINGS]
        for one in city.rng.sample(asked, 3):
            assert list(unlike_their_parts(naive, one, codes, codes)) == []

    @any_seed(3)
    def test_a_merge_keeps_every_figure_of_the_whole(self, seed: int) -> None:
        """All but the numbers of the areas themselves, on all days; before it, those too."""
        self._merged_two_villages(seed)
        assert self.after.keys() == self.before.keys()
        lost = [
            (key, was.value, self.after[key].value)
            for key, was in self.before.items()
            if key[3] not in OF_AREAS or is_over(key)
            if was.value != self.after[key].value
        ]
        assert lost == []

    @any_seed(3)
    def test_a_merge_leaves_what_was_reported_before_it(self, seed: int) -> None:
        """Of every area; the month of the merge goes on in the village merged into."""
        self._merged_two_villages(seed, areas_ever)
        changed = [
            (key, was, self.after[key])
            for key, was in self.before.items()
            if not key[2] and is_over(key) and was != self.after[key]
        ]
        assert changed == []

    @any_seed(3)
    def test_undoing_a_change_of_the_map_restores_the_hash_of_everything(self, seed: int) -> None:
        city = lived_in(seed, changed=False)
        areas = [area for area in areas_ever() if len(area) <= Level.VILLAGE]
        days = (DAY - timedelta(days=1), today())
        before = digest(areas, days)
        doings = (city.merge_village, city.renumber, city.merge_grid, city.split, city.move)
        try:
            city.rng.choice(doings)(DAY)
        except ValidationError:
            assume(False)
        fold()
        assert digest(areas, days) != before
        undo_reorganisation(SYSTEM, Reorganisation.objects.get())
        fold()
        assert digest(areas, days) == before

    def _merged_two_villages(
        self, seed: int, areas: Callable[[], list[str]] = lambda: [CITY, TOWNSHIP[:6]]
    ) -> None:
        city = lived_in(seed, changed=False)
        villages = Division.objects.within(TOWNSHIP[:6]).villages().on(DAY)
        count_everybody(city)
        source, target = city.rng.sample(sorted(villages.values_list("area_code", flat=True)), 2)
        looked_at = areas()
        self.before = stated(looked_at, DAYS, READINGS)
        merge_division(SYSTEM, source, target, DAY, reason="test")
        fold()
        self.after = stated(looked_at, DAYS, READINGS)
