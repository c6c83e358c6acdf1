"""Addresses of what explains a scenario, under a programme's plan."""

from django.urls import path

from parity.plan.reasons import pages

urlpatterns = [path("scenarios/<str:code>/why/", pages.show_why, name="scenario-why")]
