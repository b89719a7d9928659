"""The seam by which a higher floor puts something on a person's Today page, without being known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

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
    """Have ``provider`` asked for each person's notes (called once, when the project starts)."""
    if provider not in _providers:
        _providers.append(provider)
        _answers.extend(answers)


def notes_for(actor: Actor) -> list[Note]:
    """What is to be told to a person today."""
    return [note for provider in _providers for note in provider(actor)]


def note_answers() -> list[tuple[str, object]]:
    return list(_answers)
