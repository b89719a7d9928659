from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = _("activities")

    def ready(self) -> None:
        from activities.models import Session
        from grids.places import Dated, register_dated

        register_dated(Dated(Session, "held_on"))
