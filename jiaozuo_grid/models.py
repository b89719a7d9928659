"""What floor 0 stores of its own: long work, periodic work, imports, views of lists."""

from jiaozuo_grid.jobs import Job
from jiaozuo_grid.periodic.models import JobClock, JobRun
from jiaozuo_grid.saved_views import SavedView
from jiaozuo_grid.spreadsheets.model import SheetImport

__all__ = ["Job", "JobClock", "JobRun", "SavedView", "SheetImport"]
