from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoverageConfig(AppConfig):
    name = "coverage"
    verbose_name = _("coverage")

    def ready(self) -> None:
        from coverage.marks import mark_stale
        from jiaozuo_grid.listeners import subscribe

        subscribe(mark_stale)
