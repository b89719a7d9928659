"""A question that is put into SQL once answers as its queryset does, with any values."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import models

from activities.models import Session
from grids.models import HobbyGrid
from jiaozuo_grid.often import Often, slot
from tests import builders as b
from tests.activities.acting import log

pytestmark = pytest.mark.django_db

DAY = slot("day", models.DateField())


def test_its_rows_are_those_of_the_queryset() -> None:
    b.small_city()
    session = log(b.user("grid_leader", b.GRID))
    asked = Often(lambda: Session.objects.filter(pk=slot("key", models.UUIDField())))
    for key in (session.pk, UUID(int=5), session.pk):
        queryset = Session.objects.filter(pk=key)
        assert asked.all(key=key) == list(queryset)
        assert [vars(row) | {"_state": 0} for row in asked.all(key=key)] == [
            vars(row) | {"_state": 0} for row in queryset
        ]
    assert asked.first(key=UUID(int=5)) is None


def test_a_row_of_it_is_changed_and_saved_as_any_other() -> None:
    b.small_city()
    asked = Often(lambda: HobbyGrid.objects.filter(area_code=slot("code", models.CharField())))
    row = asked.first(code=b.HOBBY_GRID)
    row.usual_place = "公园"
    row.save()
    assert HobbyGrid.objects.get(area_code=b.HOBBY_GRID).usual_place == "公园"
    assert HobbyGrid.objects.filter(usual_place="公园").count() == 1


def test_a_value_may_stand_at_several_places_and_beside_constants() -> None:
    b.small_city()
    asked = Often(
        lambda: HobbyGrid.objects.on(DAY).filter(area_code__gte=b.GRID).values_list("area_code")
    )
    for day in (date(2023, 12, 31), b.BEGINNING):
        wanted = HobbyGrid.objects.on(day).filter(area_code__gte=b.GRID).values_list("area_code")
        assert [tuple(row) for row in asked.all(day=day)] == list(wanted)


def test_what_would_need_more_than_plain_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="plain rows"):
        Often(lambda: Session.objects.select_related("logged_by")).all()
