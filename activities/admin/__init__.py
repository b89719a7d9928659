"""The administration of what was held, one file an entity group."""

from activities.admin import gatherings, outbox, review, schedules, sessions

__all__ = ["gatherings", "outbox", "review", "schedules", "sessions"]
