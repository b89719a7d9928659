from django.urls import URLPattern, path

from activities import gathering_urls, schedule_urls, views
from activities.views import burden, checkin, checkin_lists, paper, review, shell, waiting

urlpatterns: list[URLPattern] = [
    path("m/", views.PhoneHome.as_view(), name="phone"),
    path("m/shell/", shell.shell, name="phone-shell"),
    path("m/sw.js", shell.worker, name="phone-worker"),
    path("m/manifest.webmanifest", shell.manifest, name="phone-manifest"),
    path("m/log/<str:code>/", views.Log.as_view(), name="log-session"),
    path("sessions/", views.SessionList.as_view(), name="session-list"),
    path("burden/", burden.Burden.as_view(), name="burden"),
    path("sessions/paper/", paper.PaperChoice.as_view(), name="paper"),
    path("sessions/paper/<str:code>/", paper.PaperSheet.as_view(), name="paper-sheet"),
    path("sessions/review/", review.ReviewList.as_view(), name="session-review"),
    path("sessions/review/<int:pk>/fine/", review.FindFine.as_view(), name="session-flag-fine"),
    path("sessions/<uuid:pk>/", views.SessionPage.as_view(), name="session"),
    path("sessions/<uuid:pk>/correct/", views.Correct.as_view(), name="session-correct"),
    path("sessions/<uuid:pk>/withdraw/", views.Withdraw.as_view(), name="session-withdraw"),
    path("sessions/<uuid:pk>/photo/", views.Photo.as_view(), name="session-photo"),
    *gathering_urls.urlpatterns,
    path("m/qr/<str:code>/", checkin.LeadersCode.as_view(), name="leaders-code"),
    path("c/s/<slug:token>/", checkin.StationCheckIn.as_view(), name="station-check-in"),
    path("c/<slug:code>/", checkin.SessionCheckIn.as_view(), name="check-in"),
    path("check-ins/", checkin_lists.CheckInList.as_view(), name="check-in-list"),
    path(
        "check-ins/<str:code>/<str:day>/",
        checkin_lists.CheckInDay.as_view(),
        name="check-in-day",
    ),
    path("phones/waiting/", waiting.WaitingList.as_view(), name="waiting-list"),
    *schedule_urls.urlpatterns,
]
