"""Figures of older people: depression by simple rules, forecasts and their change, expected cases by age band."""

import re
from collections.abc import Iterable
from functools import partial

import polars as pl

from parity.analyse.changes import beside_first
from parity.analyse.people import AGED_65_PLUS, people_of
from parity.methods.columns import divide, why_not_divided
from parity.methods.comparison import absolute_change, relative_change
from parity.methods.population import expected_cases, expected_range
from parity.methods.projection import expected_by_band
from parity.terms.assumption import Assumption, Confidence
from parity.terms.indicator import indicator
from parity.terms.units import Unit

PER_HUNDRED_THOUSAND = 100_000
SERIES = ("area", "condition", "estimate_source")
FIRST_OF_THE_OLDER = 65
FLAT, RANGED = "{} of all", "{} to {} of all"
FLAT_SHARE = "depression_share_65plus$"
"""How the key of the fact ends in which a document states the one share of older people it takes to be depressed."""


@indicator(
    rows="A11",
    title="People aged 65 and over expected to be depressed, flat rate",
    unit=Unit.PEOPLE,
    numerator="People aged 65 and over × flat share",
    formula="population × share",
    purpose="Size services for older people by the simplest rule, beside rates by age",
)
def depression_65plus_flat(population: pl.DataFrame, depression_65plus_share: Assumption) -> pl.DataFrame:
    """Older people times the flat share. It overstates what rates by age and sex give."""
    cases = expected_cases("people", depression_65plus_share.value, per=1)
    return _older(population).select("area", "period", "note", value=cases)


@indicator(
    rows="A11",
    title="People aged 65 and over expected to be depressed, range",
    unit=Unit.PEOPLE,
    numerator="People aged 65 and over × share",
    formula="population × share; lower and upper are the ends of the range of shares, not a confidence interval",
    purpose="Show how wide the published range of depression in later life is",
    interval="range of the source's rates",
)
def depression_65plus_range(population: pl.DataFrame, depression_65plus_range: Assumption) -> pl.DataFrame:
    """Older people times the middle of the range of shares; its ends as lower and upper."""
    chosen = depression_65plus_range
    return _older(population).select(
        "area",
        "period",
        "note",
        *expected_range("people", pl.lit(chosen.low), pl.lit(chosen.high), per=1),
        value=expected_cases("people", chosen.value, per=1),
    )


@indicator(
    rows="A11",
    title="People aged 65 and over expected to be depressed, by simple rules",
    unit=Unit.PEOPLE,
    numerator="People aged 65 and over, as projected × share",
    formula="population × share; where the rule is a range, lower and upper are its ends and the value its middle",
    purpose="Set the rules of older strategies beside rates by age and sex",
    dimensions=("rule",),
    interval="range of the rule, where it is one",
)
def depression_by_simple_rule(
    local_population: pl.DataFrame, depression_65plus_share: Assumption, depression_65plus_range: Assumption
) -> pl.DataFrame:
    """Projected older people times each share. The rules overstate what rates by age and sex give."""
    older = local_population.filter(pl.col("age") >= FIRST_OF_THE_OLDER)
    people = older.group_by("area", "period", maintain_order=True).agg(pl.col("people").sum())
    flat, ranged = depression_65plus_share, depression_65plus_range
    share = partial(Unit.SHARE.write, places=0)
    rules = {
        FLAT.format(share(flat.value)): flat,
        RANGED.format(share(ranged.low or 0), share(ranged.high or 0)): ranged,
    }
    found = [
        people.select(
            "area",
            "period",
            *expected_range("people", pl.lit(rule.low, pl.Float64), pl.lit(rule.high, pl.Float64), per=1),
            value=expected_cases("people", rule.value, per=1),
            rule=pl.lit(words),
        )
        for words, rule in rules.items()
    ]
    return pl.concat(found)


@indicator(
    rows="A13 A14",
    title="People estimated to have a condition",
    unit=Unit.PEOPLE,
    numerator="People, as the named source estimates them",
    formula="as stated by the source",
    purpose="See how many people services must be ready for, and when",
    dimensions=("condition", "estimate_source"),
)
def people_forecast(prevalence_estimates: pl.DataFrame) -> pl.DataFrame:
    """The estimates as stated, each under the name of its source."""
    return prevalence_estimates.select("area", "period", "condition", "estimate_source", "note", value="people")


@indicator(
    rows="A14",
    title="Change in the number of people estimated to have a condition",
    unit=Unit.CHANGE,
    numerator="Estimate of the later period less that of the first",
    denominator="Estimate of the first period",
    formula="(later − first) ÷ first, within one source",
    purpose="See where need grows fastest",
    dimensions=("condition", "estimate_source"),
)
def forecast_change(prevalence_estimates: pl.DataFrame) -> pl.DataFrame:
    """Relative change from a source's first period to each later one."""
    changes = beside_first(prevalence_estimates, by=SERIES)
    return changes.select(
        *SERIES,
        "period",
        why_not_divided("people", "people_first", part_name="later estimate", whole_name="first estimate"),
        value=relative_change("people_first", "people"),
    )


@indicator(
    rows="A15",
    title="Difference between the sources that estimate the same people",
    unit=Unit.PEOPLE,
    numerator="Highest estimate less the lowest, of one condition in one area and period",
    formula="highest − lowest",
    purpose="Keep two projections of one number side by side instead of choosing silently",
    dimensions=("condition",),
)
def forecast_difference(prevalence_estimates: pl.DataFrame) -> pl.DataFrame:
    """How far the sources are apart, wherever two or more estimate the same; the note names the lowest and highest."""
    ordered = prevalence_estimates.sort("people", maintain_order=True)
    several = ordered.group_by("area", "period", "condition", maintain_order=True).agg(
        lowest=pl.col("people").first(),
        highest=pl.col("people").last(),
        low_source=pl.col("estimate_source").first(),
        high_source=pl.col("estimate_source").last(),
        sources=pl.len(),
    )
    words = "Lowest: {}; highest: {}. Each source has rates and a population of its own, so both are kept."
    return several.filter(pl.col("sources") > 1).select(
        "area",
        "period",
        "condition",
        note=pl.format(words, "low_source", "high_source"),
        value=absolute_change("lowest", "highest"),
    )


@indicator(
    rows="A11 A14",
    title="Population aged 65 and over implied by an estimate of depression",
    unit=Unit.PEOPLE,
    numerator="People estimated to be depressed",
    denominator="Share of older people the same document takes to be depressed",
    formula="estimate ÷ share",
    purpose="Find the population behind a table that does not print it",
    dimensions=("estimate_source",),
)
def population_65plus_implied(prevalence_estimates: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Estimates of depression over the flat share that their own document states in a fact `…depression_share_65plus`.

    Estimates of documents that state no such share were made in another way and imply no population.
    """
    stated = facts.filter(pl.col("fact").str.contains(FLAT_SHARE)).select("source", share="value")
    depressed = prevalence_estimates.filter(pl.col("condition") == "depression")
    return depressed.join(stated, on="source", maintain_order="left").select(
        "area",
        "period",
        "estimate_source",
        why_not_divided("people", "share", part_name="estimate", whole_name="stated share"),
        value=divide("people", "share"),
    )


@indicator(
    rows="A12 A13",
    title="People expected to have a condition, by age and sex",
    unit=Unit.PEOPLE,
    numerator="Sum over age bands and sexes of people × rate",
    denominator="100,000",
    formula="Σ people × rate per 100,000 ÷ 100,000",
    purpose="Estimate need from the age of a population, not from one flat share",
    dimensions=("condition", "rate_source"),
)
def cases_by_age_band(population_bands: pl.DataFrame, band_prevalence_rates: pl.DataFrame) -> pl.DataFrame:
    """Expected people for each set of rates, over the bands the set covers; `90+` of a set holds 90-94 and 95+."""
    people = population_bands.rename({"age_band": "band"})
    rates = band_prevalence_rates.rename({"age_band": "band", "rate_per_100k": "rate"})
    parts = [
        _cases(people, part.drop("source"), condition=str(condition), rate_source=str(source))
        for (condition, source), part in rates.group_by("condition", "rate_source", maintain_order=True)
    ]
    return pl.concat(parts) if parts else _no_cases()


def _older(population: pl.DataFrame) -> pl.DataFrame:
    """People aged 65 and over, one row for each area and period."""
    return people_of(population, AGED_65_PLUS).unique(["area", "period"], keep="first", maintain_order=True)


def _cases(people: pl.DataFrame, rates: pl.DataFrame, *, condition: str, rate_source: str) -> pl.DataFrame:
    """The expected people of one condition by one set of rates, with a note where a rate was not seen in its source."""
    bands = rates["band"].unique().to_list()
    merges = _merges(people["band"].unique(), bands)
    covered = people.with_columns(pl.col("band").replace(merges)).filter(pl.col("band").is_in(bands))
    unseen = (rates["confidence"] == Confidence.UNCHECKED.name.lower()).any()
    sentence = f"Rests on rates {Confidence.UNCHECKED.value}." if unseen else None
    return expected_by_band(covered, rates, per=PER_HUNDRED_THOUSAND).select(
        "area",
        "period",
        "value",
        "missing",
        condition=pl.lit(condition),
        rate_source=pl.lit(rate_source),
        note=pl.lit(sentence, dtype=pl.String),
    )


def _no_cases() -> pl.DataFrame:
    texts = dict.fromkeys(("area", "period", "missing", "condition", "rate_source", "note"), pl.String)
    return pl.DataFrame(schema={**texts, "value": pl.Float64})


def _merges(bands: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """The band of the rates that each band of the population belongs to, where the rates end in an open one (90+)."""
    starts = {band: int(found.group()) for band in bands if (found := re.match(r"\d+", band))}
    lowest = {band: int(band.removesuffix("+")) for band in wanted if re.fullmatch(r"\d+\+", band)}
    return {band: open_band for open_band, low in lowest.items() for band, start in starts.items() if start >= low}
