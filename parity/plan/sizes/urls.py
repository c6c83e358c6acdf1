"""Addresses of how much of each option to buy, under a programme's plan."""

from django.urls import path

from parity.plan.sizes import pages

urlpatterns = [
    path("sizes/", pages.show_sizes, name="plan-sizes"),
    path("sizes/sizes.csv", pages.take_sizes, name="sizes-every"),
]
