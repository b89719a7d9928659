"""Long proofs and measurements: python -m benchmarks.<name>; nothing here is part of the suite."""
