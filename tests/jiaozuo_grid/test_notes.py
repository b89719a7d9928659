"""Notes: what higher floors have to tell a person."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from jiaozuo_grid.notes import Note, note_answers, provide_notes
from jiaozuo_grid.reach import Actor


def unheard(actor: Actor) -> list[Note]:
    raise AssertionError


def test_a_second_provider_cannot_put_its_answers_under_the_notes_of_the_first() -> None:
    before = note_answers()
    with pytest.raises(ImproperlyConfigured):
        provide_notes(unheard, [("read", "已读")])
    assert note_answers() == before
