"""Leicester's numbers of enablement are those of the strategy's own tables, where these tell them."""

from parity.plan.enablement.indicators import PACKAGE, STARTS
from tests.examples.test_leicester_flow import YEARS, read

RESIDENTIAL, PACKAGES = "Long Term Residential Care", "Direct Payments and Care Packages"


def test_who_starts_and_what_a_package_costs_follow_from_the_service_costs() -> None:
    told = dict(read("enablement").select("number", "value").rows())
    costs = read("service_costs")
    now, then = (costs.filter(scenario=one, service=RESIDENTIAL)["clients"].item() for one in ("as_is", "to_be"))
    package = costs.filter(scenario="to_be", service=PACKAGES)["unit_cost_gbp_per_week"].item()
    assert (told[STARTS] * YEARS, told[PACKAGE]) == (now - then, package)
