"""Photos: never needed; what is kept shows the picture and nothing else (I4)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from activities.models import Session
from jiaozuo_grid import photos
from jiaozuo_grid.reach import OutOfReach
from tests.activities.acting import FORM, body, log
from tests.builders import GRID, HOBBY_GRID, OTHER_GRID, small_city
from tests.builders import user as new_user

pytestmark = pytest.mark.django_db
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


@pytest.fixture
def leader() -> Any:
    small_city()
    return new_user("grid_leader", GRID)


def picture(width: int = 40, height: int = 20, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind, **options)
    return out.getvalue()


def with_position() -> bytes:
    """A picture lying on its side that says who made it and where."""
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "SECRETMAKER", 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (35.0, 5.0, 12.3)
    return picture(exif=exif, comment=b"SECRETPLACE")


def upload(content: bytes, name: str = "a.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def posted(client: Any, photo: Any) -> Any:
    return client.post(FORM, {**body(), "photo": photo})


def test_no_photo_is_needed(leader: Any, signed_in: Any) -> None:
    """A rule of the land: a photo is never required."""
    page = signed_in(leader).get(FORM).content.decode()
    asked = page[page.index('type="file"') - 60 :].split(">")[0]

    assert "required" not in asked
    assert signed_in(leader).post(FORM, body()).status_code == 302
    assert not Session.objects.get().photo


def test_neither_position_nor_maker_is_kept_and_the_picture_stands_upright(
    leader: Any, signed_in: Any
) -> None:
    sent = with_position()
    assert b"SECRETMAKER" in sent

    assert posted(signed_in(leader), upload(sent)).status_code == 302

    session = Session.objects.get()
    kept = Path(session.photo.path).read_bytes()
    assert b"SECRET" not in kept
    with Image.open(BytesIO(kept)) as stored:
        assert (stored.format, dict(stored.getexif()), stored.size) == ("JPEG", {}, (20, 40))


def test_the_name_on_disk_tells_nothing(leader: Any, signed_in: Any) -> None:
    posted(signed_in(leader), upload(picture(), name="../../etc/王小明.jpg"))

    session = Session.objects.get()
    path = Path(session.photo.path)
    assert path.is_relative_to(settings.MEDIA_ROOT)
    assert "王小明" not in str(path)
    assert str(session.pk) not in str(path)


def test_a_large_picture_becomes_smaller(leader: Any, signed_in: Any) -> None:
    posted(signed_in(leader), upload(picture(4000, 3000)))

    with Image.open(Session.objects.get().photo.path) as stored:
        assert max(stored.size) == photos.MAX_SIDE


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("WEBP", "a.webp")])
def test_other_pictures_become_jpeg(leader: Any, signed_in: Any, kind: str, name: str) -> None:
    posted(signed_in(leader), upload(picture(kind=kind), name))

    with Image.open(Session.objects.get().photo.path) as stored:
        assert stored.format == "JPEG"


BAD = {
    "a text": upload(b"hello"),
    "a page": upload(b"<script>alert(1)</script>", "a.jpg"),
    "a drawing": upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml"),
    "half a picture": upload(picture()[:200]),
    "an animation": upload(picture(kind="GIF"), "a.jpg"),
    "nothing": upload(b""),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_photo_is_refused_at_its_field_and_all_typed_is_kept(
    leader: Any, signed_in: Any, name: str
) -> None:
    BAD[name].seek(0)
    page = signed_in(leader).post(FORM, {**body(note="打雷"), "photo": BAD[name]})

    assert page.status_code == 422
    assert 'id="id_photo_error"' in page.content.decode()
    assert 'value="打雷"' in page.content.decode()
    assert not Session.objects.exists()


@pytest.mark.parametrize(("limit", "least"), [("MAX_BYTES", 10), ("MAX_PIXELS", 10)])
def test_too_much_is_refused(
    leader: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch, limit: str, least: int
) -> None:
    monkeypatch.setattr(photos, limit, least)

    assert posted(signed_in(leader), upload(picture())).status_code == 422
    assert not Session.objects.exists()


def test_only_who_sees_the_session_sees_its_photo(leader: Any, signed_in: Any) -> None:
    """P1: and the others get the same answer as for no photo at all."""
    posted(signed_in(leader), upload(picture()))
    session = Session.objects.get()
    url = f"/sessions/{session.pk}/photo/"
    without = log(leader, start_time=session.start_time.replace(hour=6))

    seen = signed_in(leader).get(url)
    stranger = signed_in(new_user("grid_leader", OTHER_GRID))

    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in seen["Cache-Control"]
    assert stranger.get(url).status_code == 404
    assert signed_in(leader).get(f"/sessions/{without.pk}/photo/").status_code == 404
    assert signed_in(leader).get(f"/{session.photo.name}").status_code == 404
    assert signed_in(leader).get(f"/media/{session.photo.name}").status_code == 404


def test_a_photo_that_is_gone_from_the_disk_is_not_there(leader: Any, signed_in: Any) -> None:
    posted(signed_in(leader), upload(picture()))
    session = Session.objects.get()
    Path(session.photo.path).unlink()

    assert signed_in(leader).get(f"/sessions/{session.pk}/photo/").status_code == 404


def test_a_refused_session_leaves_no_photo_behind(leader: Any, signed_in: Any) -> None:
    folder = Path(settings.MEDIA_ROOT)
    log(leader)
    before = {path for path in folder.rglob("*") if path.is_file()}

    assert posted(signed_in(leader), upload(picture())).status_code == 422

    assert {path for path in folder.rglob("*") if path.is_file()} == before


def test_a_write_rolled_back_leaves_no_photo_behind(
    leader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(settings.MEDIA_ROOT)
    before = {path for path in folder.rglob("*") if path.is_file()}

    def saved_then_refused(actor: Any, session: Session, *rest: Any, **options: Any) -> None:
        session.save()
        raise OutOfReach

    monkeypatch.setattr("activities.actions.sessions.keep", saved_then_refused)
    with pytest.raises(OutOfReach):
        log(leader, photo=upload(picture()))

    assert not Session.objects.exists()
    assert {path for path in folder.rglob("*") if path.is_file()} == before


def test_the_photo_is_not_a_part_of_the_body(leader: Any, signed_in: Any) -> None:
    """A resend whose photo was made anew is still the same session; the first photo is kept."""
    values, client = body(), signed_in(leader)
    client.post(FORM, {**values, "photo": upload(picture())})
    first = Session.objects.get().photo.name

    again = client.post(FORM, {**values, "photo": upload(picture(60, 60))})

    assert again.status_code == 302
    assert Session.objects.get().photo.name == first
    assert Session.objects.get().area_code == HOBBY_GRID
