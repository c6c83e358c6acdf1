"""Addresses of scenarios, under a programme's plan."""

from django.urls import path

from parity.plan.scenarios import pages

urlpatterns = [
    path("scenarios/", pages.show_scenarios, name="plan-scenarios"),
    path("scenarios/<str:code>/", pages.show_scenario, name="scenario"),
    path("scenarios/<str:code>/copy/", pages.show_copying, name="scenario-copy"),
    path("scenarios/<str:code>/save/", pages.show_saving, name="scenario-save"),
    path("scenarios/<str:code>/series.csv", pages.take_series, name="scenario-series"),
]
