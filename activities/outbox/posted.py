"""One submission as it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Posted:
    """docs/phone.md says what each part means; the author is known by now."""

    id: UUID
    kind: str
    record: UUID
    body: dict[str, Any] = field(default_factory=dict)
    made_at: datetime | None = None
    sent_at: datetime | None = None
    contact_at: datetime | None = None
    replaces: UUID | None = None
    after: UUID | None = None
