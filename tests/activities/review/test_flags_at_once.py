"""An officer decides while a session is amended: neither overwrites the other."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from accounts.models import AuditEntry
from activities.actions import withdraw_session
from activities.actions.review import find_fine
from activities.models import FlagRule, FlagState, SessionFlag
from activities.review import looking
from tests import builders as b
from tests.activities.acting import log

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"
    ),
]


def test_what_the_officer_decides_meanwhile_is_not_overwritten(monkeypatch: Any) -> None:
    """Pitfall 12: the flag is read for closing, then the officer says that it is fine."""
    b.small_city()
    officer = b.user("township_officer", b.TOWNSHIP)
    session = log(b.user("grid_leader", b.GRID))
    flag = SessionFlag.objects.create(
        session=session, area_code=session.area_code, rule=FlagRule.CROWD
    )
    close = looking._closed

    def decide() -> None:
        find_fine(officer, [flag], "核实过")
        connection.close()

    deciding = threading.Thread(target=decide)

    def closed_while_deciding(row: SessionFlag) -> SessionFlag:
        deciding.start()
        deciding.join(1)
        return close(row)

    monkeypatch.setattr(looking, "_closed", closed_while_deciding)
    withdraw_session(officer, session, version=1, reason="没有举行")
    deciding.join(20)

    flag.refresh_from_db()
    decided = (flag.state, flag.decided_by, flag.remark)
    assert decided in {(FlagState.AMENDED, None, ""), (FlagState.FINE, officer, "核实过")}
    assert AuditEntry.objects.filter(verb="find fine").count() == (flag.state == FlagState.FINE)
