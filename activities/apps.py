from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = _("activities")

    def ready(self) -> None:
        from activities.models import Session
        from grids.places import Dated, register_dated
        from instructors.service import Led, provide_sessions

        register_dated(Dated(Session, "held_on"))
        provide_sessions(Led(_that_count, "led_by", "held_on"))


def _that_count() -> Any:
    from activities.models import Session

    return Session.objects.standing()
