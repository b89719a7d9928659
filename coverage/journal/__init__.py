"""The journal of figures: what became known when, and the bridge from one figure to another."""
