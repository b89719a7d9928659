"""Floor 0 stores one thing of its own: long work."""

from jiaozuo_grid.jobs import Job

__all__ = ["Job"]
