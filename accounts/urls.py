"""Home, signing in, and the audit trail."""

from django.urls import URLPattern, path

from accounts.views.audit import AuditPage
from accounts.views.home import home
from accounts.views.sign_in import ChangePassword, SignIn, SignOut

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", SignOut.as_view(), name="sign-out"),
    path("password/", ChangePassword.as_view(), name="change-password"),
    path("audit/", AuditPage.as_view(), name="audit"),
]
