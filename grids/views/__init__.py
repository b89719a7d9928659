"""The pages of areas, posts and people."""
