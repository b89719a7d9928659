from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from activities.api import SessionViewSet
from activities.api_gatherings import EventViewSet, LectureViewSet
from activities.outbox.api import ManifestView, OutboxView, PhotoView
from activities.phone_api import PhoneBundle

router = SimpleRouter()
router.register("activities", SessionViewSet, basename="api-session")
router.register("lectures", LectureViewSet, basename="api-lecture")
router.register("events", EventViewSet, basename="api-event")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("phone/", PhoneBundle.as_view(), name="api-phone"),
    path("outbox/", OutboxView.as_view(), name="outbox"),
    path("outbox/manifest/", ManifestView.as_view(), name="outbox-manifest"),
    path("outbox/photos/<uuid:pk>/", PhotoView.as_view(), name="outbox-photo"),
]
