"""Lectures and events: what is believed of them, what is read, and their forms."""
