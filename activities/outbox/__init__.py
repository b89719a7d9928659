"""The outbox's server side: what phones send arrives exactly once (docs/phone.md)."""
