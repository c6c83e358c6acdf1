"""Addresses of fits, under a programme's plan."""

from django.urls import path

from parity.plan.calibration import pages

urlpatterns = [
    path("calibration/", pages.show_calibration, name="plan-calibration"),
    path("calibration/<uuid:model>/save/", pages.show_fit_saving, name="fit-save"),
]
