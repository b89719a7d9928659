"""The uploaded file between its preview and the decision about it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

FOLDER = "imports"
KEPT_FOR = timedelta(hours=24)


def store(data: bytes) -> str:
    """Put a file away under a new name, and return that; forgotten ones are removed."""
    remove_old()
    return default_storage.save(f"{FOLDER}/{uuid4()}.csv", ContentFile(data))


def read(name: str) -> bytes | None:
    """The file, or None when it is no longer there."""
    try:
        with default_storage.open(name) as stored:
            return stored.read()
    except FileNotFoundError:
        return None


def remove(name: str) -> None:
    default_storage.delete(name)


def remove_old() -> None:
    """Remove what nobody decided about within a day."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    limit = timezone.now() - KEPT_FOR
    for name in names:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < limit:
            default_storage.delete(path)
