"""Doubts about sessions, for the township officer's review list; nothing here refuses anything.

Each rule is a module with one function: given a session that was just written (and where it stood
before), it says of every session whose answer that may have changed what is doubted, or None. The
answer depends on what is stored and on nothing else, so that it does not matter in which order
records arrive. ``look`` asks all rules and keeps the flags in step.
"""

from activities.review.looking import Stood, look, stood
from activities.review.thresholds import declare_rules

__all__ = ["Stood", "declare_rules", "look", "stood"]
