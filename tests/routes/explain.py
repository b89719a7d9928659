"""A receipt of a village."""

from __future__ import annotations

from typing import Any

from coverage.models import Receipt
from jiaozuo_grid.lasting import today
from tests import builders as b

RECEIPT = "000000000" + "0"


def receipt_rows() -> dict[str, Any]:
    receipt = Receipt.objects.create(
        area_code=b.VILLAGE,
        code=RECEIPT,
        what="grids",
        title="东关村 · 网格",
        on=today(),
        values={b.VILLAGE: {"grids": 1}},
    )
    return {"coverage.receipt": receipt}
