"""England's pages from the publishers' own files to the assessment: for Kent with a mouse, for Luton by keys alone."""

import csv
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice, pairwise
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from playwright.sync_api import Page, expect

from parity.sources.shelf import SHELF
from parity.terms.indicator import CATALOGUE
from tests.given import EXAMPLES
from tests.journeys.conftest import Visit, Workspace, served
from tests.journeys.keyboard import Keys
from tests.journeys.test_accessible_pages import examined, hrefs
from tests.journeys.test_stories import downloaded, table_rows
from tests.journeys.test_taking_out import await_job, downloaded_file, working
from tests.journeys.walk import same
from tests.layout.reading import read_page
from tests.processes import PATIENCE_SECONDS, parity, python
from tests.sources.official_data import needs_data, official

pytestmark = [pytest.mark.journey, needs_data]

FILES = (
    "lad21_utla21.csv",
    "lad23_utla23.csv",
    "lad24_region24.csv",
    "lsoa11_lsoa21_lad22.parquet",
    "lsoa11_sicbl22_icb22_lad22.parquet",
    "lsoa21_sicbl24_icb24.parquet",
    "lsoa21_ward24_lad24.parquet",
    "lad_may2024_uk_bsc.geojson.gz",
    "ctyua_dec2023_uk_bsc.geojson.gz",
    "ons_la_statistical_nearest_neighbours_england.xlsx",
    "ons_snpp2018_principal_2018_2043_lad_sya_sex.parquet",
    "ons_sape_mid2020_lsoa11_sya_persons.parquet",
    "ons_sape_health_geographies_mid2021_mid2022_sicbl_icb_sya_sex.xlsx",
    "ons_mye_2000_2018_lad_sya_sex.parquet",
    "census2021_disability_lsoa21.parquet",
    "census2021_ethnic_group_ltla21.csv.gz",
    "census2021_religion_lad24_from_lsoa.csv.gz",
    "iod2025_lsoa21_scores_ranks_deciles.parquet",
    "mhsds_people_in_contact_england_monthly_2016_04_to_2024_04.csv",
    "fingertips_dementia_diagnosis.csv",
    "fingertips_depression_qof_prevalence_lad_2014_15_to_2024_25.csv",
    "fingertips_mortality_serious_mental_illness.csv",
    "qof_mh_dep_dem_ld_register_by_ccg_2014_15_to_2019_20.csv.gz",
    "nhse_occ_mh_access_and_spend_ccg_icb_trend_to_2021_22.xlsx",
    "ascfr_activity_2016_17.csv.gz",
    "ascfr_totals_2016_17.csv.gz",
    "pssex1_expenditure_by_council_2014_15.csv.gz",
    "pssex1_activity_by_council_2013_14.csv.gz",
    "pssex1_unit_costs_by_council_2008_09.csv.gz",
    "pssex1_unit_costs_by_council_2013_14.csv.gz",
    "national_cost_collection_2024_25.csv.gz",
    "uk_cost_indices_gdp_deflator_cpi.csv",
)
"""The fewest official files with which every topic of a place has something to say."""
TOPICS = ("population", "need", "access", "spend", "resource", "performance")
SPEAKING = {"population", "need", "access", "care_spend", "nhs_spend", "care_costs", "performance"}
"""The topics as indicators name them."""
KENT, LUTON, YEAR = "E10000016", "E06000032", "2026"
BESIDE_LUTON = "Bedford, Leicester, Slough"
WRITTEN = ("assessment.html", "assessment.pdf", "assessment.docx", "figures.xlsx", "manifest.json")
PEOPLE = ("analyst", "colleague")
PASSWORD = "three words and one more"
LET_IN = f"""
import django; django.setup()
from parity.register.models import Person
from parity.web.verbs import migrate
migrate()
for name in {PEOPLE!r}:
    Person.objects.create_user(name, password={PASSWORD!r}, is_demo=True)
"""
"""Two people of no programme, who need no second step: what is published they may see all the same."""
MAPPED = "Share of small areas in the most deprived tenth of England"
DEMENTIA = ("Dementia", "CFAS II (Matthews et al)")
PROJECTIONS = f"{SHELF['population_projections'].credit}, 2018-based: {SHELF['population_projections'].address}"
HEADS_AT = 3
COUNCILS_OF_ENGLAND = 296
CLOSED = "Change what it is compared with, or the year"


@contextmanager
def alone(beside: Path) -> Iterator[None]:
    """One process of a run at a time: a transaction on a file of its own is a lock that ends with its process."""
    with closing(sqlite3.connect(beside.with_suffix(".lock"), timeout=PATIENCE_SECONDS)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture(scope="session")
def england(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home with the official files, taken in by the terminal's verb: once for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    home = (own if worker_id == "master" else own.parent) / "england"
    with alone(home):
        if not home.exists():
            assert parity("import", *map(official, FILES), PARITY_HOME=str(home)).returncode == 0
            assert python(LET_IN, PARITY_HOME=str(home)).returncode == 0
    return home


@pytest.fixture(scope="module")
def workspace(england: Path) -> Iterator[Workspace]:
    """England's pages, served."""
    with served(england, "serve") as found:
        yield Workspace(found.address, dict.fromkeys(PEOPLE, PASSWORD), england)


def comparators() -> list[str]:
    """The five counties that Kent's own document compares it with."""
    tables = EXAMPLES / "kent" / "tables"
    named, chosen = (
        list(csv.DictReader((tables / name).read_text(encoding="utf-8").splitlines()))
        for name in ("areas.csv", "comparators.csv")
    )
    names = {row["area"]: row["name"] for row in named}
    return [names[row["comparator"]] for row in chosen]


def test_an_analyst_assesses_kent(visit: Callable[..., Visit], workspace: Workspace, tmp_path: Path) -> None:
    person, beside = visit("analyst"), comparators()
    page = person.page
    find_kent(page, beside)
    assert compared(page) == [*beside, "England", YEAR]
    page.get_by_role("link", name="Need", exact=True).click()
    person.settle()
    need_rests_on_its_sources(page)
    performance_stands_beside_the_areas(person, beside)
    a_colleague_sees_the_same(person, visit("colleague"))
    assessment = assessed(person, workspace, tmp_path)
    a_map_has_a_table(person)
    assert person.heard == []
    check_documents(assessment, "Kent")


def find_kent(page: Page, beside: list[str]) -> None:
    """From the first page to Kent, compared and for a year, by what is to be seen alone."""
    page.get_by_role("link", name="England", exact=True).click()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Places").click()
    page.get_by_label("Find a place").fill("kent")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("main").get_by_role("link", name="Kent", exact=True).click()
    page.get_by_text(CLOSED).click()
    page.get_by_label("Compared with").fill(", ".join(beside))
    page.get_by_label("Year").fill(YEAR)
    page.get_by_role("button", name="Show").click()


def compared(page: Page) -> list[str]:
    """The areas that a page says it compares with, and the year."""
    words = page.get_by_text(re.compile("^Compared with .*England, ")).inner_text()
    return re.split("; |, | and ", words.removeprefix("Compared with ").rstrip("."))


def need_rests_on_its_sources(page: Page) -> None:
    """Of those expected to have dementia: the page of the number, down to the publisher, and the same in the CSV."""
    caption = f"People of Kent expected to have each condition, {YEAR}"
    rows = page.get_by_role("table", name=caption, exact=True).get_by_role("row")
    ours = rows.filter(has_text=DEMENTIA[0]).filter(has_text=DEMENTIA[1]).first
    printed = ours.locator("a.app-figure").inner_text()
    given = [row for row in downloaded(page, f"Download CSV of {caption}") if tuple(row[:2]) == DEMENTIA]
    assert same(printed, given[0][3])
    ours.locator("a.app-figure").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("dementia, CFAS II (Matthews et al), Kent, 2026")
    told = dict(table_rows(page, "The figure"))
    assert (f"{told['Value']} ({told['Interval'].partition(' (')[0]})", told["Unit"]) == (printed, "people")
    heads, computed, *read = table_rows(page, "The versions of the tables that were read")
    assert (heads[3], computed[3]) == ("Read from", "the tables below it")
    assert [row[3] for row in read if row[0] == "“Population projections” (population_projections)"] == [PROJECTIONS]
    page.go_back()


def performance_stands_beside_the_areas(person: Visit, beside: list[str]) -> None:
    """From one topic to the next, with the areas that were chosen."""
    page = person.page
    page.get_by_role("link", name="All topics on Kent").click()
    page.get_by_role("link", name="Performance", exact=True).click()
    person.settle()
    heads, *rows = table_rows(page, "The areas compared")
    assert heads == ["Measure", "Period", "Kent", *beside, "England"]
    assert [row for row in rows if not all(row)] == []
    expect(page.get_by_role("img", name=re.compile("^Kent among councils of England"))).to_be_visible()


def a_colleague_sees_the_same(person: Visit, colleague: Visit) -> None:
    """Whoever is given the address of a page sees what is on it."""
    shared = person.page.url.removeprefix(person.address)
    colleague.open(shared)
    assert colleague.page.title() == person.page.title()
    assert colleague.page.locator("main").inner_text() == person.page.locator("main").inner_text()


def a_map_has_a_table(person: Visit) -> None:
    """A map of England's councils, and the same in words: every council, each with a value."""
    page = person.page
    page.get_by_role("link", name="Home", exact=True).first.click()
    page.get_by_role("link", name="England", exact=True).click()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Maps").click()
    page.get_by_role("link", name=MAPPED).click()
    page.get_by_label("Areas", exact=True).select_option("councils")
    page.get_by_label("Domain", exact=True).select_option("multiple deprivation")
    page.get_by_role("button", name="Show").click()
    person.settle()
    page.get_by_text("View data as table").click()
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(1 + COUNCILS_OF_ENGLAND)
    expect(table.get_by_role("row", name="Luton")).to_contain_text("%")


def assessed(person: Visit, workspace: Workspace, into: Path) -> Path:
    """A folder with the files of the assessment that Kent's own page offers, once a worker wrote them."""
    page, folder = person.page, f"kent-{KENT.lower()}"
    page.get_by_role("link", name="All topics on Kent").click()
    page.get_by_role("button", name="Write the assessment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assessment: Kent")
    with working(workspace.home):
        await_job(page)
    for name in WRITTEN:
        downloaded_file(page, f"{folder}/{name}", into / name)
    return into


def check_documents(folder: Path, name: str) -> None:
    """The files are whole, say what they are, and no table of figures is without its source."""
    title = f"Mental-health needs and resources: {name}"
    with pikepdf.open(folder / "assessment.pdf") as pdf, pdf.open_metadata() as metadata:
        tagged = (bool(pdf.Root.MarkInfo.Marked), str(pdf.Root.Lang), metadata["dc:title"])
    assert tagged == (True, "en-GB", title)
    word = docx.Document(str(folder / "assessment.docx"))
    assert word.core_properties.title == title
    chapters = [each.text for each in word.paragraphs if each.style.name == "Heading 1"]
    book = openpyxl.load_workbook(folder / "figures.xlsx", read_only=True)
    assert book.sheetnames[:3] + book.sheetnames[-1:] == ["Cover", "Contents", "Notes", "All figures"]
    *_, heads = islice(book["All figures"].iter_rows(values_only=True), HEADS_AT)
    figures = [
        dict(zip(heads, row, strict=True)) for row in book["All figures"].iter_rows(HEADS_AT + 1, values_only=True)
    ]
    assert sorted(SPEAKING - {CATALOGUE[figure["Key"]].topic for figure in figures}) == []
    assert [figure["Title"] for figure in figures if figure["Releases"] in (None, "none")] == []
    page = read_page((folder / "assessment.html").read_text(encoding="utf-8"))
    assert [each.text for each in page.one("main").all("h2")] == chapters
    assert [chapter for chapter in TOPICS if chapter.capitalize() not in chapters] == []
    assert json.loads((folder / "manifest.json").read_text())["title"] == title


def test_somebody_without_a_mouse_assesses_luton(
    visit: Callable[..., Visit], workspace: Workspace, tmp_path: Path
) -> None:
    person = visit("analyst")
    page, keys = person.page, Keys(person.page)
    keys.follow("England")
    keys.type("Find a place", "Luton")
    keys.follow("Find")
    keys.follow("Luton")
    keys.reach(CLOSED)
    page.keyboard.press("Enter")
    keys.type("Compared with", BESIDE_LUTON)
    keys.type("Year", YEAR)
    keys.follow("Show")
    assert compared(page) == [*BESIDE_LUTON.split(", "), "England", YEAR]
    keys.follow("Population")
    rows = table_rows(page, f"People who live here by age, {YEAR}")
    assert [row[0] for row in rows] == ["Area", "Luton", *BESIDE_LUTON.split(", "), "England"]
    keys.follow(rows[1][1])
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Luton, {YEAR}")
    assert dict(table_rows(page, "The figure"))["Value"] == rows[1][1]
    asked = ("pack", "england", "--area", LUTON, "--compare", BESIDE_LUTON, "--year", YEAR, "--into", tmp_path)
    assert parity(*asked, PARITY_HOME=str(workspace.home)).returncode == 0
    check_documents(tmp_path / f"luton-{LUTON.lower()}", "Luton")


def addresses(person: Visit) -> list[str]:
    """Every kind of England's pages: places, one that is found, each topic, maps, sources, figures."""
    place, asked = f"/england/places/{KENT}/", f"?with={comparators()[0]}&year={YEAR}"
    figures = hrefs(person.open(f"{place}need/{asked}"), "main a.app-figure")
    topics = [f"{place}{topic}/{asked}" for topic in TOPICS]
    lists = ["/england/", "/england/places/?q=kent", "/england/maps/", "/england/sources/", "/england/figures/"]
    return [*lists, place + asked, *topics, "/england/maps/most_deprived_share/", figures[0]]


def outline(page: Page) -> list[str]:
    """Where a heading skips a level, and what stands twice: an id, or a link that does not say to which table."""
    levels = page.eval_on_selector_all("main :is(h1,h2,h3,h4)", "all => all.map(each => Number(each.tagName[1]))")
    ids = page.eval_on_selector_all("main [id]:not(svg *)", "all => all.map(each => each.id)")
    names = [*ids, *page.locator("main .app-download a, main summary").all_text_contents()]
    skipped = [f"{page.url}: h{later} after h{earlier}" for earlier, later in pairwise(levels) if later > earlier + 1]
    return skipped + [f"{page.url}: {name} stands twice" for name, times in Counter(names).items() if times > 1]


def test_none_of_england_s_pages_has_a_fault(visit: Callable[..., Visit]) -> None:
    person, found = visit("colleague"), []
    for address in addresses(person):
        found += examined(person.open(address)) + outline(person.page)
    assert (found, person.heard) == ([], [])
