"""Every URL of the project; each app holds its own pages (urls.py) and API (api_urls.py)."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from jiaozuo_grid import views

api_v1: list[URLPattern | URLResolver] = [
    path("", include("grids.api_urls")),
    path("", include("activities.api_urls")),
    path("", include("coverage.api_urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("", include("grids.urls")),
    path("", include("instructors.urls")),
    path("", include("stations.urls")),
    path("", include("activities.urls")),
    path("", include("coverage.urls")),
    path("", include("demo.urls")),
    path("sheets/", include("jiaozuo_grid.spreadsheets.urls")),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/cancel/", views.cancel_job, name="job-cancel"),
    path("api/v1/", include(api_v1)),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
