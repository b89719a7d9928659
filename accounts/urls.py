"""Home, signing in, the audit trail, and the periodic jobs."""

from django.urls import URLPattern, path

from accounts.views.audit import AuditPage
from accounts.views.home import home
from accounts.views.jobs import JobPage, JobsPage, RunAgain
from accounts.views.sign_in import ChangePassword, SignIn, SignOut

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("password/", ChangePassword.as_view(), name="change-password"),
    path("audit/", AuditPage.as_view(), name="audit"),
    path("jobs/", JobsPage.as_view(), name="jobs"),
    path("jobs/of/<slug:name>/", JobPage.as_view(), name="periodic-job"),
    path("jobs/of/<slug:name>/run/", RunAgain.as_view(), name="periodic-job-run"),
]
