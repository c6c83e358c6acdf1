"""By how much estimates made early fall short, by kind of work."""

from parity.assumptions import assumption
from parity.terms.assumption import Assumption

DURATION = (
    "optimism_standard_buildings_duration",
    "optimism_non_standard_buildings_duration",
    "optimism_standard_engineering_duration",
    "optimism_non_standard_engineering_duration",
    "optimism_equipment_duration",
)
CAPITAL = (
    "optimism_standard_buildings_capital",
    "optimism_non_standard_buildings_capital",
    "optimism_standard_engineering_capital",
    "optimism_non_standard_engineering_capital",
    "optimism_equipment_capital",
)
OPERATING = ("optimism_outsourcing",)


def optimism_biases(keys: tuple[str, ...] = CAPITAL) -> list[Assumption]:
    """For each kind of work the bounds as shares (0–1): `high` is where to start, `low` what care can bring it to."""
    return [assumption(key) for key in keys]
