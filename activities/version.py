"""Which version of the project runs, as phones see it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings

# What a page that a phone keeps is made of: its texts, its forms, its scripts and styles.
_PARTS = (
    ("activities", "*.py"),
    ("templates", "*.html"),
    ("locale", "*.po"),
    ("static", "*.js"),
    ("static", "*.css"),
    ("var/bundles", "*.js"),
)


@lru_cache(maxsize=1)
def app_version() -> str:
    """A short digest that changes whenever a page that a phone keeps would be another.

    Read once a process: files do not change under a running one.
    """
    digest = hashlib.sha256()
    for folder, pattern in _PARTS:
        root = Path(settings.BASE_DIR) / folder
        for path in sorted(root.rglob(pattern)):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
