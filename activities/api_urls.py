from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from activities.api import SessionViewSet

router = SimpleRouter()
router.register("activities", SessionViewSet, basename="api-session")

urlpatterns: list[URLPattern | URLResolver] = router.urls
