from django.urls import URLPattern, path

from coverage.api import CoverageView

urlpatterns: list[URLPattern] = [
    path("coverage/<str:code>/", CoverageView.as_view(), name="api-coverage"),
]
