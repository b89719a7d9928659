"""Addresses of what explains a figure and of what makes a gap somebody's business."""

from django.urls import URLPattern, path

from coverage.journal.views import BridgePage, BridgePartPage
from coverage.receipts.views import FindReceipt, MakeReceipt, ReceiptPage
from coverage.reminders.views import AnswerReminder, CallAboutGap, RemindOfGap

urlpatterns: list[URLPattern] = [
    path("coverage/<str:code>/bridge/<str:measure>/", BridgePage.as_view(), name="coverage-bridge"),
    path(
        "coverage/<str:code>/bridge/<str:measure>/<str:part>/",
        BridgePartPage.as_view(),
        name="coverage-bridge-part",
    ),
    path("coverage/<str:code>/receipt/", MakeReceipt.as_view(), name="receipt-make"),
    path("coverage/<str:code>/gaps/<str:gap>/remind/", RemindOfGap.as_view(), name="gap-remind"),
    path("coverage/<str:code>/gaps/<str:gap>/call/", CallAboutGap.as_view(), name="gap-call"),
    path(
        "reminders/<str:gap>/<str:sender>/answer/",
        AnswerReminder.as_view(),
        name="reminder-answer",
    ),
    path("r/", FindReceipt.as_view(), name="receipt-find"),
    path("r/<str:code>/", ReceiptPage.as_view(), name="receipt"),
]
