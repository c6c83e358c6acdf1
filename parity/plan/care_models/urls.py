"""Addresses of models, under a programme's plan."""

from django.urls import path

from parity.plan.care_models import pages

urlpatterns = [
    path("models/", pages.show_models, name="models"),
    path("models/begin/", pages.show_beginning, name="model-begin"),
]
