"""The API of areas."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from grids.api import GridViewSet, HobbyGridViewSet

router = SimpleRouter()
router.register("grids", GridViewSet, basename="api-grid")
router.register("hobby-grids", HobbyGridViewSet, basename="api-hobby-grid")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
