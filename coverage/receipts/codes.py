"""The codes of receipts: random, short, and safe to copy by hand.

Nine characters of an alphabet without look-alikes (Crockford's, 45 bits: not guessable under the
limits of the page) and one that checks them (Luhn's rule for 32 characters: it finds every single
wrong character).
"""

from __future__ import annotations

from secrets import choice

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    body = "".join(choice(ALPHABET) for _n in range(LENGTH - 1))
    return body + _check(body)


def _check(body: str) -> str:
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def plain(typed: str) -> str:
    """A code as it is stored, however it was typed: in small letters, with an O for a 0."""
    kept = (c for c in typed.upper().translate(_LOOK_ALIKE) if c not in " -")
    return "".join(kept)


def is_well_formed(code: str) -> bool:
    """Whether it could be a code; a wrong character is found without asking the database."""
    if len(code) != LENGTH or any(c not in ALPHABET for c in code):
        return False
    return _check(code[:-1]) == code[-1]


def shown(code: str) -> str:
    """As it is printed: in two halves."""
    return f"{code[:5]}-{code[5:]}"
