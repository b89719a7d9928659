from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class JiaozuoGridConfig(AppConfig):
    # Of the configurations in this file, the one of this app.
    default = True
    name = "jiaozuo_grid"
    verbose_name = _("Jiaozuo Grid")

    def ready(self) -> None:
        from jiaozuo_grid import checks  # noqa: F401  (registers the system checks)


class OwnStaticFilesConfig(StaticFilesConfig):
    """Static files without those of pages that we do not serve: half the set-up's time."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "rest_framework", "redoc"]
