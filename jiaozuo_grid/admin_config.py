"""Django's admin app, with our site as the one that ``admin.site`` names."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class GridAdminConfig(AdminConfig):
    default_site = "jiaozuo_grid.admin_site.GridAdminSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib.auth.models import Group

        # There are no groups here: rights come from appointments.
        admin.site.unregister(Group)
