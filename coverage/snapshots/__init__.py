"""Months as they were reported: frozen on the 5th, signed, beside what is known today."""
