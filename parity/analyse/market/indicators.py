"""Figures of the market: who holds what there is, how much stands outside the council and the NHS, how few hold it.

A market is a type of service and a measure, such as “Day centres, places”. Services that a source gives only as a whole
are in none.
"""

import polars as pl

from parity.analyse.care_returns import COST, HEADS, SUPPORTS, body_today
from parity.analyse.directory import SERVICE, UNSTATED, counted
from parity.analyse.spend_lines import STATEMENT, one_basis
from parity.methods.columns import divide, total, why_not_divided
from parity.methods.money import concentration, concentration_band, share_of_total
from parity.terms.assumption import Assumption
from parity.terms.indicator import READ_FROM, indicator
from parity.terms.units import Unit, write_number

MARKET = ("area", "period", "market")
WHOLE = "all"
INSIDE = ("in-house", "NHS")
NOBODY = ("all", "not stated", "in-house", "independent", "voluntary", "NHS", "other", "to be awarded")
"""Words in the column of providers of the table spend that say what kind of provider it is, and not who."""
OTHERS = ("bought from others", "grants to voluntary organisations")
"""Kinds of provider outside the council, of those that its return tells."""
WEEKS_BOUGHT = "provision by others"
"""The return’s words for weeks of care in homes that the council does not give itself."""
DECIMALS = 6
"""Of an index: what lies beyond comes from arithmetic, and must not carry it over a limit."""
UNNAMED = "The directory does not name the providers of all that there is."
UNSORTED = "The directory does not say of all that there is which kind of provider holds it."


@indicator(
    rows="A46",
    title="Services of a kind of provider",
    unit=Unit.COUNT,
    numerator="Services in the directory that are open, or closed for a time",
    formula="number of services",
    purpose="See who runs services: the council itself, the NHS, or others",
    dimensions=("provider_kind",),
)
def services_by_provider_kind(service_directory: pl.DataFrame) -> pl.DataFrame:
    """Services in use by kind of provider, by the area they serve."""
    return counted(service_directory, "provider_kind")


@indicator(
    rows="A46",
    title="Share of a market that a provider holds",
    unit=Unit.SHARE,
    numerator="Beds, places, caseload or staff of the provider's services",
    denominator="Those of all services of the type",
    formula="provider ÷ all services of the type that are given one by one",
    purpose="See on whom people depend",
    dimensions=("market", "provider"),
)
def market_share(services: pl.DataFrame, service_directory: pl.DataFrame) -> pl.DataFrame:
    """Each provider's share of every market of which the directory names one; what it does not name stands together."""
    held = _held(services, service_directory).filter(pl.col("provider").is_not_null().any().over(*MARKET))
    named = held.with_columns(pl.col("provider").fill_null(UNSTATED))
    sums = named.group_by(*MARKET, "provider", maintain_order=True).agg(held=total("value"))
    whole = total("held").over(*MARKET)
    why = why_not_divided("held", whole, whole_name="sum of the services")
    return sums.select(*MARKET, "provider", why, value=share_of_total("held", within=MARKET))


@indicator(
    rows="A46",
    title="Concentration of a market (Herfindahl-Hirschman index)",
    unit=Unit.COUNT,
    numerator="Squares of the providers' shares in per cent",
    formula="Σ (share in per cent)²; 10,000 where one provider holds everything",
    purpose="See where a market hangs on few providers",
    dimensions=("market",),
)
def market_concentration(
    services: pl.DataFrame,
    service_directory: pl.DataFrame,
    hhi_concentrated: Assumption,
    hhi_high: Assumption,
) -> pl.DataFrame:
    """The index of every market of which all providers are named; the note says what it is called."""
    shares = market_share(services, service_directory)
    sums = shares.group_by(*MARKET, maintain_order=True).agg(
        value=pl.when((pl.col("provider") != UNSTATED).all()).then(concentration("value"))
    )
    return sums.with_columns(
        missing=pl.when(pl.col("value").is_null()).then(pl.lit(UNNAMED)),
        note=_band(hhi_concentrated, hhi_high),
    )


@indicator(
    rows="A46",
    title="Share of a market outside the council and the NHS",
    unit=Unit.SHARE,
    numerator="Beds, places, caseload or staff of services that are neither in-house nor the NHS's",
    denominator="Those of all services of the type",
    formula="outside ÷ all services of the type that are given one by one",
    purpose="Know how much of what there is a market holds",
    dimensions=("market",),
)
def external_capacity_share(services: pl.DataFrame, service_directory: pl.DataFrame) -> pl.DataFrame:
    """The outside share of every market that the directory sorts; missing where it does not sort all of it."""
    held = _held(services, service_directory)
    kind = pl.col("provider_kind")
    marked = held.filter(kind.is_not_null().any().over(*MARKET)).with_columns(
        outside=pl.when(kind.is_in(INSIDE)).then(0.0).when(kind.is_not_null()).then("value")
    )
    sums = marked.group_by(*MARKET, maintain_order=True).agg(outside=total("outside"), whole=total("value"))
    why = why_not_divided("outside", "whole", whole_name="sum of the services")
    return sums.select(
        *MARKET,
        value=divide("outside", "whole"),
        missing=pl.when(pl.col("outside").is_null()).then(pl.lit(UNSORTED)).otherwise(why),
    )


@indicator(
    rows="A46",
    title="Concentration of spending (Herfindahl-Hirschman index)",
    unit=Unit.COUNT,
    numerator="Squares of the providers' shares of spending on a service in per cent",
    formula="Σ (share in per cent)²; 10,000 where one provider gets everything",
    purpose="See where the money for a service goes to few",
    dimensions=("statement", "service"),
)
def spend_concentration(
    spend: pl.DataFrame,
    hhi_concentrated: Assumption,
    hhi_high: Assumption,
) -> pl.DataFrame:
    """The index of every service whose lines all name who provides it, and not only of which kind they are."""
    line = (*STATEMENT, "service")
    named = spend.filter(~pl.col("provider").is_in(NOBODY).any().over(*line))
    sums = named.group_by(*line, "provider", maintain_order=True).agg(amount=total("amount_gbp"), basis=one_basis())
    shares = sums.with_columns(share=share_of_total("amount", within=line))
    index = shares.group_by(*line, maintain_order=True).agg(one_basis(), value=concentration("share"))
    nothing = pl.lit("Nothing is spent on it in sum.")
    return index.with_columns(
        missing=pl.when(pl.col("value").is_null()).then(nothing),
        note=_band(hhi_concentrated, hhi_high),
    )


@indicator(
    rows="A34 A46",
    title="Share of council’s spending on social care by who gives it",
    unit=Unit.SHARE,
    numerator="Pounds paid for what the kind of provider gives, before all income",
    denominator="Pounds paid for all services to these people",
    formula="kind of provider ÷ in-house, bought from others, and grants together",
    purpose="See how much the council gives itself, buys, and supports by grants",
    dimensions=("people", "provider_kind"),
)
def care_provider_share(care_providers: pl.DataFrame) -> pl.DataFrame:
    """Each kind of provider's share of what was spent on the people of one reason and age."""
    whole = total("amount_gbp").over(HEADS)
    return care_providers.select(
        *HEADS,
        "provider_kind",
        READ_FROM,
        why_not_divided("amount_gbp", whole, whole_name="spending on these people"),
        basis=pl.lit(COST),
        value=share_of_total("amount_gbp", within=HEADS),
    )


@indicator(
    rows="A34 A46",
    title="Share of council’s spending on social care with outside providers",
    unit=Unit.SHARE,
    numerator="Pounds for what is bought from others, and grants to voluntary organisations, before all income",
    denominator="Pounds paid for all services to these people",
    formula="(bought + grants) ÷ (in-house + bought + grants)",
    purpose="Know how much of the money a market holds, beside other councils",
    dimensions=("people",),
)
def care_outside_share(care_providers: pl.DataFrame) -> pl.DataFrame:
    """The outside share of the spending on the people of one reason and age."""
    sums = care_providers.group_by(*HEADS, READ_FROM, maintain_order=True).agg(
        outside=total(pl.col("amount_gbp").filter(pl.col("provider_kind").is_in(OTHERS))), whole=total("amount_gbp")
    )
    return sums.select(
        *HEADS,
        READ_FROM,
        why_not_divided("outside", "whole", whole_name="spending on these people"),
        basis=pl.lit(COST),
        value=divide("outside", "whole"),
    )


@indicator(
    rows="A46",
    title="Share of weeks of residential and nursing care that councils buy from others",
    unit=Unit.SHARE,
    numerator="Weeks provided by others",
    denominator="Weeks paid for, own provision and provision by others",
    formula="weeks by others ÷ all weeks",
    purpose="Know how far care in homes hangs on a market",
    dimensions=("people",),
)
def care_weeks_outside_share(asc_activity: pl.DataFrame) -> pl.DataFrame:
    """The share bought, by reason and age; residential and nursing care together."""
    reason = pl.col("reason").str.to_lowercase()
    weeks = asc_activity.filter(
        pl.col("unit") == "weeks", reason.is_in(SUPPORTS), pl.col("age").is_in(["18 to 64", "65 and over"])
    ).with_columns(area=body_today("area"), people=pl.format("{}, {}", reason, "age"))
    bought = pl.col("value").filter(pl.col("provision") == WEEKS_BOUGHT)
    sums = weeks.group_by(HEADS, maintain_order=True).agg(bought=total(bought), whole=total("value"))
    return sums.select(
        *HEADS,
        why_not_divided("bought", "whole", part_name="number of weeks bought", whole_name="number of weeks"),
        value=divide("bought", "whole"),
    )


def _held(services: pl.DataFrame, directory: pl.DataFrame) -> pl.DataFrame:
    """What each service holds, with its market, and its provider and kind of provider where the directory tells."""
    known = directory.select(*SERVICE, "provider", "provider_kind")
    each = services.filter(pl.col("service") != WHOLE)
    joined = each.join(known, on=list(SERVICE), how="left", maintain_order="left")
    counted_in = pl.col("measure").replace("wte", "staff (WTE)").str.replace("^wte (.+)$", "$1 (WTE)")
    return joined.with_columns(market=pl.format("{}, {}", "service_type", counted_in))


def _band(concentrated: Assumption, high: Assumption) -> pl.Expr:
    """What the index in the column `value` is called, with the limits, as a note; null where there is none."""
    level = pl.col("value").round(DECIMALS)
    band = concentration_band(level, concentrated=concentrated.value, high=high.value)
    limits = " and ".join(write_number(limit.value) for limit in (concentrated, high))
    return pl.format("A market that is {}: the limits are {}.", band, pl.lit(limits))
