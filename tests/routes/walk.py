"""Every route of the project, from the resolver itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

UNSAFE = {"post", "put", "patch", "delete"}


def routes() -> set[str]:
    """The pattern of every route, as it stands in the urls.py files, from the root."""
    return {pattern for pattern, _view in _walk(get_resolver(), "")}


def writes_of_the_api() -> set[str]:
    """Every way to write through the API, as "patch api/v1/…"."""
    return {
        f"{method} {pattern}"
        for pattern, view in _walk(get_resolver(), "")
        if pattern.startswith("api/")
        for method in _methods(view) & UNSAFE
    }


def _methods(view: Callable[..., Any]) -> set[str]:
    if hasattr(view, "actions"):
        return set(view.actions)
    cls: Any = getattr(view, "cls", None)
    return {method for method in UNSAFE if hasattr(cls, method)}


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield pattern, entry.callback
        else:
            yield from _walk(entry, pattern)
