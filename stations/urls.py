"""The pages of stations; ``s/<token>/`` is the one behind the QR code."""

from django.urls import URLPattern, path

from stations.views import editing, lists, people, public, station, upkeep

urlpatterns: list[URLPattern] = [
    path("s/<slug:token>/", public.PublicStation.as_view(), name="station-public"),
    path("stations/", lists.StationList.as_view(), name="station-list"),
    path("stations/map/", lists.StationMap.as_view(), name="station-map"),
    path("stations/map/points/", lists.StationPoints.as_view(), name="station-points"),
    path("stations/new/", editing.ChooseVillage.as_view(), name="station-choose"),
    path("stations/new/<str:code>/", editing.EnterStation.as_view(), name="station-new"),
    path("stations/repairs/", lists.RepairList.as_view(), name="repair-list"),
    path("stations/repairs/<int:pk>/", upkeep.RepairPage.as_view(), name="repair"),
    path("stations/repairs/<int:pk>/accept/", upkeep.AcceptRepair.as_view(), name="repair-accept"),
    path("stations/repairs/<int:pk>/finish/", upkeep.FinishRepair.as_view(), name="repair-finish"),
    path("stations/repairs/<int:pk>/reject/", upkeep.RejectRepair.as_view(), name="repair-reject"),
    path("stations/posts/<int:pk>/end/", people.Unpost.as_view(), name="station-unpost"),
    path("stations/equipment/<int:pk>/", upkeep.EditEquipment.as_view(), name="equipment-edit"),
    path(
        "stations/equipment/<int:pk>/remove/",
        upkeep.RemoveEquipment.as_view(),
        name="equipment-remove",
    ),
    path("stations/photos/<int:pk>/", station.Photo.as_view(), name="station-photo"),
    path(
        "stations/photos/<int:pk>/remove/",
        upkeep.RemovePhoto.as_view(),
        name="station-photo-remove",
    ),
    path("stations/<int:pk>/", station.StationView.as_view(), name="station"),
    path("stations/<int:pk>/edit/", editing.EditStation.as_view(), name="station-edit"),
    path("stations/<int:pk>/move/", editing.ChooseNewVillage.as_view(), name="station-move"),
    path(
        "stations/<int:pk>/move/<str:code>/",
        editing.MoveStation.as_view(),
        name="station-move-to",
    ),
    path("stations/<int:pk>/end/", editing.EndStation.as_view(), name="station-end"),
    path("stations/<int:pk>/reopen/", editing.ReopenStation.as_view(), name="station-reopen"),
    path("stations/<int:pk>/hours/", editing.SetHours.as_view(), name="station-hours"),
    path("stations/<int:pk>/post/<str:role>/", people.PostPerson.as_view(), name="station-post"),
    path("stations/<int:pk>/equipment/", upkeep.AddEquipment.as_view(), name="equipment-new"),
    path("stations/<int:pk>/inspect/", upkeep.Inspect.as_view(), name="station-inspect"),
    path("stations/<int:pk>/fault/", upkeep.ReportFault.as_view(), name="station-fault"),
    path("stations/<int:pk>/photos/", upkeep.AddPhoto.as_view(), name="station-photo-new"),
    path("stations/<int:pk>/qr.svg", station.QrCode.as_view(), name="station-qr"),
    path("stations/<int:pk>/qr/", station.QrPage.as_view(), name="station-qr-page"),
]
