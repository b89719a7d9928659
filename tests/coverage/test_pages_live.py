"""An open page asks every few seconds; the answer is cheap until something was counted."""

from __future__ import annotations

