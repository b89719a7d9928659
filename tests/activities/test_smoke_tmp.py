import uuid, pytest
from datetime import timedelta
from tests.builders import *
from activities.models import Session
from jiaozuo_grid.lasting import today


@pytest.mark.django_db
def test_phone(signed_in):
    small_city()
    u = user("grid_leader", GRID)
    c = signed_in(u)
    r = c.get("/m/")
    assert r.status_code == 200
    r = c.get(f"/m/log/{HOBBY_GRID}/")
    assert r.status_code == 200
    body = dict(
        id=str(uuid.uuid4()),
        held_on=(today() - timedelta(1)).isoformat(),
        start_time="19:30",
        minutes=60,
        participants=20,
        place="x",
        note="",
        led_by="",
    )
    r = c.post(f"/m/log/{HOBBY_GRID}/", body)
    assert r.status_code == 302, r.content.decode()
    r = c.get("/m/")
    assert r.status_code == 200
    s = Session.objects.get()
    assert c.get(f"/sessions/{s.pk}/").status_code == 200
    assert c.get("/sessions/").status_code == 200
    assert c.get("/sessions/?format=csv").status_code == 200
    assert c.get(f"/sessions/{s.pk}/correct/").status_code == 200
    r = c.post(
        f"/sessions/{s.pk}/correct/",
        {**body, "participants": 22, "version": 1, "reason": "miscounted"},
    )
    assert r.status_code == 302, r.content.decode()
    b2 = {**body, "area_code": HOBBY_GRID}
    b2.pop("led_by")
    r = c.post("/api/v1/activities/", b2, content_type="application/json")
    assert r.status_code == 200, r.content
    b3 = {**b2, "participants": 99}
    r = c.post("/api/v1/activities/", b3, content_type="application/json")
    assert r.status_code == 409, r.content
    assert c.get(f"/sessions/{s.pk}/").status_code == 200
    r = c.post(f"/sessions/{s.pk}/withdraw/", {"version": 2, "reason": "wrong"})
    assert r.status_code == 302
    assert c.get("/api/v1/activities/").json()["results"][0]["withdrawn_at"]
    assert c.get("/coverage/410882001203001/").status_code == 200
    assert c.get(f"/m/log/{OTHER_HOBBY_GRID}/").status_code == 404
