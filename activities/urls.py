from django.urls import URLPattern, path

from activities import views

urlpatterns: list[URLPattern] = [
    path("m/", views.PhoneHome.as_view(), name="phone"),
    path("m/log/<str:code>/", views.Log.as_view(), name="log-session"),
    path("sessions/", views.SessionList.as_view(), name="session-list"),
    path("sessions/<uuid:pk>/", views.SessionPage.as_view(), name="session"),
    path("sessions/<uuid:pk>/correct/", views.Correct.as_view(), name="session-correct"),
    path("sessions/<uuid:pk>/withdraw/", views.Withdraw.as_view(), name="session-withdraw"),
    path("sessions/<uuid:pk>/photo/", views.Photo.as_view(), name="session-photo"),
]
