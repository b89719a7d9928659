"""The administration of people, areas and posts; what changes them are the same actions."""

from grids.admin import appointments, areas, common, people  # noqa: F401
