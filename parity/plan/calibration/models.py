"""What was counted month by month, to which the numbers of a flow model are fitted."""

from parity.register.records.models import Record


class CareCount(Record):
    """People who were counted in a month: in a setting, coming to it, leaving services from it, or moving on."""

    STEM = "flow_counts"
    KIND = "count"
    LISTED = ("code", "counted", "setting", "destination", "period", "people")
    FILTERS = ("model", "counted", "setting")
