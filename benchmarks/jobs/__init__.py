"""The proofs of the periodic jobs (pitfalls J1 to J7): real workers, beat, PostgreSQL and Redis."""
