"""Tables of what councils return of adult social care: which body speaks for an area, its spending, and a head.

Amounts are on two bases: gross current expenditure, before what people pay themselves, and net of it. Both are after
income from the NHS and joint arrangements.
"""

import polars as pl

from parity.analyse.spend_standing import standing
from parity.methods.columns import divide, total
from parity.methods.population import INDEX_OF_AVERAGE, weighted_population
from parity.terms.areas import COUNCILS, ENGLAND
from parity.terms.assumption import Assumption
from parity.terms.basis import Basis
from parity.terms.derived import derived_table, read_from
from parity.terms.indicator import READ_FROM
from parity.terms.mergers import COUNTIES, MERGERS

GROSS, NET, COST = (basis.name.lower() for basis in (Basis.GROSS, Basis.NET, Basis.GROSS_TOTAL))
BASES = {"gross current expenditure": GROSS, "net current expenditure": NET}
ALL, EVERYTHING = "all", "all adult social care"
SUPPORTS = ("mental health support", "support with memory and cognition")
"""The reasons for support that are shown by age and service."""
AGES: dict[str, tuple[int, int]] = {"18 to 64": (18, 64), "65 and over": (65, 90), "all ages": (18, 90)}
"""First and last age of the people whom the spending is for; 90 stands for 90 and over."""
PROVIDERS = {
    "Gross total cost: own provision": "in-house",
    "Gross total cost: provision by others": "bought from others",
    "Gross total cost: grants to voluntary org": "grants to voluntary organisations",
}
"""The return’s words for who gives what is paid for, and ours."""
INCOME = "fairer charging income"
HEADS = ("area", "period", "people")
OF_COUNCIL = f"^({'|'.join(COUNCILS)})"
"""How the codes of councils begin."""
WHOLLY = {old: new for old, new in COUNTIES.items() if len(new) == 1}
DIVIDED = {old: new for old, new in COUNTIES.items() if old not in WHOLLY}
"""Counties that are one council today, whose figures are its own; and those of which several are, which stay apart."""


def body_today(code: str) -> pl.Expr:
    """The code of a body of an old return: that of today's council where it has the same area, else its own."""
    return pl.col(code).replace({old: new[0] for old, new in WHOLLY.items()})


@derived_table(words="Which bodies with social-care duties speak for each area, as of the returns", version=1)
def care_bodies(
    asc_expenditure: pl.DataFrame, council_counties: pl.DataFrame, place_pieces: pl.DataFrame
) -> pl.DataFrame:
    """Columns area and body: a council's own, a district's county, a health body's councils, else the old body."""
    returned = asc_expenditure.select(body=body_today("area")).unique(maintain_order=True)
    newest = council_counties.filter(pl.col("edition") == pl.col("edition").max())
    above = newest.select(council="area", body=pl.coalesce("county", "area")).join(returned, on="body", how="semi")
    gone = [(new, old) for old, several in DIVIDED.items() for new in several]
    merged = [(new, old) for new, several in MERGERS.items() for old in several if old.startswith("E06")]
    old = pl.DataFrame(gone + merged, schema={"council": pl.String, "body": pl.String}, orient="row")
    councils = pl.concat([above, old])
    parts = place_pieces.filter(pl.col("kind").is_in(["icb", "sub_icb"]))
    health = parts.select("area", council=pl.col("part").str.extract(r"^(\w+) ")).join(councils, on="council")
    found = [returned.select(area="body", body="body"), councils.rename({"council": "area"}), health]
    return pl.concat(part.select("area", "body") for part in found).unique(maintain_order=True).sort("area", "body")


@derived_table(words="What councils spent on adult social care by reason, age and service", version=2, by_area=True)
def care_lines(asc_expenditure: pl.DataFrame, pss_expenditure: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period, people (reason and age), service, basis and amount_gbp, of the returns of 2014/15 on.

    Sums by reason and of everything are those of the lines; England's of 2014/15 are those of its councils.
    """
    numbers = asc_expenditure.select("cassr", "area").drop_nulls().unique()
    rows = pl.concat([_later(asc_expenditure), _earlier(pss_expenditure, numbers)])
    shown = pl.col("reason").is_in(SUPPORTS) & (pl.col("age") != ALL)
    aged = rows.filter(shown).with_columns(people=pl.format("{}, {}", "reason", "age"))
    reasons = rows.with_columns(people=pl.format("{}, all ages", "reason"), service=pl.lit(ALL))
    levels = [
        aged,
        aged.with_columns(service=pl.lit(ALL)),
        reasons,
        reasons.with_columns(people=pl.lit(EVERYTHING)),
    ]
    keys = [*HEADS, "service", "basis"]
    sums = pl.concat(
        each.group_by(keys, maintain_order=True).agg(total("amount_gbp").alias("amount_gbp"), pl.col(READ_FROM).first())
        for each in levels
    )
    return sums.filter(~((pl.col("service") == INCOME) & (pl.col("amount_gbp") == 0)))


@derived_table(words="What councils paid for their own and for others’ services", version=1, by_area=True)
def care_providers(pss_expenditure: pl.DataFrame, asc_expenditure: pl.DataFrame) -> pl.DataFrame:
    """Columns area, period, people (reason and age), provider_kind, amount_gbp (before all income), of 2014/15.

    England is the sum of its councils.
    """
    numbers = asc_expenditure.select("cassr", "area").drop_nulls().unique()
    wanted = pss_expenditure.filter(
        pl.col("basis").is_in(list(PROVIDERS)),
        pl.col("support").is_in(["Long term", "Short term"]),
        pl.col("service") != "Total",
        pl.col("reason").str.to_lowercase().is_in(SUPPORTS),
    )
    lines = wanted.join(numbers, on="cassr", maintain_order="left").select(
        "period",
        read_from("pss_expenditure"),
        area=body_today("area"),
        people=pl.format("{}, {}", pl.col("reason").str.to_lowercase(), pl.col("age").str.strip_prefix("Age ")),
        provider_kind=pl.col("basis").replace_strict(PROVIDERS),
        amount_gbp="cost_gbp",
    )
    keys = [*HEADS, "provider_kind"]
    both = pl.concat([lines, lines.with_columns(area=pl.lit(ENGLAND))])
    return both.group_by(keys, maintain_order=True).agg(total("amount_gbp").alias("amount_gbp"), pl.first(READ_FROM))


def _later(table: pl.DataFrame) -> pl.DataFrame:
    """The lines of the returns since 2016/17; bands of age that are part of 65 and over are left out."""
    wanted = table.filter(pl.col("basis").is_in(list(BASES)), pl.col("age").is_in([ALL, *AGES]))
    named = (pl.when(pl.col(name) != "none").then(pl.col(name)) for name in ("setting", "purpose"))
    return wanted.select(
        "period",
        read_from("asc_expenditure"),
        "age",
        area=body_today("area"),
        reason=pl.col("reason").str.to_lowercase(),
        service=pl.coalesce(*named, pl.lit("other")).str.to_lowercase(),
        basis=pl.col("basis").replace_strict(BASES),
        amount_gbp="cost_gbp",
    )


def _earlier(table: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The lines of the return of 2014/15, without its totals, by the code that the later return gives each council."""
    basis = pl.col("basis").str.to_lowercase()
    supported = pl.col("support").is_in(["Long term", "Short term"]) & (pl.col("service") != "Total")
    sums = ("Total", "Adult Social Care", "Actual total net cost", "Income from Specific and Special Grants")
    other = (pl.col("support") == "Non Salt Totals") & (pl.col("age") == ALL) & (pl.col("service") == "Total")
    wanted = table.filter(basis.is_in(list(BASES)), ~pl.col("reason").is_in(sums), supported | other)
    lines = wanted.join(numbers, on="cassr", maintain_order="left").select(
        "period",
        read_from("pss_expenditure"),
        age=pl.col("age").str.strip_prefix("Age "),
        area=body_today("area"),
        reason=pl.col("reason").str.to_lowercase().str.replace(" / ", " or ", literal=True),
        service=pl.when(supported).then(pl.col("service").str.to_lowercase()).otherwise(pl.lit("other")),
        basis=basis.replace_strict(BASES),
        amount_gbp="cost_gbp",
    )
    return pl.concat([lines, lines.with_columns(area=pl.lit(ENGLAND))])


@derived_table(words="What councils spent a head, gross, and where each stands among them", version=3, by_area=True)
def care_heads(
    care_lines: pl.DataFrame,
    population_estimates: pl.DataFrame,
    council_groups: pl.DataFrame,
    local_deprivation: pl.DataFrame,
    outlier_reach: Assumption,
) -> pl.DataFrame:
    """Columns area, period, people, basis, amount_gbp, heads and weighted (of that age at the mid-year), and year.

    Heads are weighted by the share of people on a low income in the newest indices of deprivation. Quartiles, ranks
    and standing are among all councils whose people are known.
    """
    old = [(body, new) for body, several in DIVIDED.items() if not _shared(several) for new in several]
    apart = pl.DataFrame(old, schema={"area": pl.String, "council": pl.String}, orient="row")
    heads = _heads(population_estimates, pl.concat([council_groups.select("area", "council"), apart]))
    low = local_deprivation.filter(pl.col("domain") == "income").select("area", income="score")
    known = heads.join(low, on="area", how="left", maintain_order="left")
    england = pl.col("income").filter(pl.col("area") == ENGLAND).first()
    index = INDEX_OF_AVERAGE * divide("income", england)
    counted = known.with_columns(weighted=weighted_population("heads", index))
    amounts = care_lines.filter(pl.col("service") == ALL, pl.col("basis") == GROSS)
    aged = amounts.with_columns(
        age=pl.col("people").str.extract("(18 to 64|65 and over|all ages)").fill_null("all ages"),
        year=pl.col("period").str.extract(r"^(\d{4})"),
    )
    joined = aged.join(counted, on=["area", "year", "age"], how="left", maintain_order="left")
    of_council = pl.when(pl.col("area").str.contains(OF_COUNCIL)).then(divide("amount_gbp", "heads"))
    return joined.select(
        *(*HEADS, "basis", "amount_gbp", "age", "year", "heads", "weighted", READ_FROM),
        *standing(of_council, reach=outlier_reach.value, within=["period", "people"]),
        counted_from="counted_from",
    )


def _heads(estimates: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Columns area, year, age and heads at each mid-year that the estimates rebased on the census of 2021 hold."""
    rebased = estimates.filter(pl.col("edition").str.starts_with("rebased"), pl.col("area").is_in(groups["council"]))
    ages = [
        rebased.filter(pl.col("age").is_between(*ends))
        .group_by(council="area", year="period")
        .agg(pl.col("people").sum(), read_from("population_estimates").first(), age=pl.lit(name))
        for name, ends in AGES.items()
    ]
    met = groups.join(pl.concat(ages), on="council", maintain_order="left")
    return met.group_by("area", "year", "age", maintain_order=True).agg(
        heads=pl.col("people").sum(), counted_from=pl.col(READ_FROM).drop_nulls().first()
    )


@derived_table(words="Spending a head of each council beside that of every other", version=1, by_area=True)
def care_beside(care_heads: pl.DataFrame) -> pl.DataFrame:
    """Columns area, comparator (a code), period, people, amount_gbp, own and theirs (pounds a head), and both bases."""
    heads = care_heads.filter(pl.col("heads").is_not_null(), pl.col("people") != EVERYTHING).select(
        *HEADS, "basis", "amount_gbp", own=divide("amount_gbp", "heads")
    )
    others = heads.select("period", "people", comparator="area", theirs="own", their_basis="basis")
    beside = heads.join(others, on=["period", "people"], maintain_order="left")
    return beside.filter(pl.col("area") != pl.col("comparator"))


def _shared(councils: tuple[str, ...]) -> bool:
    """True where one of the councils of today holds a body besides this one."""
    return any(old.startswith("E06") for new in councils for old in MERGERS[new])
