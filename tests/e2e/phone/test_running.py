"""A session that is begun and ended in the square; a photo that goes after it in pieces."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from activities.models import Session
from tests.activities.acting import yesterday
from tests.builders import HOBBY_GRID

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def large_picture() -> bytes:
    """One that does not get smaller than a few pieces."""
    noise = Image.effect_noise((2400, 1800), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, "JPEG", quality=90)
    return out.getvalue()


def test_begun_and_ended_it_needs_no_typing(leader: Any, phone_of: Any) -> None:
    """Its length is the time that passed, even though the page was closed in between."""
    phone = phone_of(leader)
    phone.tab.locator(f'[data-card="{HOBBY_GRID}"] [data-start]').tap()
    phone.tab.wait_for_selector("[data-section=running]")
    earlier = timezone.now() - timedelta(minutes=53)
    phone.tab.evaluate(
        """began => new Promise((done) => {
          const opening = indexedDB.open("grid");
          opening.onsuccess = () => {
            const meta = opening.result.transaction("meta", "readwrite").objectStore("meta");
            meta.openCursor().onsuccess = (event) => {
              const cursor = event.target.result;
              if (!cursor) { opening.result.close(); return done(); }
              if (String(cursor.key).indexOf("running:") === 0) {
                cursor.update({ ...cursor.value, began });
              }
              cursor.continue();
            };
          };
        })""",
        earlier.timestamp() * 1000,
    )
    phone.tab.goto("about:blank")
    phone.open()
    running = phone.tab.locator("[data-section=running]")
    running.wait_for()
    running.locator("[data-end]").tap()
    form = phone.tab.locator("form[data-outbox-form]:visible")
    assert int(form.locator('[name="minutes"]').input_value()) in (53, 54)
    form.locator("button[type=submit]").tap()
    phone.wait_for("done")
    session = Session.objects.order_by("-logged_at").first()
    assert session is not None
    began = datetime.combine(session.held_on, session.start_time)
    assert abs(began - timezone.localtime(earlier).replace(tzinfo=None)) < timedelta(minutes=2)
    assert not running.is_visible()


def test_forgotten_it_gets_the_usual_length(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    # Without a network, so that no contact tells the phone the hour between the two taps.
    phone.cut()
    phone.tab.wait_for_selector("[data-net=offline]")
    phone.tab.locator(f'[data-card="{HOBBY_GRID}"] [data-start]').tap()
    phone.tab.wait_for_selector("[data-section=running]")
    phone.tab.evaluate("Date.now = (now => () => now() + 9 * 3600 * 1000)(Date.now.bind(Date))")
    phone.tab.locator("[data-end]").tap()
    form = phone.tab.locator("form[data-outbox-form]:visible")
    assert form.locator('[name="minutes"]').input_value() == "60"


def test_a_photo_goes_after_its_record_and_on_where_it_stopped(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader, worker=False)
    sizes: list[int] = []

    def pieces(route: Any) -> None:
        if route.request.method != "PUT":
            route.continue_()
            return
        sizes.append(int(route.request.headers["upload-offset"]))
        # The second piece arrives, its answer does not; then the network is gone.
        if len(sizes) == 2:
            route.fetch()
        if len(sizes) in (2, 3):
            route.abort()
        else:
            route.continue_()

    phone.tab.route("**/api/v1/outbox/photos/**", pieces)
    form = phone.open_form()
    form.locator('[name="held_on"]').fill(yesterday().isoformat())
    form.locator('[name="start_time"]').fill("19:00")
    form.locator("summary").tap()
    form.locator('[name="photo"]').set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": large_picture()}
    )
    form.locator("button[type=submit]").tap()
    phone.wait_for("done")
    for _time in range(40):
        if not phone.stored("photos"):
            break
        phone.tab.wait_for_timeout(250)
    assert phone.stored("photos") == []
    session = Session.objects.get(held_on=yesterday())
    assert session.photo
    with Image.open(session.photo) as picture:
        assert max(picture.size) == 1600
    assert len(sizes) > 3
    # It did not begin anew.
    assert sizes.count(0) == 1


def test_a_picture_that_is_none_does_not_stand_in_the_way(leader: Any, phone_of: Any) -> None:
    phone = phone_of(leader)
    form = phone.open_form()
    form.locator('[name="held_on"]').fill(yesterday().isoformat())
    form.locator('[name="start_time"]').fill("19:00")
    form.locator("summary").tap()
    form.locator('[name="photo"]').set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    form.locator("button[type=submit]").tap()
    form.locator(".has-error").wait_for()
    form.locator('[name="photo"]').set_input_files([])
    form.locator("button[type=submit]").tap()
    phone.wait_for("done")
