"""Addresses of a choice among options, under a programme's plan."""

from django.urls import path

from parity.plan.choice import pages

urlpatterns = [
    path("choice/", pages.show_choice, name="plan-choice"),
    path("choice/portfolios.csv", pages.take_portfolios, name="choice-portfolios"),
]
