"""Changes of the map: villages merge or are renumbered, grids split or merge, hobby grids move.

Each is one function with a day from which it holds. What lasted beyond that day ends at the old
code and goes on at the new one; what happened before stays where it was reported, and is found
under today's map through the successions (grids/lineage.py). Everything is one transaction; its
audit entries carry one batch, by which it is undone on the same day. A preview is the operation
itself, rolled back.
"""

from grids.reorganise.divisions import merge_division, renumber_division
from grids.reorganise.grids import Part, merge_grid, move_hobby_grid, split_grid
from grids.reorganise.ground import Rehearsed, Terms
from grids.reorganise.report import Report
from grids.reorganise.undo import may_undo, undo_reorganisation

__all__ = [
    "Part",
    "Rehearsed",
    "Report",
    "Terms",
    "may_undo",
    "merge_division",
    "merge_grid",
    "move_hobby_grid",
    "renumber_division",
    "split_grid",
    "undo_reorganisation",
]
