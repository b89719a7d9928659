"""A second, naive count of every measure, written anew: each table read whole, row by row.

It knows nothing of the tallies, spells, querysets and successions that figures are made of.
"""

from tests.coverage.recount.books import Books, stored_moves
from tests.coverage.recount.figures import COUNTS, NaiveFigures

__all__ = ["COUNTS", "Books", "NaiveFigures", "stored_moves"]
