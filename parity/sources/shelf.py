"""All publications that Parity reads, each declared in a file of its own beside this one."""

from fnmatch import fnmatch
from pathlib import Path

import polars as pl

from parity.sources import (
    boundaries,
    census_age_sex,
    census_disability,
    census_ethnicity,
    census_ethnicity_small_areas,
    census_household_deprivation,
    census_households,
    census_religion,
    council_counties,
    council_regions,
    deprivation,
    deprivation_indicators,
    deprivation_summaries,
    lsoa_changes,
    lsoa_health,
    lsoa_wards,
    nearest_neighbours,
    population_estimates,
    population_health_geographies,
    population_projections,
    population_small_areas,
    rural_urban,
    trust_catchments,
)
from parity.sources.reading.official import checked
from parity.terms.errors import NotFound
from parity.terms.publication import Publication

SHELF: dict[str, Publication] = {
    module.PUBLICATION.stem: module.PUBLICATION
    for module in (
        boundaries,
        census_age_sex,
        census_disability,
        census_ethnicity,
        census_ethnicity_small_areas,
        census_household_deprivation,
        census_households,
        census_religion,
        council_counties,
        council_regions,
        deprivation,
        deprivation_indicators,
        deprivation_summaries,
        lsoa_changes,
        lsoa_health,
        lsoa_wards,
        nearest_neighbours,
        population_estimates,
        population_health_geographies,
        population_projections,
        population_small_areas,
        rural_urban,
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
    edition = publication.tidy(file)
    return edition.name, checked(publication, edition, file=file)
