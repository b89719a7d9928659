"""What higher floors offer on a station's public page, without stations knowing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stations.models import Station


@dataclass(frozen=True)
class PublicLink:
    """A link on the page behind a station's QR code; ``help`` says what it is for."""

    label: Any
    url: str
    help: Any = ""


_providers: list[Callable[[Station], PublicLink]] = []


def offer(provider: Callable[[Station], PublicLink]) -> None:
    """Called by the offering app when it is ready."""
    if provider not in _providers:
        _providers.append(provider)


def links_of(station: Station) -> list[PublicLink]:
    return [provider(station) for provider in _providers]
