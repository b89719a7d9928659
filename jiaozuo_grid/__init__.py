"""Floor 0: settings, urls, celery, and the mechanisms that know no app."""

from jiaozuo_grid.celery import app as celery_app

__all__ = ["celery_app"]
