from parity.documents.model import Bullets, Callout, Heading, Paragraph, figures_of
from tests.documents.sample import RATE, SPEND, charts, document, figure, wards


def test_figures_come_in_reading_order():
    first, second = figure(RATE, "Abbey", 1.0), figure(SPEND, "Abbey", 2.0)
    assert list(figures_of(Paragraph(("a ", first, second)))) == [first, second]
    assert list(figures_of(Callout("Note", (second,)))) == [second]
    assert list(figures_of(Bullets(((first,), (second, "b"))))) == [first, second]
    assert list(figures_of(Heading("Title"))) == []


def test_a_charts_figures_are_those_of_its_table():
    drawn = charts()["line"]
    assert list(figures_of(drawn)) == list(figures_of(drawn.table))
    assert len(list(figures_of(wards()))) == 10


def test_a_documents_figures_include_repeats():
    assert len(list(document().figures())) == 142
