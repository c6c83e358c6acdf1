"""Figures of supply: what services hold, for how many weighted people, and how far that is from a benchmark."""

import polars as pl

from parity.analyse.comparators import area_name
from parity.analyse.directory import counted
from parity.analyse.labels import both_notes
from parity.analyse.weighted import (
    NO_POPULATION,
    PER_HUNDRED_THOUSAND,
    latest_populations,
    no_services,
    solved_populations,
    weighted_populations,
)
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.comparison import gap_to_benchmark
from parity.methods.intervals import crude_rate_interval
from parity.methods.population import expected_cases, rate
from parity.terms.assumption import Assumption
from parity.terms.indicator import indicator
from parity.terms.units import Unit

LINE = ("service_type", "measure")
KEY = ("area", "period", *LINE)
WHOLE = "all"
"""The service that stands for its whole type, and the ending of a benchmark's measure that covers all services."""
STAFF = "wte"
"""The measure of staff of all roles; that of one role is written behind it, as in `wte nurse`."""
PEOPLE = ("caseload",)
"""The measures that count people. Beds, places and posts are what there is: chance has no part in them."""
INTERVAL = "of counts of people alone, Poisson: exact under 10, Byar from 10"
NO_PEOPLE = "The population of working age is not known for this area."


@indicator(
    rows="A27 A28",
    title="Services of a type",
    unit=Unit.COUNT,
    numerator="Services in the directory that are open, or closed for a time",
    formula="number of services",
    purpose="See what an area has and what it lacks, beside others",
    dimensions=("service_type",),
)
def services_by_type(service_directory: pl.DataFrame) -> pl.DataFrame:
    """Services in use of each type, by the area they serve."""
    return counted(service_directory, "service_type")


@indicator(
    rows="A27 A28",
    title="Services of a tier",
    unit=Unit.COUNT,
    numerator="Services in the directory that are open, or closed for a time",
    formula="number of services",
    purpose="See how services are spread from what is open to everyone to the most intensive care",
    dimensions=("tier",),
)
def services_by_tier(service_directory: pl.DataFrame) -> pl.DataFrame:
    """Services in use of each tier or step of stepped care, by the area they serve."""
    return counted(service_directory, "tier")


@indicator(
    rows="A27 A28",
    title="Services for a client group",
    unit=Unit.COUNT,
    numerator="Services in the directory that are open, or closed for a time",
    formula="number of services",
    purpose="See for whom there is nothing",
    dimensions=("client_group",),
)
def services_by_client_group(service_directory: pl.DataFrame) -> pl.DataFrame:
    """Services in use for each client group, by the area they serve."""
    return counted(service_directory, "client_group")


@indicator(
    rows="A28",
    title="What services hold",
    unit=Unit.NUMBER,
    numerator="Beds, places, caseload or staff, in the measure's own unit",
    formula="sum over services; where the source gives the type as a whole, that figure alone",
    purpose="Map what there is",
    dimensions=LINE,
)
def service_capacity(services: pl.DataFrame) -> pl.DataFrame:
    """The sum over the services of a type, by measure."""
    whole = pl.col("value") == pl.col("value").round()
    return _capacity(services).with_columns(_unit(pl.when(whole).then(pl.lit("count")).otherwise(pl.lit("number"))))


@indicator(
    rows="A29 A32",
    title="Population weighted by need implied by the service map",
    unit=Unit.PEOPLE,
    numerator="Counts of the rows that print a rate as well",
    denominator="Their rates per 100,000 weighted people",
    formula="the population for which the printed counts and rates agree best",
    purpose="Recover the denominator that a published service map used but does not print",
)
def weighted_population_implied(services: pl.DataFrame) -> pl.DataFrame:
    """The population solved from the table's own rows, in whole people."""
    return solved_populations(services).rename({"weighted": "value"})


@indicator(
    rows="A29",
    title="What services hold per 100,000 weighted people",
    unit=Unit.RATE_PER_100K_WEIGHTED,
    numerator="Beds, places, caseload or staff",
    denominator="Population weighted by need",
    multiplier="100,000",
    formula="capacity ÷ weighted population × 100,000",
    purpose="Compare supply between places of different size and need",
    dimensions=LINE,
    interval=INTERVAL,
)
def service_rate(
    services: pl.DataFrame,
    confidence_level: Assumption,
    population: pl.DataFrame | None = None,
    need_index: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Capacity over the weighted population; the note says which population, or that it was solved from the table."""
    weighted = weighted_populations(services, services, population, need_index)
    return _with_limits(_rated(_capacity(services), weighted), confidence_level.value)


@indicator(
    rows="A28 A29",
    title="What services hold per 100,000 people",
    unit=Unit.RATE_PER_100K,
    numerator="Beds, places, caseload or staff",
    denominator="Population of working age, not weighted",
    multiplier="100,000",
    formula="capacity ÷ population × 100,000",
    purpose="See what weighting by need changes",
    dimensions=LINE,
    interval=INTERVAL,
)
def service_rate_unweighted(
    services: pl.DataFrame, confidence_level: Assumption, population: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Capacity over the people of working age of the latest year; the note says which."""
    people = latest_populations(services, population).rename({"people": "weighted"})
    rated = _rated(_capacity(services), people, unknown=NO_PEOPLE)
    return _with_limits(rated, confidence_level.value)


@indicator(
    rows="A29",
    title="What services hold per 100,000 weighted people, as stated",
    unit=Unit.RATE_PER_100K_WEIGHTED,
    numerator="Beds, places, caseload or staff",
    denominator="Population weighted by need",
    multiplier="100,000",
    formula="as stated by the source",
    purpose="Hold the published rates of the area and of benchmarks",
    dimensions=LINE,
)
def service_rate_stated(service_rates: pl.DataFrame) -> pl.DataFrame:
    """The rates as the source states them, of the area and of those it is compared with."""
    return service_rates.select(*KEY, "note", value="rate_per_100k_weighted")


@indicator(
    rows="A29",
    title="Supply as a share of the benchmark",
    unit=Unit.SHARE,
    numerator="The area's rate per 100,000 weighted people",
    denominator="The benchmark's rate",
    formula="rate ÷ benchmark; the stated rate where there is one",
    purpose="See at a glance what falls short",
    dimensions=LINE,
)
def service_share_of_benchmark(
    service_rates: pl.DataFrame,
    comparators: pl.DataFrame,
    services: pl.DataFrame | None = None,
    population: pl.DataFrame | None = None,
    need_index: pl.DataFrame | None = None,
    areas: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Own rate over the benchmark's, for every line the benchmark states."""
    own = _own_rates(service_rates, services, population, need_index)
    beside = own.join(_benchmarks(service_rates, comparators, areas), on=KEY, maintain_order="left")
    return beside.select(
        *KEY,
        why_not_divided("rate", "benchmark", part_name="area's rate", whole_name="benchmark"),
        note=both_notes(pl.col("note"), pl.col("benchmark_note")),
        value=divide("rate", "benchmark"),
    )


@indicator(
    rows="A30 B7",
    title="Gap to the benchmark, in beds, places or posts",
    unit=Unit.NUMBER,
    numerator="(Benchmark − own rate) × weighted population",
    denominator="100,000",
    formula="(benchmark − rate) ÷ 100,000 × weighted population; negative where there is more than the benchmark",
    purpose="Turn a difference of rates into what would have to be opened or hired",
    dimensions=LINE,
)
def service_gap(
    service_rates: pl.DataFrame,
    comparators: pl.DataFrame,
    services: pl.DataFrame | None = None,
    population: pl.DataFrame | None = None,
    need_index: pl.DataFrame | None = None,
    areas: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Units short of the benchmark, in the measure's own unit; people counted in services have a gap of their own."""
    own = _own_rates(service_rates, services, population, need_index).filter(~_counts_people())
    beside = own.join(_benchmarks(service_rates, comparators, areas), on=KEY, maintain_order="left")
    gap = gap_to_benchmark("rate", "benchmark", "weighted", per=PER_HUNDRED_THOUSAND)
    return beside.select(
        *KEY,
        _unit(pl.lit("number")),
        note=both_notes(pl.col("note"), pl.col("benchmark_note")),
        value=gap,
        missing=pl.when(gap.is_null()).then(pl.lit(NO_POPULATION)),
    )


@indicator(
    rows="A30 B7",
    title="Gap to the benchmark, in people seen",
    unit=Unit.NUMBER,
    numerator="(Benchmark − own rate) × weighted population",
    denominator="100,000",
    formula="(benchmark − rate) ÷ 100,000 × weighted population; negative where more are seen than at the benchmark",
    purpose="Tell how many more people would have to be seen, and whether chance alone could explain the difference",
    dimensions=LINE,
    interval=f"{INTERVAL}; the benchmark is taken as it is stated",
)
def service_gap_in_people(
    services: pl.DataFrame,
    service_rates: pl.DataFrame,
    comparators: pl.DataFrame,
    confidence_level: Assumption,
    population: pl.DataFrame | None = None,
    need_index: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """People short of the benchmark, of measures that count people. An interval on both sides of 0 shows no gap."""
    own = _own_rates(service_rates, services, population, need_index).filter(_counts_people())
    beside = own.join(_benchmarks(service_rates, comparators, None), on=KEY, maintain_order="left")
    limits = crude_rate_interval("held", "weighted", per=PER_HUNDRED_THOUSAND, confidence=confidence_level.value)
    low, high = (limit.alias(name) for limit, name in zip(limits, ("rate_low", "rate_high"), strict=True))
    # The lower limit of the gap is that of the upper limit of the rate.
    ends = (("rate", "value"), ("rate_high", "lower"), ("rate_low", "upper"))
    gaps = [
        gap_to_benchmark(rate_, "benchmark", "weighted", per=PER_HUNDRED_THOUSAND).alias(name) for rate_, name in ends
    ]
    return beside.with_columns(low, high).select(*KEY, *gaps, "note")


@indicator(
    rows="A29",
    title="What a stated rate implies services hold",
    unit=Unit.NUMBER,
    numerator="Stated rate × weighted population",
    denominator="100,000",
    formula="rate ÷ 100,000 × weighted population",
    purpose="Check a published rate: whole or half posts confirm its unit",
    dimensions=LINE,
)
def implied_capacity(
    service_rates: pl.DataFrame,
    services: pl.DataFrame | None = None,
    population: pl.DataFrame | None = None,
    need_index: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Stated rate times weighted population, for the areas whose weighted population is known."""
    weighted = weighted_populations(service_rates, _or_none(services), population, need_index).drop_nulls("weighted")
    joined = service_rates.join(weighted, on=["area", "period"], suffix="_weighted", maintain_order="left")
    return joined.select(
        *KEY,
        _unit(pl.lit("number")),
        note=both_notes(pl.col("note"), pl.col("note_weighted")),
        value=expected_cases("weighted", "rate_per_100k_weighted", per=PER_HUNDRED_THOUSAND),
    )


def _counts_people() -> pl.Expr:
    """True where what is held is a whole number of people that was counted, and not a rate that a source states."""
    of_people = pl.col("measure").str.split(", ").list.first().is_in(PEOPLE)
    return (of_people & (pl.col("held") == pl.col("held").round())).fill_null(value=False)


def _unit(other: pl.Expr) -> pl.Expr:
    """The unit of a row: whole-time equivalents for staff, else the one given."""
    staff = pl.col("measure").str.split(", ").list.first().str.split(" ").list.first() == STAFF
    return pl.when(staff).then(pl.lit("wte")).otherwise(other).alias("unit")


def _capacity(services: pl.DataFrame) -> pl.DataFrame:
    """The sum over services by type and measure; the row of the type as a whole stands alone where there is one."""
    whole = pl.col("service") == WHOLE
    kept = services.filter(whole | ~whole.any().over(*KEY))
    return kept.group_by(*KEY, maintain_order=True).agg(value=total("value"))


def _parts(services: pl.DataFrame) -> pl.DataFrame:
    """Capacity under every name a benchmark may use: “places”, “places, all” and, for one service, “places, nhs”."""
    sums = _capacity(services)
    everything = sums.with_columns(measure=pl.format("{}, {}", "measure", pl.lit(WHOLE)))
    named = services.filter(pl.col("service") != WHOLE).select(
        *KEY[:3], pl.format("{}, {}", "measure", pl.col("service").str.to_lowercase()).alias("measure"), "value"
    )
    return pl.concat([sums, everything, named]).unique(KEY, keep="first", maintain_order=True)


def _rated(capacity: pl.DataFrame, weighted: pl.DataFrame, *, unknown: str = NO_POPULATION) -> pl.DataFrame:
    """Capacity (held) and what it is per 100,000 weighted people, with them, a note, and a reason where missing."""
    joined = capacity.rename({"value": "held"}).join(weighted, on=["area", "period"], maintain_order="left")
    return joined.with_columns(
        value=rate("held", "weighted", per=PER_HUNDRED_THOUSAND),
        missing=pl.when(pl.col("weighted").is_null()).then(pl.lit(unknown)),
    )


def _with_limits(rated: pl.DataFrame, confidence: float) -> pl.DataFrame:
    """The rates, those of counts of people with their interval."""
    people = pl.when(pl.col("measure").is_in(PEOPLE) & (pl.col("held") == pl.col("held").round())).then("held")
    limits = crude_rate_interval(people, "weighted", per=PER_HUNDRED_THOUSAND, confidence=confidence)
    return rated.select(*KEY, "value", *limits, "missing", "note")


def _own_rates(
    service_rates: pl.DataFrame,
    services: pl.DataFrame | None,
    population: pl.DataFrame | None,
    need_index: pl.DataFrame | None,
) -> pl.DataFrame:
    """The rate of every line, stated or else counted (then what is held too), the weighted population and the note."""
    given = _or_none(services)
    places = pl.concat([table.select("area", "period") for table in (service_rates, given)])
    weighted = weighted_populations(places, given, population, need_index)
    stated = service_rates.select(*KEY, rate="rate_per_100k_weighted").join(
        weighted, on=["area", "period"], maintain_order="left"
    )
    counted = _rated(_parts(given), weighted).drop_nulls("value")
    columns = [*KEY, "rate", "weighted", "note", "held"]
    stated = stated.with_columns(held=pl.lit(None, dtype=pl.Float64))
    both = pl.concat([stated.select(columns), counted.rename({"value": "rate"}).select(columns)])
    return both.unique(KEY, keep="first", maintain_order=True)


def _benchmarks(service_rates: pl.DataFrame, comparators: pl.DataFrame, areas: pl.DataFrame | None) -> pl.DataFrame:
    """The benchmark of every line: the mean of the comparators for supply that state it, named in benchmark_note."""
    pairs = comparators.filter(pl.col("use") == "supply").select("area", "comparator")
    theirs = service_rates.select(pl.col("area").alias("comparator"), *KEY[1:], "rate_per_100k_weighted")
    named = pairs.join(theirs, on="comparator", maintain_order="left_right").with_columns(
        name=area_name("comparator", areas)
    )
    return named.group_by(*KEY, maintain_order=True).agg(
        benchmark=pl.col("rate_per_100k_weighted").mean(),
        benchmark_note=pl.format("Benchmark: {}.", pl.col("name").str.join(", ")),
    )


def _or_none(services: pl.DataFrame | None) -> pl.DataFrame:
    return no_services() if services is None else services
