"""Chapters: what stands in each, and that a programme without the data is told which table it needs."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from parity.analyse.apps import INDICATORS
from parity.analyse.topics import STAGE
from parity.analyse.urls import urlpatterns
from parity.documents.html import write_html
from parity.documents.model import Block, Callout, Chart, Document, Heading, Paragraph, Table
from parity.tables import Desk
from parity.terms.indicator import CATALOGUE
from tests.stages.analyse import (
    test_access,
    test_circumstances,
    test_consultation,
    test_data_quality,
    test_groups,
    test_inpatients,
    test_intelligence,
    test_market,
    test_need,
    test_older_people,
    test_opportunities,
    test_performance,
    test_policy,
    test_population,
    test_resource,
    test_spend,
    test_supply,
    test_workforce,
    test_workforce_people,
)
from tests.stages.analyse.frames import desk, table

pytestmark = pytest.mark.django_db

TOPICS = {topic.slug: topic for topic in STAGE.topics}
CODES = ["A", "B", "C", "D", "E", "F", "L", "M", "P", "R", "S", "T", "X", "Z", "Kent", "City", "Shire"]
AREAS = table("areas", *({"area": code, "name": f"Area {code}", "kind": "county"} for code in CODES))


def everything() -> dict[str, pl.DataFrame]:
    """A programme with a table for every figure of the stage."""
    uses = [test.COMPARED for test in (test_population, test_access, test_supply, test_spend, test_performance)]
    return {
        "areas": AREAS,
        "comparators": pl.concat(uses).unique(["area", "comparator", "use"], keep="first", maintain_order=True),
        "ethnic_mix": pl.concat([test_population.MIX, test_consultation.MIX, test_workforce_people.MIX.head(3)]),
        "community_estimates": test_groups.COMMUNITIES,
        "population": pl.concat([test_need.PEOPLE, test_older_people.PEOPLE, test_access.PEOPLE, test_groups.EVERYONE]),
        "risk_factors": test_circumstances.FACTORS,
        "benefit_claims": test_circumstances.CLAIMS,
        "employment_rates": test_circumstances.WORK,
        "prison_findings": test_groups.FOUND,
        "prison_places": test_groups.HELD,
        "dual_diagnosis": test_groups.BOTH,
        "inpatient_activity": test_inpatients.ACTIVITY,
        "lengths_of_stay": test_inpatients.STAYS,
        "placement_spend": test_inpatients.PLACED,
        "staff_contacts": test_inpatients.CONTACTS,
        "care_settings": test_resource.SETTINGS,
        "contract_services": test_resource.BOUGHT,
        "contracts": test_resource.CONTRACTS,
        "data_issues": test_data_quality.ISSUES,
        "policies": test_policy.POLICIES,
        "assessment_checks": test_policy.CHECKS,
        "themes": test_intelligence.THEMES,
        "case_findings": test_opportunities.FINDINGS,
        "thread": test_intelligence.THREAD,
        "population_bands": test_older_people.BANDS,
        "band_prevalence_rates": test_older_people.RATES,
        "need_index": test_need.INDEX,
        "prevalence_rates": test_need.RATES,
        "prevalence_estimates": pl.concat([test_older_people.ESTIMATES, test_access.ESTIMATES]),
        "service_contacts": test_access.CONTACTS,
        "treatment": test_access.TREATMENT,
        "services": pl.concat(
            [
                test_supply.SERVICES,
                test_market.SERVICES.filter(pl.col("service_type") == "Home"),
                test_resource.PLACES,
            ]
        ),
        "service_directory": pl.concat([test_supply.DIRECTORY, test_market.DIRECTORY]),
        "workforce": test_workforce.WORKFORCE,
        "workforce_people": test_workforce_people.PEOPLE,
        "workforce_training": test_workforce_people.COURSES,
        "service_rates": test_supply.STATED,
        "spend": pl.concat([test_spend.both(), test_resource.POOL, test_resource.TIERS]),
        "spend_per_head": test_spend.HEADS,
        "spend_shares": test_spend.STATED,
        "facts": pl.concat([test_spend.FACTS, _flat_share()]),
        "measures": test_performance.MEASURES,
        "ranks": test_performance.RANKS,
        "respondents": test_consultation.ANSWERS,
    }


def _flat_share() -> pl.DataFrame:
    name = "x_depression_share_65plus"
    return table("facts", {"fact": name, "area": "L", "period": "2008", "value": 0.15, "source": "003"})


@pytest.fixture
def full(tmp_path: Path) -> Desk:
    return desk(tmp_path, **everything())


@pytest.fixture
def bare(tmp_path: Path, db: None) -> Desk:
    return desk(tmp_path, areas=AREAS)


def outline(blocks: list[Block]) -> list[str]:
    """Headings as their text, tables and charts as their slug, boxes as their title."""
    names: dict[type, Callable[[Block], str]] = {
        Heading: lambda block: block.text,
        Table: lambda block: block.slug,
        Chart: lambda block: f"chart {block.table.slug}",
        Callout: lambda block: f"box {block.title}",
    }
    return [names[type(block)](block) for block in blocks if not isinstance(block, Paragraph)]


OUTLINES = {
    "population": [
        "Ethnic groups", "ethnic-groups-1", "ethnic-groups-2", "ethnic-groups-3", "ethnic-groups-4",
        "Compared with other places", "chart quotients-1", "quotients-1", "chart quotients-2", "quotients-2",
        "Minority ethnic groups together", "minority-share",
    ],
    "circumstances": [
        "What puts mental health at risk", "risk-factors",
        "Claims of benefits", "claimants-expected", "claimants-growth", "claimants-implied",
        "Work", "employment", "employment-gap",
    ],
    "groups": [
        "New communities", "communities", "communities-share",
        "People in prison", "prison-findings", "prison-people", "prison-expected",
        "Two kinds of need at once", "box These numbers overlap", "dual-diagnosis", "dual-diagnosis-share",
    ],
    "inpatients": [
        "Admissions and bed days", "admission-rate", "bed-day-rate", "bed-days-an-admission",
        "How long people stay", "long-stay-share", "median-stay", "chart stays-1", "stays-1",
        "chart stays-2", "stays-2", "chart stays-3", "stays-3", "chart stays-4", "stays-4",
        "Placements outside the area", "placements-outside",
        "Contacts with staff", "staff-contact-rate", "follow-up-ratio",
    ],
    "data-quality": [
        "data-issues-severity", "data-issues-dataset", "box Overdue",
        "The improvement plan", "data-issues-open", "data-issues-closed",
    ],
    "policy": [
        "Policy and law", "policies-count", "policies",
        "Assessments made for another area", "assessment-fit", "assessment-checks-1", "box Not all is checked",
    ],
    "intelligence": [
        "themes-count", "Carers and families", "themes-1", "Healthwatch or advocates", "themes-2",
        "Communities", "themes-3", "How many said so", "themes-people", "themes-mentions",
        "What rests on it", "themes-evidence",
    ],
    "opportunities": ["Case files", "case-findings-1", "case-savings-1", "case-savings-stated-1"],
    "need": [
        "Population weighted by need", "weighted-population", "Severe and enduring illness", "severe-illness",
        "Expected cases", "box These numbers overlap", "cases-1", "cases-2", "cases-3",
        "Around childbirth", "perinatal", "perinatal-serious",
    ],
    "older-people": [
        "Forecasts", "Dementia, as estimated by one", "chart forecast-1", "forecast-1",
        "Depression, as estimated by two", "forecast-2", "Where sources differ", "forecast-difference",
        "Depression by simple rules", "depression-flat", "depression-range",
        "The population behind the estimates", "population-implied", "By age and sex", "cases-by-band",
    ],
    "access": [
        "People in contact with services", "chart contacts-1", "contacts-1", "contact-difference",
        "contacts-population", "People who are not treated", "treatment-gap", "untreated-share", "people-untreated",
    ],
    "supply": [
        "Which services there are", "services-by-type", "chart services-by-tier-1", "services-by-client-group",
        "The service map", "service-map", "service-rates", "service-rates-unweighted", "Compared with benchmarks",
        "chart benchmark-chart-1", "benchmark-1", "chart benchmark-chart-2", "benchmark-2",
        "What stated rates imply", "implied-capacity",
    ],
    "workforce": [
        "Posts", "posts", "staff-in-post", "box Small teams", "Vacancies", "chart vacancies-1", "chart vacancies-2",
        "vacancies", "Skills, and who pays", "skill-mix", "funding", "Beside others, and over time", "workforce-rates",
        "workforce-change", "Who the staff are", "staff-groups", "staff-not-stated", "Who may retire", "staff-older",
        "Staff beside the people they serve", "chart staff-representation-1", "staff-representation-1",
        "Training", "training",
    ],
    "market": [
        "Who runs services", "provider-kinds", "In-house and external", "external-share", "external-capacity",
        "Providers' shares", "market-shares", "How few hold a market", "chart concentration-chart", "concentration",
    ],
    "spend": [
        "The money", "box Statements are not added up", "spend-totals", "What the money goes to",
        "chart spend-by-service", "spend-shares-1", "spend-shares-2", "spend-shares-3", "spend-shares-4",
        "Who provides", "spend-providers",
        "Spending a head", "spend-heads-1", "spend-heads-2", "spend-above",
        "Spending a head, worked out", "spend-a-head",
        "Shares of spending as stated", "spend-stated", "spend-ratio",
        "At a comparator's level", "what-if", "what-if-lines",
        "Change over time", "spend-change", "spend-change-1", "spend-change-2", "spend-change-3",
        "What published changes imply",
    ],
    "resource": [
        "Combined resource", "resource-1", "resource-2",
        "By tier of service", "chart tier-chart", "tiers",
        "Balance of care", "care-balance-spend", "care-balance-activity", "Cost per person", "cost-per-person",
    ],
    "performance": [
        "Compared with named areas", "performance-1", "Measures without a comparison", "measures-alone",
        "Ranks as stated", "chart ranks-chart-1", "ranks",
    ],
    "consultation": [
        "Who answered", "respondents-1", "How sure the results are", "margins",
        "Are they like the people of the area?", "chart representation-1", "representation-1", "minority-respondents",
        "box Representative by ethnicity? big",
    ],
}  # fmt: skip


@pytest.mark.parametrize("slug", TOPICS)
def test_a_chapter_shows_what_the_programme_has(full: Desk, slug: str) -> None:
    assert outline(list(TOPICS[slug].chapter(full))) == OUTLINES[slug]


NEEDED = {
    "population": ["ethnic_mix"],
    "circumstances": ["benefit_claims", "employment_rates", "risk_factors"],
    "groups": ["community_estimates", "dual_diagnosis", "prison_findings", "prison_places"],
    "inpatients": [
        "ethnic_mix",
        "inpatient_activity",
        "lengths_of_stay",
        "placement_spend",
        "service_contacts",
        "staff_contacts",
    ],
    "data-quality": ["data_issues"],
    "policy": ["assessment_checks", "policies"],
    "intelligence": ["themes"],
    "opportunities": ["case_findings"],
    "need": ["need_index", "population", "prevalence_rates"],
    "older-people": ["population", "prevalence_estimates"],
    "access": ["service_contacts", "treatment"],
    "supply": ["service_directory", "service_rates", "services"],
    "workforce": ["workforce", "workforce_people", "workforce_training"],
    "market": ["service_directory", "services", "spend"],
    "spend": ["spend", "spend_per_head", "spend_shares"],
    "resource": ["care_settings", "contract_services", "spend"],
    "performance": ["measures", "ranks"],
    "consultation": ["respondents"],
}


@pytest.mark.parametrize("slug", TOPICS)
def test_a_programme_without_the_data_is_told_which_table_it_needs(bare: Desk, slug: str) -> None:
    (only,) = TOPICS[slug].chapter(bare)
    (words,) = only.parts
    in_brackets = words.partition("(")[2].partition(")")[0]
    assert sorted(set(re.findall(r"[a-z_]+", in_brackets)) & everything().keys()) == NEEDED[slug]


def test_the_stage_can_be_written_as_a_document(full: Desk) -> None:
    blocks = [block for topic in STAGE.topics for block in (Heading(topic.title), *topic.chapter(full))]
    document = Document("Analyse", "", "Nobody", tuple(blocks))
    slugs = [block.slug for block in blocks if isinstance(block, Table)]
    assert len(slugs) == len(set(slugs))
    assert write_html(document) == write_html(document)


def test_solved_populations_are_shown(tmp_path: Path) -> None:
    services = test_supply.SERVICES.with_columns(rate_per_100k_weighted=test_supply.SERVICES["value"] * 2)
    printed = services.with_columns(rate_per_100k_weighted_printed=services["rate_per_100k_weighted"].cast(str))
    found = TOPICS["supply"].chapter(desk(tmp_path, areas=AREAS, services=printed))
    assert outline(list(found)) == ["The service map", "service-map", "service-rates", "weighted-solved"]


def test_performance_without_comparators_lists_the_measures(tmp_path: Path) -> None:
    found = TOPICS["performance"].chapter(desk(tmp_path, areas=AREAS, measures=test_performance.MEASURES))
    assert outline(list(found)) == ["Measures without a comparison", "measures-alone"]


def test_every_topic_has_its_indicators_and_its_page() -> None:
    """Some folders write a part of another topic's chapter, and one the page of a place."""
    care = {"care_costs", "care_spend", "nhs_spend", "spend_adjusted"}
    parts = {"places", "need_variants", "localities", "workforce_people", *care}
    stems = {module.__name__.split(".")[2] for module in INDICATORS}
    assert stems - parts == {slug.replace("-", "_") for slug in TOPICS}
    shown = {definition.topic for definition in CATALOGUE.values() if definition.stage == "analyse"}
    assert shown == stems
    assert [pattern.name for pattern in urlpatterns] == ["analyse", *(f"analyse-{slug}" for slug in TOPICS)]
