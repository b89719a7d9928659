"""The pages of spreadsheets."""

from django.urls import URLPattern, path

from jiaozuo_grid.spreadsheets import pages

urlpatterns: list[URLPattern] = [
    path("", pages.SheetsPage.as_view(), name="sheets"),
    path("imports/<int:pk>/", pages.ImportPage.as_view(), name="sheet-import"),
    path("imports/<int:pk>/marked/", pages.MarkedCopy.as_view(), name="sheet-marked"),
    path("<str:key>/", pages.SheetPage.as_view(), name="sheet"),
    path("<str:key>/template/", pages.Template.as_view(), name="sheet-template"),
    path("<str:key>/export/", pages.Export.as_view(), name="sheet-export"),
]
