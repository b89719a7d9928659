from django.urls import URLPattern, path

from coverage import explain_urls
from coverage.reports.views import ReportFile, ReportList, ReportPage
from coverage.snapshots.views import (
    MonthList,
    MonthPage,
    ReissueMonth,
    RemarkOnMonth,
    SignMonth,
)
from coverage.targets.views import AllocateTarget, SetTarget, TargetList, WithdrawTarget
from coverage.views import (
    CoveragePage,
    CoveragePaper,
    Definitions,
    GapRows,
    LiveFigures,
    MeasureRows,
    PastFigures,
    TodoPage,
    WallFigures,
    WallScreen,
)
from coverage.views.compare import (
    CompareAreas,
    CompareIndicators,
    CompareLines,
    ComparePeriods,
    CompareSpread,
)

urlpatterns: list[URLPattern] = [
    path("coverage/definitions/", Definitions.as_view(), name="coverage-definitions"),
    path("coverage/<str:code>/", CoveragePage.as_view(), name="coverage"),
    path("coverage/<str:code>/live/", LiveFigures.as_view(), name="coverage-live"),
    path("coverage/<str:code>/past/", PastFigures.as_view(), name="coverage-past"),
    path("coverage/<str:code>/todo/", TodoPage.as_view(), name="coverage-todo"),
    path("coverage/<str:code>/wall/", WallScreen.as_view(), name="coverage-wall"),
    path("coverage/<str:code>/wall/live/", WallFigures.as_view(), name="coverage-wall-live"),
    path("coverage/<str:code>/print/", CoveragePaper.as_view(), name="coverage-print"),
    path("compare/", CompareAreas.as_view(), name="compare"),
    path("compare/periods/", ComparePeriods.as_view(), name="compare-periods"),
    path("compare/lines/", CompareLines.as_view(), name="compare-lines"),
    path("compare/spread/", CompareSpread.as_view(), name="compare-spread"),
    path("compare/indicators/", CompareIndicators.as_view(), name="compare-indicators"),
    path("coverage/<str:code>/rows/<str:measure>/", MeasureRows.as_view(), name="coverage-rows"),
    path("coverage/<str:code>/gaps/<str:gap>/", GapRows.as_view(), name="coverage-gap"),
    path("coverage/<str:code>/snapshots/", MonthList.as_view(), name="coverage-snapshots"),
    path(
        "coverage/<str:code>/snapshots/<str:month>/", MonthPage.as_view(), name="coverage-snapshot"
    ),
    path(
        "coverage/<str:code>/snapshots/<str:month>/sign/",
        SignMonth.as_view(),
        name="coverage-snapshot-sign",
    ),
    path(
        "coverage/<str:code>/snapshots/<str:month>/reissue/",
        ReissueMonth.as_view(),
        name="coverage-snapshot-reissue",
    ),
    path(
        "coverage/<str:code>/snapshots/<str:month>/remark/",
        RemarkOnMonth.as_view(),
        name="coverage-snapshot-remark",
    ),
    path("coverage/<str:code>/targets/", TargetList.as_view(), name="coverage-targets"),
    path(
        "coverage/<str:code>/targets/<str:indicator>/", SetTarget.as_view(), name="coverage-target"
    ),
    path(
        "coverage/<str:code>/targets/<str:indicator>/withdraw/",
        WithdrawTarget.as_view(),
        name="coverage-target-withdraw",
    ),
    path(
        "coverage/<str:code>/targets/<str:indicator>/allocate/",
        AllocateTarget.as_view(),
        name="coverage-target-allocate",
    ),
    path("reports/", ReportList.as_view(), name="reports"),
    path("reports/<uuid:pk>/", ReportPage.as_view(), name="report"),
    path("reports/<uuid:pk>/<str:form>/", ReportFile.as_view(), name="report-file"),
    *explain_urls.urlpatterns,
]
