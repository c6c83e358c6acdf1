"""All publications that Parity reads, each declared in a file of its own beside this one."""

from fnmatch import fnmatch
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from parity.sources import (
    access_and_spend,
    asc_activity,
    asc_expenditure,
    boundaries,
    census_age_sex,
    census_disability,
    census_ethnicity,
    census_ethnicity_small_areas,
    census_household_deprivation,
    census_households,
    census_religion,
    contract_notices,
    council_counties,
    council_regions,
    deflators,
    dementia_reference_rates,
    deprivation,
    deprivation_indicators,
    deprivation_summaries,
    early_intervention_waits,
    fingertips_indicators,
    four_week_waits,
    lsoa_changes,
    lsoa_health,
    lsoa_wards,
    mental_health_beds,
    mhsds_assessments,
    mhsds_measures,
    mhsds_validation_rules,
    national_cost_collection,
    nearest_neighbours,
    out_of_area_placements,
    people_in_contact,
    population_estimates,
    population_health_geographies,
    population_projections,
    population_small_areas,
    pss_activity,
    pss_expenditure,
    pss_unit_costs,
    qof_registers,
    rural_urban,
    service_flow_parameters,
    talking_therapies,
    talking_therapies_measures,
    talking_therapies_providers,
    trust_catchments,
)
from parity.sources.reading.official import checked
from parity.terms.errors import NotFound, SourceChanged
from parity.terms.publication import Publication

SHELF: dict[str, Publication] = {
    module.PUBLICATION.stem: module.PUBLICATION
    for module in (
        access_and_spend,
        asc_activity,
        asc_expenditure,
        boundaries,
        census_age_sex,
        census_disability,
        census_ethnicity,
        census_ethnicity_small_areas,
        census_household_deprivation,
        census_households,
        census_religion,
        contract_notices,
        council_counties,
        council_regions,
        deflators,
        dementia_reference_rates,
        deprivation,
        deprivation_indicators,
        deprivation_summaries,
        early_intervention_waits,
        fingertips_indicators,
        four_week_waits,
        lsoa_changes,
        lsoa_health,
        lsoa_wards,
        mental_health_beds,
        mhsds_assessments,
        mhsds_measures,
        mhsds_validation_rules,
        national_cost_collection,
        nearest_neighbours,
        out_of_area_placements,
        people_in_contact,
        population_estimates,
        population_health_geographies,
        population_projections,
        population_small_areas,
        pss_activity,
        pss_expenditure,
        pss_unit_costs,
        qof_registers,
        rural_urban,
        service_flow_parameters,
        talking_therapies,
        talking_therapies_measures,
        talking_therapies_providers,
        trust_catchments,
    )
}
"""Every publication by its stem, in alphabetical order."""


def publication(stem: str) -> Publication:
    """The publication of this stem. Raises NotFound with a sentence that tells how to list them."""
    try:
        return SHELF[stem]
    except KeyError:
        raise NotFound(f"No publication is called “{stem}”; `parity sources` lists them.") from None


def publication_of(file: Path) -> Publication | None:
    """The publication whose files have such a name; None where there is none."""
    name = file.name.lower()
    return next((each for each in SHELF.values() if any(fnmatch(name, known) for known in each.files)), None)


def read_edition(publication: Publication, file: Path) -> tuple[str, pl.DataFrame]:
    """A file's edition and its rows, tidy and checked. Raises SourceChanged where its layout is not the one known."""
    try:
        edition = publication.tidy(file)
    except PolarsError as error:
        raise SourceChanged(f"{file.name} is not as it was: {str(error).splitlines()[0]}.") from None
    return edition.name, checked(publication, edition, file=file)
