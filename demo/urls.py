from django.urls import URLPattern, path

from demo.views import sign_in

urlpatterns: list[URLPattern] = [
    path("demo/sign-in/<str:username>/", sign_in, name="demo-sign-in"),
]
