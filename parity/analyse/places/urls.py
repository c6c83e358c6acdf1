"""England's addresses, under `england/`. Each names England as the programme, by which the desk is its own."""

from django.urls import path

from parity.analyse.places import pages
from parity.register.catalogue import pages as catalogue
from parity.tables import ENGLAND_SCOPE

HERE = {"programme": ENGLAND_SCOPE}

urlpatterns = [
    path("", pages.show_places, HERE, name="england"),
    path("places/", pages.show_places, HERE, name="places"),
    path("places/<slug:area>/", pages.show_place, HERE, name="place"),
    path("places/<slug:area>/assessment/", pages.make_assessment, HERE, name="make-assessment"),
    path("places/<slug:area>/<slug:topic>/", pages.show_profile, HERE, name="place-topic"),
    path("maps/", pages.show_maps, HERE, name="maps"),
    path("maps/<slug:key>/", pages.show_map, HERE, name="map"),
    path("sources/", pages.show_sources, HERE, name="sources"),
    path("figures/", catalogue.show_catalogue, HERE, name="england-catalogue"),
    path("figures/<slug:key>/", catalogue.show_indicator, HERE, name="england-indicator"),
]
