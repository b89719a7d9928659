import random, uuid
from datetime import date, time, timedelta
import pytest
from tests.builders import *
from coverage.folding import fold
from coverage.recount import drift, rebuild
from coverage.reading import coverage_of
from coverage.registry import MEASURES, GAPS
from coverage.models import *
from activities.models import Session
from grids.writing import keep
from grids.models import *
from jiaozuo_grid.reach import SYSTEM
from django.db.models import Sum


@pytest.mark.django_db
def test_smoke():
    small_city()
    who = user("grid_leader", GRID)
    rebuild()
    assert drift() == []
    rnd = random.Random(3)
    for step in range(60):
        day = date(2026, 11, 20) - timedelta(days=rnd.randrange(300))
        k = rnd.random()
        if k < 0.6:
            keep(
                SYSTEM,
                Session(
                    id=uuid.uuid4(),
                    area_code=rnd.choice([HOBBY_GRID, OTHER_HOBBY_GRID]),
                    held_on=day,
                    start_time=time(19, 30),
                    minutes=60,
                    participants=rnd.randrange(1, 40),
                    logged_by=who,
                ),
                "log",
            )
        elif k < 0.8:
            a = Appointment.objects.filter(
                role="grid_leader", ended_on=None, area_code=OTHER_GRID
            ).first()
            if a:
                a.ended_on = max(a.started_on, day)
                keep(SYSTEM, a, "end")
            else:
                keep(
                    SYSTEM,
                    Appointment(
                        person=person(), role="grid_leader", area_code=OTHER_GRID, started_on=day
                    ),
                    "appoint",
                )
        else:
            v = rnd.choice([VILLAGE, COMMUNITY])
            old = ResidentCount.objects.filter(area_code=v, ended_on=None).first()
            if old:
                old.ended_on = max(old.started_on, day)
                keep(SYSTEM, old, "end")
            else:
                keep(
                    SYSTEM,
                    ResidentCount(
                        area_code=v,
                        population=rnd.randrange(900),
                        households=rnd.randrange(900),
                        villager_groups=3,
                        started_on=day,
                    ),
                    "count",
                )
        if rnd.random() < 0.3:
            fold()
        if step % 10 == 0:
            assert drift() == [], step
    assert drift() == []
    for on in (date(2026, 11, 20), date(2026, 8, 3), date(2026, 2, 2)):
        for area in (CITY, COUNTY, TOWNSHIP, VILLAGE, GRID, HOBBY_GRID, COMMUNITY, OTHER_VILLAGE):
            c = coverage_of(area, on)
            for k, f in c.area.figures.items():
                m = MEASURES[k]
                rows = m.rows(area, on)
                exp = rows.count() if not m.amount else rows.aggregate(s=Sum(m.amount))["s"]
                if m.partly_known:
                    assert f.value == exp and f.known == rows.count(), (k, area, on, f, exp)
                else:
                    assert f.value == (exp or 0), (k, area, on, f, exp)
            for g in c.gaps:
                assert g.count == GAPS[g.key].rows(area, on).count(), (g, area, on)
