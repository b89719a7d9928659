from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StationsConfig(AppConfig):
    name = "stations"
    verbose_name = _("stations")

    def ready(self) -> None:
        from grids.places import Placed, register_follower, register_placed
        from stations import models
        from stations.holdings import register_holdings
        from stations.resources import register_sheets
        from stations.rules import declare_rules

        register_placed(Placed(models.Station, models.StationPlace, "station"))
        register_follower(
            models.OpeningHours,
            models.StationPost,
            models.StationPhoto,
            models.Equipment,
            models.Inspection,
            models.Repair,
        )
        declare_rules()
        register_holdings()
        register_sheets()
