"""Receipts: a short code on whatever is printed or exported, by which it can be looked up.

``receipt_for(area_code, on, what, user)`` issues one. ``issue`` gives it together with the
``Coverage`` that it vouches for, which is what a page or report should print.
"""

from coverage.receipts.codes import shown
from coverage.receipts.issuing import (
    PAGE,
    REPORT,
    Issued,
    address_of,
    drawing_of,
    issue,
    receipt_for,
    vouch,
    vouching,
)

__all__ = [
    "PAGE",
    "REPORT",
    "Issued",
    "address_of",
    "drawing_of",
    "issue",
    "receipt_for",
    "shown",
    "vouch",
    "vouching",
]
