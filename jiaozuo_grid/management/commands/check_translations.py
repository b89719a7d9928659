"""Every text that people read has its translation in every language of the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

# The language of the sources; it needs no catalog.
SOURCE_LANGUAGE = "en"
NOT_OURS = {".venv", "node_modules", "var", "tests", "migrations", "benchmarks", "static", "docs"}
_one, _many = None, (1, 2)
_with_context, _many_with_context = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, Any] = {
    "_": _one,
    "gettext": _one,
    "gettext_lazy": _one,
    "gettext_noop": _one,
    "ngettext": _many,
    "ngettext_lazy": _many,
    "pgettext": _with_context,
    "pgettext_lazy": _with_context,
    "npgettext": _many_with_context,
    "npgettext_lazy": _many_with_context,
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdfr]|%[sd]")

Found = dict[tuple[str | None, str], str]


class Command(BaseCommand):
    help = "Fail when a text has no translation, an empty, a doubtful or a broken one."

    def handle(self, **options: Any) -> None:
        texts = texts_of(Path(settings.BASE_DIR))
        faults: list[str] = []
        for language, _name in settings.LANGUAGES:
            if language != SOURCE_LANGUAGE:
                faults += faults_of(language, texts)
        if faults:
            raise CommandError("\n".join([*faults, f"{len(faults)} faults in translations."]))
        self.stdout.write(f"{len(texts)} texts, all translated.")


def texts_of(folder: Path) -> Found:
    """The texts marked for translation in Python files and templates, and where they stand."""
    found: Found = {}
    for path in sorted(_sources(folder)):
        place = path.relative_to(folder)
        for line, message, _comments, context in extract("python", _code(path), KEYWORDS):
            # Of one and many, the first is the key.
            key = message[0] if isinstance(message, tuple) else message
            if key:
                found.setdefault((context, key), f"{place}:{line}")
    return found


def _sources(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in NOT_OURS and not entry.name.startswith("."):
            yield from (
                path
                for pattern in ("*.py", "*.html", "*.txt")
                for path in entry.rglob(pattern)
                if not NOT_OURS & set(path.relative_to(folder).parts)
            )


def _code(path: Path) -> BytesIO:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Inside brackets the indentation of the page means nothing to Python's tokenizer.
        text = f"({templatize(text, origin=str(path))})"
    return BytesIO(text.encode())


def faults_of(language: str, texts: Found) -> list[str]:
    """What is wrong with the catalog of one language, each with the place of the text."""
    path = Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES/django.po"
    if not path.exists():
        return [f"{path}: missing"]
    with path.open("rb") as file:
        catalog = read_po(file)
    return [
        f"{place}: {language}: {fault}: {key}"
        for (context, key), place in texts.items()
        if (fault := _fault(catalog, context, key))
    ]


def _fault(catalog: Catalog, context: str | None, key: str) -> str:
    message = catalog.get(key, context)
    if message is None:
        return "missing"
    if message.fuzzy:
        return "fuzzy"
    translations = _strings(message)
    if not all(translations):
        return "empty"
    # One of several forms may leave a number out ("one grid"), none may invent a name.
    wanted = {match.group() for text in _ids(message) for match in PLACEHOLDER.finditer(text)}
    for text in translations:
        given = {match.group() for match in PLACEHOLDER.finditer(text)}
        if given - wanted or (not message.pluralizable and given != wanted):
            return "other placeholders"
    return ""


def _ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [message.id]


def _strings(message: Message) -> list[str]:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [text or "" for text in strings]
