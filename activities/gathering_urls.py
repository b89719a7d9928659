"""The pages of lectures and events; the same ones for both."""

from typing import Any

from django.urls import URLPattern, path

from activities.views import gatherings as views


def _pages(sort: views.Sort, listed: Any) -> list[URLPattern]:
    key = sort.key
    right = f"view activities.{key}"
    return [
        path(f"m/{key}/<str:code>/", views.LogGathering.as_view(sort=sort), name=f"log-{key}"),
        path(f"{key}s/", listed.as_view(), name=f"{key}-list"),
        path(f"{key}s/<uuid:pk>/", views.GatheringPage.as_view(sort=sort, right=right), name=key),
        path(
            f"{key}s/<uuid:pk>/correct/",
            views.CorrectGathering.as_view(sort=sort),
            name=f"{key}-correct",
        ),
        path(
            f"{key}s/<uuid:pk>/withdraw/",
            views.WithdrawGathering.as_view(sort=sort),
            name=f"{key}-withdraw",
        ),
    ]


urlpatterns: list[URLPattern] = [
    *_pages(views.LECTURE, views.LectureList),
    *_pages(views.EVENT, views.EventList),
]
