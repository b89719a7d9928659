"""What areas are asked to reach: set from above, inherited downward, never overwritten."""
