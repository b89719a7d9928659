"""The pages of areas, posts, people and divisions."""

from django.urls import URLPattern, path

from grids.views import appointments, area, divisions, grids, hobby_grids, lists, people, vacancies

urlpatterns: list[URLPattern] = [
    path("grids/", lists.GridList.as_view(), name="grid-list"),
    path("grids/<str:code>/", area.AreaPage.as_view(), name="area"),
    path("grids/<str:code>/new/", grids.EstablishGrid.as_view(), name="grid-new"),
    path("grids/<str:code>/missing/", grids.EstablishMissing.as_view(), name="grid-missing"),
    path("grids/<str:code>/edit/", grids.EditGrid.as_view(), name="grid-edit"),
    path("grids/<str:code>/end/", grids.EndArea.as_view(), name="area-end"),
    path("grids/<str:code>/reopen/", grids.ReopenArea.as_view(), name="area-reopen"),
    path("grids/<str:code>/residents/", grids.RecordResidents.as_view(), name="residents"),
    path(
        "grids/<str:code>/hobby-grids/new/",
        hobby_grids.FormHobbyGrid.as_view(),
        name="hobby-grid-new",
    ),
    path(
        "grids/<str:code>/edit-hobby-grid/",
        hobby_grids.EditHobbyGrid.as_view(),
        name="hobby-grid-edit",
    ),
    path("grids/<str:code>/appoint/<str:role>/", appointments.Appoint.as_view(), name="appoint"),
    path("appointments/", lists.AppointmentList.as_view(), name="appointment-list"),
    path("appointments/vacant/", vacancies.VacancyList.as_view(), name="vacancy-list"),
    path(
        "appointments/<int:pk>/end/",
        appointments.EndAppointment.as_view(),
        name="appointment-end",
    ),
    path("people/", people.PersonList.as_view(), name="person-list"),
    path("people/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("people/<int:pk>/edit/", people.EditPerson.as_view(), name="person-edit"),
    path("people/<int:pk>/account/", people.OpenAccount.as_view(), name="account-new"),
    path("people/<int:pk>/account/password/", people.RenewPassword.as_view(), name="account-renew"),
    path(
        "people/<int:pk>/account/active/",
        people.SetAccountActive.as_view(),
        name="account-active",
    ),
    path("divisions/import/", divisions.ImportPage.as_view(), name="division-import"),
    path(
        "divisions/import/preview/",
        divisions.PreviewPage.as_view(),
        name="division-import-preview",
    ),
    path(
        "divisions/import/problems/",
        divisions.ProblemsDownload.as_view(),
        name="division-import-problems",
    ),
    path(
        "divisions/import/discard/",
        divisions.Discard.as_view(),
        name="division-import-discard",
    ),
]
