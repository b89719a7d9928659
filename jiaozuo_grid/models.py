"""Floor 0 stores three things of its own: long work, imports of spreadsheets, views of lists."""

from jiaozuo_grid.jobs import Job
from jiaozuo_grid.saved_views import SavedView
from jiaozuo_grid.spreadsheets.model import SheetImport

__all__ = ["Job", "SavedView", "SheetImport"]
