"""The chapter on in-patient care."""

from parity.documents.charts import Point, bar_chart
from parity.documents.figure_tables import by, joined, listed, parted, period_words, shown
from parity.documents.model import Block, Heading, Paragraph
from parity.layout.topic import Topic
from parity.tables import Desk

WITHOUT = (
    "This programme has no table of hospital activity, lengths of stay, placements, contacts with staff or people in "
    "contact by ethnic group (inpatient_activity, lengths_of_stay, placement_spend, staff_contacts, service_contacts "
    "with ethnic_mix), so nothing is said of them here."
)
AGED = ("age_group", "area", "period")
STAFF = ("profession", "age_group", "area", "period")
ACTIVITY = (
    ("admission_rate", "Admissions per 100,000 people", "Per 100,000"),
    ("bed_day_rate", "Occupied bed days per 1,000 people", "Per 1,000"),
    ("bed_days_an_admission", "Occupied bed days an admission", "Days"),
)
STAYS = (
    ("long_stay_share", "Share of stays of 91 days and more", "Share"),
    ("median_stay", "Median length of stay, with the ends of its band", "Days"),
)
GROUPS = (
    "1 means that a group's share of the people in contact is its share of the population; 2, that it is twice that. "
    "Where the whole interval lies below 0.8 or above 1.25, the four-fifths rule, the group is called under- or "
    "over-represented. What is right depends on the service: more in therapy may be good, more in detention is not."
)
CONTACTS = (
    ("staff_contact_rate", "Contacts with a profession per 1,000 people", "Per 1,000"),
    ("follow_up_ratio", "Follow-up contacts for each first contact", "Ratio"),
)


def chapter(desk: Desk) -> list[Block]:
    """Admissions and bed days, how long people stay, what is bought outside the area, and contacts with staff."""
    found = [
        *_part(desk, "Admissions and bed days", ACTIVITY, AGED),
        *_stays(desk),
        *_outside(desk),
        *_part(desk, "Contacts with staff", CONTACTS, STAFF),
        *_groups(desk),
    ]
    return found or [Paragraph((WITHOUT,))]


def _part(desk: Desk, title: str, keys: tuple[tuple[str, str, str], ...], rows: tuple[str, ...]) -> list[Block]:
    """A heading and a table an indicator; nothing where none of them has a figure."""
    tables: list[Block] = [
        listed(key.replace("_", "-"), caption, figures, rows=rows, value=head)
        for key, caption, head in keys
        if (figures := desk.figures(key).all())
    ]
    return [Heading(title, 3), *tables] if tables else []


def _stays(desk: Desk) -> list[Block]:
    blocks = _part(desk, "How long people stay", STAYS, AGED)
    shares = parted(desk.figures("stay_share").all(), keys=("area", "age_group", "period"))
    several = {key: part for key, part in shares.items() if len(part) > 1}
    for number, ((area, age_group, period), part) in enumerate(several.items(), start=1):
        caption = f"Stays by length in days: {area}, {age_group}, {period_words(period)}"
        points = [Point(by("days")(figure), figure) for figure in part]
        blocks += [
            bar_chart(points, slug=f"stays-{number}", title=caption, labels="Days"),
            listed(f"stays-{number}", caption, part, rows=("days",), value="Share"),
        ]
    return blocks


def _outside(desk: Desk) -> list[Block]:
    shares, ranks = desk.figures("outside_share").all(), desk.figures("outside_rank")
    if not shares:
        return []
    rows = [
        (
            *(shown("placements")(share), share.area.name, shown("period")(share), share),
            next(iter(ranks.all(**share.address)), "–"),
            share.note or "–",
        )
        for share in shares
    ]
    heads = ("Placements", "Area", "Period", "Share outside", "Rank", "Remarks")
    return [
        Heading("Placements outside the area", 3),
        joined("placements-outside", "Share of spending on placements that goes outside the area", heads, rows),
    ]


def _groups(desk: Desk) -> list[Block]:
    """Ethnic groups in contact with services against the population, with a chart for each area and period."""
    parts = parted(desk.figures("contact_representation").all(), keys=("area", "period"))
    blocks: list[Block] = [Heading("Ethnic groups in contact with services", 3), Paragraph((GROUPS,))]
    for number, ((area, period), part) in enumerate(parts.items(), start=1):
        caption = f"Share of people in contact as a multiple of the population's: {area}, {period_words(period)}"
        points = [Point(by("population_group")(figure), figure) for figure in part]
        blocks += [
            bar_chart(points, slug=f"contact-groups-{number}", title=caption, labels="Group"),
            listed(f"contact-groups-{number}", caption, part, rows=("population_group",), value="Multiple"),
        ]
    return blocks if parts else []


TOPIC = Topic(
    slug="inpatients",
    stage="analyse",
    title="In-patient care and contacts",
    lead="Who comes to hospital and how long they stay, what is bought outside the area, and whom patients see.",
    chapter=chapter,
)
