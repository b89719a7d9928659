"""What a reorganisation moves and ends, as its preview shows it and its record keeps it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models


@dataclass
class Report:
    """Numbers of rows moved by model, codes old and new, posts lost, figures before and after."""

    moved: dict[str, int] = field(default_factory=dict)
    # (old code, new code, name)
    codes: list[tuple[str, str, str]] = field(default_factory=list)
    # Who loses what, in words.
    losing: list[str] = field(default_factory=list)
    # (what, of the source, of the target before, of the target after); None is not known.
    figures: list[tuple[str, int | None, int | None, int | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    estimated: bool = False
    # The key of the record, once it is written.
    reorganisation: int | None = None

    def count(self, model: type[models.Model], number: int) -> None:
        if number:
            label = model._meta.label_lower
            self.moved[label] = self.moved.get(label, 0) + number

    def summary(self) -> dict[str, Any]:
        return asdict(self)

    def digest(self) -> str:
        """Differs when something to decide about differs from what the preview showed.

        How many rows move is told, not agreed: each session logged in the meantime changes it.
        """
        agreed = {k: v for k, v in self.summary().items() if k not in ("moved", "reorganisation")}
        text = json.dumps(agreed, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def label_of(model: type[models.Model], field: str) -> str:
    """What a field is called, in the user's language."""
    found: Any = model._meta.get_field(field)
    return str(found.verbose_name)
