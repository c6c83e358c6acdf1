"""The addresses of what every stage holds in common."""

from django.urls import path

from parity.register.catalogue import pages as catalogue
from parity.register.home import pages as home
from parity.register.thread import pages as thread

urlpatterns = [
    path("", home.show_home, name="home"),
    path("<slug:programme>/", home.show_programme, name="programme"),
    path("<slug:programme>/figures/", catalogue.show_catalogue, name="catalogue"),
    path("<slug:programme>/figures/<slug:key>/", catalogue.show_indicator, name="indicator"),
    path("<slug:programme>/thread/", thread.show_thread, name="thread"),
]
