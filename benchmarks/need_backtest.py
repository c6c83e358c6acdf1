"""How often the bands of projected need held what came: projections of 2015 and 2018 judged on what is known since.

Run: PARITY_DATA=… python benchmarks/need_backtest.py
The model of projection errors is learnt from the estimates of 2000 to 2011 alone, all known in 2018. Files are read as
`parity import` reads them.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from parity.assumptions.projection_errors import councils_revised_little, projection_errors
from parity.assumptions.reference_rates import reference_rates, shares_aged_95
from parity.methods.age_bands import AGES
from parity.methods.chance import Chance
from parity.methods.headcount import CELLS, SEXES, Headcount, headcount
from parity.methods.need import Simulation, need_in_total, need_intervals
from parity.methods.need_rates import RANGE, Rates, projectable, rates_for
from parity.methods.projection_error import Outlook, ProjectionError, error_from, learnt, numbers_of
from parity.sources.shelf import publication_of, read_edition

CHANCE = Chance(1_000, seed=2018)
CENSUS = 2011
COUNCIL = "^E0[6-9]"
SUB_ICB = "^E38"
PEOPLE = "people"
POPULATIONS = ("18-64", "65+", "85+")
CONDITION = ("dementia", "CFAS II (Matthews et al)")


@dataclass(frozen=True)
class Judged:
    """A projection and what came: areas made of parts, and where the parts' errors come from."""

    title: str
    expected: Headcount
    came: Headcount
    parts: pl.DataFrame
    outlook: Outlook


@dataclass(frozen=True)
class Data:
    """The folder of official files."""

    folder: Path

    def record(self) -> Headcount:
        """Mid-year estimates of councils, 2000 to 2011, the years of the file that were known in 2018."""
        people = self.table("population/ons_mye_2000_2018_lad_sya_sex.parquet")
        return _councils(people.filter(pl.col("period").cast(pl.Int64) <= CENSUS))

    def projection(self) -> Headcount:
        """The official projection of councils from 2018."""
        return _councils(self.table("population/ons_snpp2018_principal_2018_2043_lad_sya_sex.parquet"))

    def workbook(self, name: str) -> Headcount:
        """Mid-year estimates of councils in a workbook."""
        return _councils(self.table(f"population/{name}"))

    def health_areas(self, year: int) -> Headcount:
        """Estimates of sub-ICB locations by the census of 2021."""
        people = self.table("population/ons_sape_health_geographies_mid2021_mid2022_sicbl_icb_sya_sex.xlsx")
        chosen = (pl.col("geography") == "CCG 2021") & (pl.col("period") == str(year))
        return _counted(people.filter(chosen), SUB_ICB)

    def lookup(self) -> pl.DataFrame:
        """Small areas with council (2024), region, ICB, sub-ICB location, and the people of each age in mid-2020."""
        small = self.table("lookups/lsoa11_sicbl22_icb22_lad22.parquet").select("icb", "sub_icb", area_2011="area")
        later = self.table("lookups/lsoa11_lsoa21_lad22.parquet").unique("area_2011", keep="first", maintain_order=True)
        councils = self.table("lookups/lsoa21_ward24_lad24.parquet").select("area", "council")
        regions = self.table("lookups/lad24_region24.csv").select("region", council="area")
        people = self.table("population/ons_sape_mid2020_lsoa11_sya_persons.parquet")
        ages = people.pivot("age", index="area", values="people").rename({"area": "area_2011"})
        joined = small.join(later.select("area_2011", "area"), on="area_2011", maintain_order="left")
        joined = joined.join(councils.unique("area", keep="first", maintain_order=True), on="area")
        return joined.join(regions, on="council").join(ages, on="area_2011", maintain_order="left")

    def table(self, name: str) -> pl.DataFrame:
        """A file as `parity import` reads it: by the publication that knows files of such a name."""
        file = self.folder / name
        known = publication_of(file)
        assert known is not None, f"No publication has files such as {name}."
        _, frame = read_edition(known, file)
        codes = [code for code, kind in frame.schema.items() if kind == pl.Categorical]
        return frame.with_columns(pl.col(codes).cast(pl.String))


def _councils(people: pl.DataFrame) -> Headcount:
    return _counted(people, COUNCIL)


def _counted(people: pl.DataFrame, kind: str) -> Headcount:
    """The people of areas whose code is of this kind."""
    return headcount(people.filter(pl.col("area").str.contains(kind)))


def places_of(lookup: pl.DataFrame) -> pl.DataFrame:
    """Each council with its region and, as its neighbours, the ICB in which most of its small areas lie."""
    return (
        lookup.group_by("council", "region", "icb")
        .len()
        .sort("len", "icb", descending=True)
        .unique("council", keep="first")
        .select(area="council", region="region", neighbours="icb")
    )


def learn(data: Data) -> ProjectionError:
    """The model of projection errors that the record of 2000 to 2011 shows."""
    return learnt(data.record(), places=places_of(data.lookup()), revised_little=councils_revised_little())


def outlook_of(people: Headcount, places: pl.DataFrame, *, base: int, census: int) -> Outlook:
    """Councils and what their errors are made of; their size is that of the population's first year."""
    size = pl.DataFrame({"area": people.areas, "people": people.people[:, 0].sum(axis=1)})
    places = places.join(size, on="area").with_columns(council=pl.col("area"))
    return Outlook(error_from(projection_errors()), base, census, places)


def kept_areas(people: Headcount, areas: list[str]) -> Headcount:
    return Headcount(tuple(areas), people.periods, people.people[[people.areas.index(area) for area in areas]])


def carried_on(before: Headcount, after: Headcount, periods: tuple[str, ...]) -> Headcount:
    """People of councils in later years: each cohort goes on changing as it did between two estimates.

    A cohort's change over the years between the two is taken to the power of the years to come over those years; the
    youngest, born later, are as many as in the later estimate.
    """
    first, last = int(before.periods[0]), int(after.periods[0])
    between, oldest = last - first, AGES - 1
    early, late = (each.people.reshape(-1, len(SEXES), AGES) for each in (before, after))
    younger = late[:, :, between:oldest] / np.maximum(early[:, :, : oldest - between], 1)
    oldest_change = late[:, :, oldest] / np.maximum(early[:, :, oldest - between :].sum(axis=2), 1)
    change = np.concatenate([younger, np.repeat(oldest_change[:, :, None], between + 1, axis=2)], axis=2)
    years = []
    for period in periods:
        ahead = int(period) - last
        grown = late * change ** (ahead / between)
        people = late.copy()
        people[:, :, ahead:oldest] = grown[:, :, : oldest - ahead]
        people[:, :, oldest] = grown[:, :, oldest - ahead :].sum(axis=2)
        years.append(people.reshape(len(late), CELLS))
    return Headcount(after.areas, periods, np.stack(years, axis=1))


def projections(data: Data) -> dict[str, Headcount]:
    """Projections of councils made in 2018: the official one, and one from the workbooks of mid-2015 and mid-2018."""
    official = data.projection()
    before = data.workbook("ons_mye_mid2015.xls")
    after = data.workbook("ons_mye_mid2018.xls")
    common = [area for area in official.areas if area in before.areas and area in after.areas]
    simple = carried_on(kept_areas(before, common), kept_areas(after, common), ("2018", "2020", "2021", "2022"))
    return {"ONS projection of 2018": official, "Estimates of 2015 and 2018 carried on": simple}


def on_councils(data: Data, title: str, expected: Headcount) -> Judged:
    """A projection on the councils of mid-2020: estimates rolled forward from the same census as the projection's."""
    came = data.workbook("ons_mye_mid2020_ukpopestimatesmid2020on2021geography.xls")
    common = [area for area in expected.areas if area in came.areas]
    outlook = outlook_of(expected, places_of(data.lookup()), base=2018, census=2018)
    alone = pl.DataFrame({"area": common, "part": common})
    return Judged(f"{title}, councils mid-2020", expected, kept_areas(came, common), alone, outlook)


def on_health_areas(data: Data, title: str, expected: Headcount, year: int) -> Judged:
    """A projection on the sub-ICB locations of a year whose estimates the census of 2021 revised.

    A council is split among them by where its people of each age lived in mid-2020. Sub-ICB locations with a part of a
    council that the projection does not have are left out.
    """
    ages = [str(age) for age in range(AGES)]
    lookup = data.lookup()
    pieces = lookup.group_by("council", "sub_icb", maintain_order=True).agg(pl.col(ages).sum())
    pieces = pieces.with_columns(pl.col(ages) / pl.col(ages).sum().over("council"))
    absent = pieces.filter(~pl.col("council").is_in(expected.areas))["sub_icb"]
    came = data.health_areas(year)
    kept = pl.col("sub_icb").is_in(came.areas) & ~pl.col("sub_icb").is_in(absent.to_list())
    pieces = pieces.with_columns(area=pl.col("council") + "|" + pl.col("sub_icb")).filter(kept)
    council = [expected.areas.index(area) for area in pieces["council"]]
    share = np.tile(pieces.select(ages).fill_nan(0).to_numpy(), len(SEXES))
    split = Headcount(tuple(pieces["area"]), expected.periods, expected.people[council] * share[:, None])
    outlook = outlook_of(expected, places_of(lookup), base=2018, census=CENSUS)
    places = pieces.select("area", "council").join(outlook.places.drop("area"), on="council")
    parts = pieces.select(area="sub_icb", part="area")
    common = parts["area"].unique(maintain_order=True).to_list()
    outlook = replace(outlook, places=places)
    return Judged(f"{title}, sub-ICBs mid-{year}", split, kept_areas(came, common), parts, outlook)


def certain_rates() -> Rates:
    """Populations as conditions of rate 1, and one condition whose rates are held at their point."""
    people = pl.DataFrame({"condition": PEOPLE, "source": POPULATIONS, "age_band": POPULATIONS, "sex": "all"})
    people = people.with_columns(
        share=1.0, low=1.0, high=1.0, interval=pl.lit(RANGE), effective_people=pl.lit(None, pl.Float64)
    )
    one = projectable(reference_rates()).filter(condition=CONDITION[0], source=CONDITION[1])
    one = one.with_columns(low="share", high="share", interval=pl.lit(RANGE)).select(people.columns)
    return rates_for(pl.concat([people, one]), aged_95=shares_aged_95())


def coverage(judged: Judged) -> pl.DataFrame:
    """What was projected, share of areas (0–1) whose 80% and 95% band held what came, and the median half-width."""
    rates, year = certain_rates(), judged.came.periods[0]
    place = judged.expected.periods.index(year)
    expected = replace(judged.expected, periods=(year,), people=judged.expected.people[:, place : place + 1])
    bands = need_intervals(expected, rates, simulation=Simulation(CHANCE, outlook=judged.outlook), parts=judged.parts)
    came = need_in_total(judged.came, rates).select("area", "condition", "source", came="value")
    joined = bands.join(came, on=["area", "condition", "source"])
    held = {level: pl.col("came").is_between(f"lower_{level}", f"upper_{level}").mean() for level in (80, 95)}
    width = ((pl.col("upper_95") - pl.col("lower_95")) / 2 / pl.col("value")).median()
    error = (pl.col("came").sum() / pl.col("value").sum()).log()
    found = joined.group_by("condition", "source", maintain_order=True).agg(
        pl.len().alias("areas"), held_80=held[80], held_95=held[95], half_width_95=width, error_of_all=error
    )
    return found.select(pl.lit(judged.title).alias("judged"), pl.all())


def backtests(data: Data) -> pl.DataFrame:
    """Coverage of every projection judged."""
    made = []
    for title, expected in projections(data).items():
        made.append(on_councils(data, title, expected))
        made += [on_health_areas(data, title, expected, year) for year in (2021, 2022)]
    return pl.concat([coverage(judged) for judged in made])


def main() -> None:
    """Print the model learnt, whether it is the one that is shipped, and the coverage of every band."""
    data = Data(Path(os.environ["PARITY_DATA"]))
    numbers = numbers_of(learn(data))
    print("learnt as shipped:", numbers.with_columns(pl.col("value").round(5)).equals(projection_errors()))
    for name, rows in numbers.group_by("name", maintain_order=True):
        print(f"{name[0]:15}", *(f"{value:8.4f}" for value in rows["value"]))
    print("judged | of | areas | in the 80% band | in the 95% band | half-width of it | error over all areas")
    for judged, what, source, areas, *shares in backtests(data).iter_rows():
        of = source if what == PEOPLE else f"{what}, {source}"
        print(" | ".join((judged, of, str(areas), *(f"{share:.1%}" for share in shares))))


if __name__ == "__main__":
    main()
