from django.urls import URLPattern, path

from coverage.api import CoverageView
from coverage.api_rows import GapRowsView, MeasureRowsView
from coverage.api_trend import TrendView
from coverage.snapshots.api import SnapshotListView, SnapshotMonthView

urlpatterns: list[URLPattern] = [
    path("coverage/<str:code>/", CoverageView.as_view(), name="api-coverage"),
    path("coverage/<str:code>/trend/", TrendView.as_view(), name="api-coverage-trend"),
    path("coverage/<str:code>/gaps/", GapRowsView.as_view(), name="api-coverage-gaps"),
    path("coverage/<str:code>/rows/", MeasureRowsView.as_view(), name="api-coverage-rows"),
    path(
        "coverage/<str:code>/snapshots/", SnapshotListView.as_view(), name="api-coverage-snapshots"
    ),
    path(
        "coverage/<str:code>/snapshots/<str:month>/",
        SnapshotMonthView.as_view(),
        name="api-coverage-snapshot",
    ),
]
