"""Services: what each is, and how much of it there is."""

from parity.register.records.models import Record


class Service(Record):
    """A service that people can use: who provides it, of which type and tier, for whom, where, and how to reach it."""

    STEM = "service_directory"
    KIND = "service"
    LISTED = ("service", "service_type", "provider", "tier")
    FILTERS = ("area", "service_type", "tier", "provider_kind", "status")


class ServiceMeasure(Record):
    """How much of a service there is in a period: its beds, places, caseload or posts."""

    STEM = "services"
    KIND = "capacity figure"
    LISTED = ("service", "service_type", "measure", "value", "period")
    FILTERS = ("area", "service_type", "measure", "period")
