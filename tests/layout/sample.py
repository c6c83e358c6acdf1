"""Blocks of every kind: a present, a missing, a negative and an illustrative figure, and text that tries to be code."""

from dataclasses import replace

from parity.documents.charts import Point, bar_chart
from parity.documents.model import Block, Bullets, Callout, Chart, Column, Heading, Paragraph, Table
from parity.terms.areas import Area
from parity.terms.figure import Figure
from parity.terms.indicator import Indicator
from parity.terms.polarity import Polarity
from parity.terms.release import Release
from parity.terms.units import Unit

LEICESTER = Area("E06000016", "Leicester", "unitary authority")
RUTLAND = Area("E06000017", "Rutland", "unitary authority")
NOT_PRINTED = "The source prints no share for Rutland."
ILLUSTRATIVE = "District inputs are illustrative."
CODE = "<script>alert(1)</script> & </table>"
FORMULA = "=HYPERLINK(1)"


def indicator(key: str, unit: Unit, interval: str = "") -> Indicator:
    return Indicator(
        key=key, rows=("A1",), title="Sample", unit=unit, numerator="people", denominator="none", multiplier="1",
        polarity=Polarity.NEUTRAL, frequency="once", purpose="a test", formula="a / b", dimensions=("condition",),
        interval=interval, basis=None, stage="analyse", topic="need", method="", tables=(), optional_tables=(),
        assumptions=(), function=len,
    )  # fmt: skip


def release(illustrative: str = "") -> Release:
    return Release("poppi", "leicester", "1a2b3c4d", "1a" * 32, "seed 003", "2026-01-02T03:04:05Z", 2, illustrative)


PEOPLE = Figure(
    indicator=indicator("expected_people", Unit.PEOPLE), scope="leicester", area=LEICESTER, period="2025/26",
    where=(("condition", "mood & anxiety"),), value=4251.6, releases=(release(),),
)  # fmt: skip
PEOPLE_RUTLAND = replace(PEOPLE, area=RUTLAND, value=712.0)
SHARE = replace(PEOPLE, indicator=indicator("share", Unit.SHARE, "95% Wilson"), value=0.0866, lower=0.08, upper=0.093)
MISSING = replace(SHARE, area=RUTLAND, value=None, lower=None, upper=None, missing=NOT_PRINTED)
COST = replace(
    PEOPLE, indicator=indicator("cost", Unit.GBP), value=-91000.25, basis="gross", releases=(release(ILLUSTRATIVE),)
)


def expected(*, bare: bool = True) -> Table:
    columns = (Column("Area"), Column("People", numeric=True), Column("Share (%)", numeric=True), Column("Remark"))
    rows = (("Leicester", PEOPLE, SHARE, CODE), ("Rutland", PEOPLE_RUTLAND, MISSING, FORMULA))
    return Table("expected", "People expected", columns, rows, ("Rounded by the source.",), bare=bare)


def costs() -> Table:
    rows = (("Leicester", COST),)
    return Table("costs", "Costs", (Column("Area"), Column("Cost", numeric=True)), rows)


def chart() -> Chart:
    points = [Point("Leicester", PEOPLE), Point(CODE, PEOPLE_RUTLAND)]
    return bar_chart(points, slug="people-chart", title="People by area", labels="Area")


def blocks() -> tuple[Block, ...]:
    return (
        Heading("Expected"),
        Paragraph(("In Leicester ", PEOPLE, " people; in Rutland ", MISSING, "; ", CODE)),
        expected(),
        Heading("Costs", 3),
        costs(),
        chart(),
        Callout("Take care", ("Cost: ", COST)),
        Bullets((("First ", PEOPLE), ("Second",)), numbered=True),
        Bullets(((CODE,),)),
    )
