from django.urls import URLPattern, path

from coverage.views import CoveragePage, Definitions, GapRows, LiveFigures, MeasureRows

urlpatterns: list[URLPattern] = [
    path("coverage/definitions/", Definitions.as_view(), name="coverage-definitions"),
    path("coverage/<str:code>/", CoveragePage.as_view(), name="coverage"),
    path("coverage/<str:code>/live/", LiveFigures.as_view(), name="coverage-live"),
    path("coverage/<str:code>/rows/<str:measure>/", MeasureRows.as_view(), name="coverage-rows"),
    path("coverage/<str:code>/gaps/<str:gap>/", GapRows.as_view(), name="coverage-gap"),
]
