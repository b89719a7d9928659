"""The administration of people, areas and posts; what changes them are the same actions."""

from grids.admin import appointments, areas, changes, common, duplicates, organisations, people  # noqa: F401
