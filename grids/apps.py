from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = _("grids")

    def ready(self) -> None:
        from grids.authority import reach_from_appointments
        from grids.divisions import work  # noqa: F401  (registers the kind of job)
        from grids.holdings import register_holdings
        from grids.models import DuplicatePair
        from grids.places import register_follower
        from grids.reorganise import work as reorganise_work  # noqa: F401  (the same)
        from grids.resources import register_sheets
        from jiaozuo_grid.reach import provide_reach

        provide_reach(reach_from_appointments)
        register_holdings()
        register_follower(DuplicatePair)
        register_sheets()
