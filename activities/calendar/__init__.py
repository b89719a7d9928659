"""The calendar that schedules live by: official holidays, and the feed of expected sessions."""
