"""Reminders: from a gap's list onto the Today page of whoever can close it, and back.

One reminder a row and person is open at a time, at most one a week is sent for the same row. It
closes itself when the row has left the gap. No figure, list or order is ever made of them: they are
between the one who asks and the one who is asked.
"""
