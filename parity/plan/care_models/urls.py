"""Addresses of models, under a programme's plan."""

from django.urls import path

from parity.plan.care_models import pages

urlpatterns = [
    path("models/", pages.show_models, name="models"),
    path("models/begin/", pages.show_beginning, name="model-begin"),
    path("models/bring/", pages.show_bringing, name="model-bring"),
    path("models/bring/<uuid:upload>/", pages.show_brought, name="model-brought"),
    path("models/<uuid:model>/model.xmile", pages.take_model, name="model-file"),
    path("models/scenario.schema.json", pages.take_schema, name="scenario-schema"),
    path("scenarios/<str:code>/scenario.json", pages.take_scenario, name="scenario-file"),
]
