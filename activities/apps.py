from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = _("activities")

    def ready(self) -> None:
        from activities import checks, models, review  # noqa: F401  (registers its checks)
        from activities.outbox import called_off, gatherings, sessions  # noqa: F401
        from grids.merging import let_stay
        from grids.places import Dated, register_dated, register_follower
        from instructors.service import Led, provide_sessions
        from stations.public_links import offer

        held = (models.Session, models.Lecture, models.Event, models.CalledOff, models.CheckIn)
        for dated in held:
            register_dated(Dated(dated, "held_on"))
        register_follower(models.Schedule, models.SessionFlag, models.WaitingRecord)
        offer(_check_in_link)
        # Two entries of one person may both have checked in.
        let_stay(models.CheckIn)
        review.declare_rules()
        provide_sessions(Led(_that_count, "led_by", "held_on"))


def _check_in_link(station: Any) -> Any:
    from django.urls import reverse

    from stations.public_links import PublicLink

    return PublicLink(
        _("Check in here"),
        reverse("station-check-in", args=[station.token]),
        _("If you like: it only counts how many exercise here."),
    )


def _that_count() -> Any:
    from activities.models import Session

    return Session.objects.standing()
