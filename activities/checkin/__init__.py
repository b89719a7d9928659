"""Checking in by QR: the codes that change, what a phone is known by, how often one may."""
