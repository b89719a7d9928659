from django.urls import path

from demo import views

urlpatterns = [
    path("demo/sign-in/<str:username>/", views.sign_in, name="demo-sign-in"),
]
