"""A document with every kind of block, missing figures, intervals, caveats and awkward text."""

from dataclasses import replace
from datetime import date

from parity.documents.charts import Point, bar_chart, grouped_bar_chart, interval_chart, line_chart, stacked_bar_chart
from parity.documents.model import Bullets, Callout, Cell, Column, Document, Heading, Paragraph, Table
from parity.terms.areas import Area
from parity.terms.assumption import Assumption, Confidence
from parity.terms.figure import Figure
from parity.terms.indicator import Indicator
from parity.terms.polarity import Polarity
from parity.terms.release import Release
from parity.terms.units import Unit

AWKWARD = "Ward <b>\"7\"</b> & 'co' =1+1 🙂 {braces} #hash $x$ *star* _under_ @at \\back"
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3
NOT_COUNTED = "Nobody was counted in this area."


def indicator(key: str, title: str, unit: Unit, interval: str = "") -> Indicator:
    return Indicator(
        key=key, rows=("A1",), title=title, unit=unit, numerator="people", denominator="none", multiplier="1",
        polarity=Polarity.NEUTRAL, frequency="once per release", purpose="a test", formula="a / b", dimensions=(),
        interval=interval, basis=None, stage="analyse", topic="access", method="", tables=(), optional_tables=(),
        assumptions=(), function=len,
    )  # fmt: skip


def release(stem: str, illustrative: str = "") -> Release:
    return Release(stem, "leicester", "1a2b3c4d", "1a2b3c4d" * 8, "seed 000, table 4", "2026-01-02T03:04:05Z", 12,
                   illustrative)  # fmt: skip


RATE = indicator("rate", "Adults in treatment", Unit.RATE_PER_1K, "95% interval, Wilson")
SPEND = indicator("spend", "Spend on mental health", Unit.GBP)
SHARE = indicator("share", "Share of people recovered", Unit.SHARE, "95% interval, Wilson")
POINTS = indicator("change", "Change in share", Unit.POINTS)
PEOPLE = indicator("people", "People in contact", Unit.PEOPLE)

UNCHECKED = Assumption(
    "rate_x", "needs", "Rate of depression", 0.1, "share", date(2026, 1, 1), "a survey", Confidence.UNCHECKED
)


def figure(of: Indicator, area: str, value: float | None, period: str = "2025/26", **more: object) -> Figure:
    missing = None if value is not None else NOT_COUNTED
    made = Figure(
        indicator=of, scope="leicester", area=Area(area[:3].upper(), area, "ward"), period=period, where=(),
        value=value, missing=missing, releases=(release("treatment"),),
    )  # fmt: skip
    return replace(made, **more)


AREAS = ("Abbey", "Beaumont Leys", "Castle", "Eyres Monsell and the streets around the old hospital", AWKWARD)


def rates() -> list[Figure]:
    values = (41.25, 93.2, None, 12.0, 1234.5)
    found = [figure(RATE, area, value) for area, value in zip(AREAS, values, strict=True)]
    return [
        each if each.value is None else replace(each, lower=each.value * 0.9, upper=each.value * 1.1) for each in found
    ]


def spends() -> list[Figure]:
    illustrative = release("spend", "The seed gives no amount for this ward: this one is illustrative.")
    return [
        figure(SPEND, "Abbey", 1_250_000.0, basis="gross", price_year="2025/26"),
        figure(SPEND, "Beaumont Leys", -91_000.0, basis="net of income", price_year="2025/26"),
        figure(SPEND, "Castle", None, basis="gross", price_year="2025/26"),
        figure(SPEND, AREAS[3], 0.0, basis="gross", price_year="2025/26", releases=(illustrative,)),
        figure(SPEND, AWKWARD, 12_345_678.4, basis="gross", price_year="2025/26", assumptions=(UNCHECKED,)),
    ]


def wards() -> Table:
    rows = tuple((area, rate, spend) for area, rate, spend in zip(AREAS, rates(), spends(), strict=True))
    columns = (Column("Ward"), Column("Adults in treatment", numeric=True), Column("Spend", numeric=True))
    return Table("wards", "Treatment and spend by ward", columns, rows, ("Wards are those of 2023.",))


def long_table() -> Table:
    rows = tuple((f"Area {number}", figure(PEOPLE, f"Area {number}", number * 1000.0)) for number in range(1, 71))
    return Table(
        "areas", "People in contact by area", (Column("Area"), Column("People", numeric=True)), rows, bare=True
    )


def wide_table() -> Table:
    columns = (Column("Line"), *(Column(f"Year {year} of the plan", numeric=True) for year in range(1, 11)))
    row = tuple(figure(SPEND, "Abbey", 1_000_000.0 * year, period=str(2020 + year)) for year in range(1, 11))
    return Table("plan", "Spend in each year of the plan", columns, (("Community teams", *row), (LONG, *row)))


def charts() -> dict[str, object]:
    shares = [
        Point(area, figure(SHARE, area, value), name)
        for area, values in {"Abbey": (0.5, 0.3, 0.2), "Castle": (0.25, 0.65, 0.1), AWKWARD: (0.9, 0.06, 0.04)}.items()
        for name, value in zip(("Women", "Men", "Not stated"), values, strict=True)
    ]
    years = [
        Point(year, figure(RATE, name, value, year, lower=value and value - 3, upper=value and value + 3), name)
        for name, values in {
            "Leicester": (41.2, 43.0, 52.0),
            "England": (40.0, None, 51.0),
            "Rutland": (9.0, 8.0, 7.5),
        }.items()
        for year, value in zip(("2023/24", "2024/25", "2025/26"), values, strict=True)
    ]
    ranged = [Point(each.area.name, each) for each in rates()[:4]]
    spent = [Point(each.area.name, each) for each in spends()]
    return {
        "bar": bar_chart(spent, slug="spend-bar", title="Most is spent in one ward", labels="Ward"),
        "grouped": grouped_bar_chart(shares, slug="grouped", title="Recovery differs by sex", labels="Ward"),
        "stacked": stacked_bar_chart(shares, slug="stacked", title="Who recovered", labels="Ward"),
        "line": line_chart(years, slug="line", title="Treatment has grown", labels="Year"),
        "interval": interval_chart(
            ranged,
            slug="wards",
            title="Rates and their intervals",
            labels="Ward",
            reference=figure(RATE, "England", 30.0),
        ),
    }


def document() -> Document:
    known, spend = figure(SHARE, "Leicester", 0.45678, lower=0.44, upper=0.47), spends()[0]
    unknown = figure(POINTS, "Castle", None)
    change: tuple[Cell, ...] = ("The change was ", figure(POINTS, "Abbey", -0.034), " since the year before.")
    drawn = charts()
    return Document(
        title=f"Strategy for {AWKWARD}",
        subtitle="A joint strategy for mental health and wellbeing, 2025 to 2030",
        publisher="Leicester City Council & partners",
        facts=(("Status", "Draft for committee"), ("Version", "1.0")),
        blocks=(
            Heading("What we found"),
            Paragraph(("Of those treated, ", known, " recovered; spend was ", spend, ". ", AWKWARD)),
            Paragraph(change),
            Bullets((("Recovery again: ", known, "."), ("In Castle ", unknown, "."), (LONG,))),
            Bullets((("First",), ("Second",)), numbered=True),
            Callout("Read with care", ("Spend was ", spend, " before savings.")),
            Heading("By ward", 3),
            Paragraph(("The table lists every ward.",)),
            wards(),
            drawn["interval"],
            drawn["bar"],
            Heading("A detail", 4),
            Paragraph(("A paragraph under a small heading.",)),
            Heading("Over time"),
            drawn["line"],
            drawn["grouped"],
            drawn["stacked"],
            Heading("Long and wide"),
            long_table(),
            wide_table(),
            Table("none", "A table without rows", (Column("Area"), Column("Value", numeric=True)), ()),
        ),
    )
