"""Models of how people flow between settings of care, their numbers, and the scenarios that change them."""

from parity.register.records.models import Record


class CareModel(Record):
    """A model of how people flow between settings of care: from when, for how long, and who gets the free places."""

    STEM = "flow_models"
    KIND = "model"
    LISTED = ("model", "starts", "months", "rationing")


class CareSetting(Record):
    """A setting of a model, such as residential care; their order is that of their priority."""

    STEM = "flow_settings"
    KIND = "setting"
    LISTED = ("model", "setting", "setting_group")
    FILTERS = ("model", "setting_group")


class CareNumber(Record):
    """A number of a model with its interval and source: an assumption that anyone may look up and question."""

    STEM = "flow_parameters"
    KIND = "number of a model"
    LISTED = ("code", "parameter", "setting", "destination", "value", "lower", "upper")
    FILTERS = ("model", "parameter", "setting")


class Scenario(Record):
    """A scenario of a model, known by its changes."""

    STEM = "scenarios"
    KIND = "scenario"
    LISTED = ("model", "scenario", "delay_months")
    FILTERS = ("model",)


class ScenarioChange(Record):
    """A dated change of a number that a scenario makes."""

    STEM = "scenario_changes"
    KIND = "change"
    LISTED = ("code", "scenario", "lever", "parameter", "setting", "destination", "operation", "value", "starts")
    FILTERS = ("model", "scenario", "lever")
