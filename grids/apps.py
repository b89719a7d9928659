from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = _("grids")

    def ready(self) -> None:
        from grids.authority import reach_from_appointments
        from grids.divisions import work  # noqa: F401  (registers the kind of job)
        from jiaozuo_grid.reach import provide_reach

        provide_reach(reach_from_appointments)
