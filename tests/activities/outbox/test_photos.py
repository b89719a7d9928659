"""Photos come after their record, in pieces, and go on where they stopped."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from activities import likeness
from activities.models import PhotoUpload, Session
from activities.outbox import photos
from activities.tasks import tidy_outbox
from grids.merging import merge_people
from tests import builders as b
from tests.activities.acting import log
from tests.activities.outbox.phone import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone() -> Phone:
    b.small_city()
    return Phone(b.user("grid_leader", b.GRID))


@pytest.fixture
def session(phone: Phone) -> Session:
    return log(phone.user)


def picture(seed: int = 1, size: tuple[int, int] = (400, 300), kind: str = "PNG") -> bytes:
    """A picture of its own look for each seed."""
    out = BytesIO()
    points = Image.effect_noise((8, 8), 200 + seed).convert("RGB").resize(size)
    points.save(out, kind)
    return out.getvalue()


def begin(phone: Phone, record: Any, size: int, id: Any = None, **other: Any) -> Any:
    values = {"author": phone.author, "record": str(record), "size": size, **other}
    return phone.post(url(id or uuid4()), values)


def url(id: Any) -> str:
    return f"/api/v1/outbox/photos/{id}/"


def put(phone: Phone, id: Any, offset: Any, piece: bytes) -> Any:
    kind = "application/octet-stream"
    return phone.client.put(url(id), piece, content_type=kind, HTTP_UPLOAD_OFFSET=str(offset))


def upload(phone: Phone, record: Any, data: bytes, id: Any = None) -> Any:
    """All of it, in three pieces; the last answer."""
    id = id or uuid4()
    assert begin(phone, record, len(data), id).json() == {"received": 0}
    step = len(data) // 3 + 1
    answers = [put(phone, id, at, data[at : at + step]) for at in range(0, len(data), step)]
    return answers[-1]


def pieces() -> list[Path]:
    return list((Path(settings.MEDIA_ROOT) / "uploads").glob("*"))


def test_the_last_piece_puts_the_photo_at_its_session(phone: Phone, session: Session) -> None:
    data = picture()

    answer = upload(phone, session.pk, data)

    assert answer.json() == {"received": len(data), "done": True}
    session.refresh_from_db()
    with session.photo.open("rb") as stored:
        assert Image.open(stored).format == "JPEG"
        assert session.photo_print == likeness.print_of(stored)
    assert session.version == 1


def test_an_interrupted_photo_goes_on_where_it_stopped(phone: Phone, session: Session) -> None:
    data, id = picture(), uuid4()
    begin(phone, session.pk, len(data), id)
    put(phone, id, 0, data[:1000])

    # The answer was lost: the phone asks, and is told.
    assert put(phone, id, 0, data[:1000]).status_code == 409
    assert put(phone, id, 0, data[:1000]).json() == {"received": 1000}
    assert begin(phone, session.pk, len(data), id).json() == {"received": 1000}
    assert put(phone, id, 1000, data[1000:]).json()["done"]


def test_the_last_piece_twice_is_once(phone: Phone, session: Session) -> None:
    data, id = picture(), uuid4()
    begin(phone, session.pk, len(data), id)
    first = put(phone, id, 0, data)
    again = put(phone, id, 0, data)
    assert first.json() == again.json()
    assert begin(phone, session.pk, len(data), id).json() == first.json()


@pytest.mark.parametrize("offset", ["", "-1", "x", "7", "99999999999999999999"])
def test_an_odd_offset_is_answered_with_the_right_one(
    phone: Phone, session: Session, offset: str
) -> None:
    id = uuid4()
    begin(phone, session.pk, 5000, id)
    answer = put(phone, id, offset, b"abc")
    assert (answer.status_code, answer.json()) == (409, {"received": 0})


def test_a_photo_before_its_record_is_asked_to_wait(phone: Phone) -> None:
    assert begin(phone, uuid4(), 5000).status_code == 404
    assert put(phone, uuid4(), 0, b"abc").status_code == 404


def test_too_large_a_photo_or_piece_is_refused(phone: Phone, session: Session) -> None:
    assert begin(phone, session.pk, 11 * 1024 * 1024).status_code == 422
    id = uuid4()
    begin(phone, session.pk, 400 * 1024, id)
    assert put(phone, id, 0, bytes(256 * 1024 + 1)).status_code == 413
    assert put(phone, id, 0, b"").status_code == 409
    assert PhotoUpload.objects.get().received == 0


def test_very_many_begun_photos_are_asked_to_come_later(
    phone: Phone, session: Session, monkeypatch: Any
) -> None:
    """Else one account could fill the disk with pictures that never come whole."""
    monkeypatch.setattr(photos, "MOST_BEGUN", 2)
    first = uuid4()
    for id in (first, uuid4()):
        assert begin(phone, session.pk, 5000, id).status_code == 200

    assert begin(phone, session.pk, 5000).status_code == 429
    assert begin(phone, session.pk, 5000, first).status_code == 200


def test_what_is_no_picture_is_refused_and_removed(
    phone: Phone, session: Session, django_capture_on_commit_callbacks: Any
) -> None:
    """I4."""
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(phone, session.pk, b"<?php no picture" * 50)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["photo"]
    assert not PhotoUpload.objects.exists()
    session.refresh_from_db()
    assert not session.photo


def test_position_and_comments_are_taken_off(phone: Phone, session: Session) -> None:
    """I4, and the rule of the land: nothing but the picture."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "secret note"
    Image.new("RGB", (40, 30), "green").save(out, "JPEG", exif=exif)
    upload(phone, session.pk, out.getvalue())
    session.refresh_from_db()
    with session.photo.open("rb") as stored:
        assert b"secret note" not in stored.read()


def test_a_second_photo_does_not_replace_the_first(phone: Phone, session: Session) -> None:
    upload(phone, session.pk, picture(1))
    session.refresh_from_db()
    first = session.photo.name
    assert upload(phone, session.pk, picture(2)).status_code == 422
    session.refresh_from_db()
    assert session.photo.name == first
    assert Path(session.photo.path).exists()


def test_only_who_logged_it_adds_a_photo(phone: Phone, session: Session) -> None:
    """P4: for others the record is not there."""
    member = Phone(b.user("grid_member", b.HOBBY_GRID))
    assert begin(member, session.pk, 5000).status_code == 404
    id = uuid4()
    begin(phone, session.pk, 5000, id)
    assert put(member, id, 0, b"abc").status_code == 404
    assert begin(member, session.pk, 5000, id, author=phone.author).json() == {"code": "author"}


def test_a_photo_goes_on_after_the_account_of_its_author_was_closed(phone: Phone) -> None:
    """Two entries of one person were merged while the record had gone and its photo had not."""
    closed = Phone(b.user("grid_member", b.HOBBY_GRID))
    session, data, id, later = log(closed.user), picture(), uuid4(), uuid4()
    begin(closed, session.pk, len(data), id)
    put(closed, id, 0, data[:1000])
    merge_people(b.user("county_official", b.COUNTY), phone.user.person, closed.user.person)

    phone.report(others=[closed.author])

    assert begin(phone, session.pk, len(data), id).json() == {"received": 1000}
    assert put(phone, id, 1000, data[1000:]).json()["done"]
    assert begin(phone, session.pk, 5000, later).status_code == 200


def test_pieces_that_are_gone_are_asked_for_from_the_beginning(
    phone: Phone, session: Session
) -> None:
    data, id = picture(), uuid4()
    begin(phone, session.pk, len(data), id)
    put(phone, id, 0, data[:1000])
    photos._path(id).unlink()
    assert put(phone, id, 1000, data[1000:]).json() == {"received": 0}
    assert put(phone, id, 0, data).json()["done"]


def test_what_stays_unfinished_for_a_week_is_removed(phone: Phone, session: Session) -> None:
    data, id, fresh = picture(), uuid4(), uuid4()
    for one in (id, fresh):
        begin(phone, session.pk, len(data), one)
        put(phone, one, 0, data[:1000])
    PhotoUpload.objects.filter(pk=id).update(began_at=timezone.now() - timedelta(days=8))
    stray = photos._path(uuid4())
    stray.write_bytes(b"left by a crash")
    old = (timezone.now() - timedelta(days=8)).timestamp()
    os.utime(stray, (old, old))

    tidy_outbox()

    assert photos._path(fresh) in pieces()
    assert {photos._path(id), stray}.isdisjoint(pieces())
    assert [row.pk for row in PhotoUpload.objects.all()] == [fresh]


def test_the_same_picture_in_another_size_looks_the_same() -> None:
    small, large = picture(3), BytesIO()
    Image.open(BytesIO(small)).resize((1200, 900)).convert("RGB").save(large, "JPEG", quality=60)
    prints = [likeness.print_of(BytesIO(small)), likeness.print_of(large)]
    differing = bin(int(prints[0], 16) ^ int(prints[1], 16)).count("1")
    assert differing <= 4
    other = likeness.print_of(BytesIO(picture(9)))
    assert bin(int(prints[0], 16) ^ int(other, 16)).count("1") > 10
    assert len(other) == 16
