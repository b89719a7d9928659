"""The bridge: two naive counts at two moments, and parts that add up to their difference."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.coverage.bridged import RememberedCity, faults


class AnyBridge(TestCase):
    @settings(
        max_examples=4,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        # A failing seed says enough; making it smaller would take minutes.
        phases=[Phase.generate],
    )
    @given(seed=st.integers(0, 2**32), steps=st.integers(2, 6))
    def test_the_parts_of_a_bridge_add_up_to_what_two_counts_differ_by(
        self, seed: int, steps: int
    ) -> None:
        """G3 in small: also what each part lists adds up to the part."""
        city = RememberedCity(seed)
        for _stage in range(3):
            city.live(steps)
        assert faults(city, sample=60) == []
