"""Every measure, in the order in which pages show them."""

from __future__ import annotations

from coverage.registry.activity import ACTIVITY
from coverage.registry.kinds import Group, Measure
from coverage.registry.organisation import ORGANISATION
from coverage.registry.people import PEOPLE
from coverage.registry.places import PLACES
from coverage.registry.slots import SLOTS

_GROUPS = list(Group)
_MEASURES = [*ORGANISATION, *ACTIVITY, *PEOPLE, *PLACES, *SLOTS]
_MEASURES.sort(key=lambda measure: _GROUPS.index(measure.group))
MEASURES: dict[str, Measure] = {measure.key: measure for measure in _MEASURES}
