"""The seam by which a higher floor puts something on a person's Today page, without being known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ImproperlyConfigured

from jiaozuo_grid.reach import Actor


@dataclass(frozen=True)
class Note:
    """A few plain words to one person, with where to go and, by ``answer_url``, a way to answer.

    ``answered`` is what they said already; empty while they said nothing.
    """

    key: str
    text: str
    url: str
    since: date
    answer_url: str = ""
    answered: str = ""


Provider = Callable[[Actor], list[Note]]
_providers: list[Provider] = []
# What a note can be answered with, a tap each: (value, words), the first of them the usual one.
_answers: list[tuple[str, object]] = []


def provide_notes(provider: Provider, answers: list[tuple[str, object]]) -> None:
    """Have ``provider`` asked for each person's notes (called once, when the project starts).

    Phones keep one list of answers for all notes, so a second provider has the same or none (its
    notes then have no ``answer_url``). Raises ``ImproperlyConfigured``.
    """
    if provider in _providers:
        return
    if answers and _answers and answers != _answers:
        raise ImproperlyConfigured("All notes are answered with the same words.")
    _providers.append(provider)
    _answers[:] = answers or _answers


def notes_for(actor: Actor) -> list[Note]:
    """What is to be told to a person today."""
    return [note for provider in _providers for note in provider(actor)]


def note_answers() -> list[tuple[str, object]]:
    return list(_answers)
