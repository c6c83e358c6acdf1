"""Which rows of the inventory of systems the first stage serves, and from where in its menu each is reached."""

from collections.abc import Mapping

from parity.analyse.topics import STAGE
from parity.tables import is_of_england
from parity.terms.indicator import CATALOGUE

ROWS: Mapping[str, str] = {
    "A1": "Population register: residents, people registered with practices, and by how much they differ",
    "A2": "Ethnic mix beside a comparator",
    "A3": "Religion",
    "A4": "New communities as ranges",
    "A5": "Deprivation and risk factors",
    "A6": "Population weighted by a need index",
    "A7": "Severe and enduring illness expected",
    "A8": "Common mental disorders expected",
    "A9": "Need around childbirth",
    "A10": "Need in prison",
    "A11": "Depression of older people by a flat rate",
    "A12": "Severe depression of older people",
    "A13": "Dementia by age and sex",
    "A14": "Projections and change",
    "A15": "Two sources for one year reconciled",
    "A16": "Eating disorders by sex",
    "A17": "Autism",
    "A18": "Two kinds of need at once",
    "A19": "Dementia before 65",
    "A20": "Claims of benefits as a proxy",
    "A21": "Employment gap",
    "A22": "Inequality of access by group",
    "A23": "Contact with services, and its significance",
    "A24": "Treatment gap",
    "A25": "Adults expected, by both national tools together",
    "A26": "Needs assessment as a document",
    "A27": "Profile of services by locality",
    "A28": "Service map",
    "A29": "Rates per 100,000 weighted people",
    "A30": "Gap to a benchmark in places and posts",
    "A31": "Spending by service and provider",
    "A32": "Weighted investment a head",
    "A33": "What if it were at a comparator's level",
    "A34": "Shares of spending, in-house and independent",
    "A35": "Spending a head and share of social care",
    "A36": "Trend in real and nominal terms",
    "A37": "Resource of several bodies",
    "A38": "Spending by tier",
    "A39": "Balance of care",
    "A40": "In-patient activity",
    "A41": "Placements outside the area",
    "A42": "Contacts by profession, follow-up ratio",
    "A43": "Rank in a group of comparators",
    "A44": "Catalogue of data sources",
    "A45": "Data quality log and improvement plan",
    "A46": "Market analysis",
    "A47": "Review of case files",
    "A48": "Workforce",
    "A49": "Policy and legislation",
    "A50": "Whether an assessment fits another area",
    "A51": "Cost per person and unit cost",
    "A52": "Who answered a survey",
    "A53": "What people with experience and advisers tell",
}
"""The rows by their code, in our words."""

ELSEWHERE: Mapping[str, str] = {
    "A26": "`parity pack england --area NAME`; “Write the assessment” on the page of a place of England",
    "A44": "Sources of England; the register of documents of a programme",
}
"""Rows that are a page or a document, and no figure."""

WAITING: Mapping[str, str] = {}
"""Rows that wait for a later stage, and the stage."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "care_spend": ("spend",),
    "care_costs": ("resource",),
    "nhs_spend": ("spend", "resource"),
    "spend_adjusted": ("spend",),
    "need_variants": ("need",),
    "localities": ("need",),
}
"""Folders that write a part of other topics' chapters, and those topics."""


def reached(row: str) -> tuple[list[str], list[str]]:
    """The titles of the topics that serve a row, in their order: in a programme, and for any place of England."""
    titles = {topic.slug: topic.title for topic in STAGE.topics}
    found: tuple[set[str], set[str]] = (set(), set())
    for definition in CATALOGUE.values():
        if row in definition.rows and definition.stage == STAGE.slug:
            slugs = PARTS.get(definition.topic, (definition.topic.replace("_", "-"),))
            found[is_of_england(definition)].update(slugs)
    own, england = ([title for slug, title in titles.items() if slug in each] for each in found)
    return own, england
