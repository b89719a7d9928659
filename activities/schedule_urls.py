"""When hobby grids meet: the pages of schedules, meetings called off."""

from django.urls import URLPattern, path

from activities.views import calendar, called_off, schedules

urlpatterns: list[URLPattern] = [
    path("schedules/<str:code>/", schedules.Schedules.as_view(), name="schedules"),
    path("schedules/<str:code>/new/", schedules.SetSchedule.as_view(), name="schedule-set"),
    path(
        "schedules/<str:code>/<int:pk>/change/",
        schedules.ChangeSchedule.as_view(),
        name="schedule-change",
    ),
    path(
        "schedules/<str:code>/<int:pk>/end/", schedules.EndSchedule.as_view(), name="schedule-end"
    ),
    path("m/calendar/<str:token>.ics", calendar.CalendarFeed.as_view(), name="calendar-feed"),
    path("m/off/<str:code>/", called_off.CallOff.as_view(), name="call-off"),
    path("m/off/<uuid:pk>/held/", called_off.HoldAfterAll.as_view(), name="hold-after-all"),
]
