"""The Celery application; tasks live in each app's ``tasks.py``."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiaozuo_grid.settings")

TRANSPORT_ALIASES["folders"] = "jiaozuo_grid.folder_queue:Transport"

app = Celery("jiaozuo_grid")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
