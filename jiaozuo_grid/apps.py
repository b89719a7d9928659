from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JiaozuoGridConfig(AppConfig):
    name = "jiaozuo_grid"
    verbose_name = _("Jiaozuo Grid")

    def ready(self) -> None:
        from jiaozuo_grid import checks  # noqa: F401  (registers the system checks)
