from typing import Any

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

# Static files of pages that we do not serve; collecting them would double the set-up's time. The
# phone's modules are served as bundles.
UNUSED_STATIC_FILES = ["rest_framework", "redoc", "js/phone/*"]


class JiaozuoGridConfig(AppConfig):
    name = "jiaozuo_grid"
    verbose_name = _("Jiaozuo Grid")

    def ready(self) -> None:
        from jiaozuo_grid import checks  # noqa: F401  (registers the system checks)
        from jiaozuo_grid.pages import bulk  # noqa: F401  (registers the kind of job)

        staticfiles: Any = apps.get_app_config("staticfiles")
        staticfiles.ignore_patterns = [*staticfiles.ignore_patterns, *UNUSED_STATIC_FILES]
