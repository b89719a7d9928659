"""The API of areas."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from grids.api import GridViewSet, HobbyGridViewSet
from grids.divisions.api import DivisionList, OutlineList

router = SimpleRouter()
router.register("grids", GridViewSet, basename="api-grid")
router.register("hobby-grids", HobbyGridViewSet, basename="api-hobby-grid")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("divisions/", DivisionList.as_view(), name="api-division-list"),
    path("outlines/<str:code>/", OutlineList.as_view(), name="api-outlines"),
]
