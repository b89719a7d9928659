"""The administration of coverage: everything can be looked at, nothing is written here."""

from coverage.admin import known, reported, tallies

__all__ = ["known", "reported", "tallies"]
