from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("people and sign-in")

    def ready(self) -> None:
        from accounts import receivers  # noqa: F401  (records sign-ins)
        from accounts.audit import coming_from
        from accounts.models import Door
        from jiaozuo_grid.pages.bulk import provide_background

        provide_background(lambda: coming_from(Door.TASK))
