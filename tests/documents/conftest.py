import pytest

from parity.documents.edition import Edition, edition_of
from parity.documents.html import write_html
from parity.documents.model import Document
from parity.documents.pdf import write_pdf
from parity.documents.word import write_word
from parity.documents.workbook import write_workbook
from tests.documents.sample import document


@pytest.fixture(scope="session")
def sample() -> Document:
    return document()


@pytest.fixture(scope="session")
def edition(sample: Document) -> Edition:
    return edition_of(sample)


@pytest.fixture(scope="session")
def html(sample: Document) -> bytes:
    return write_html(sample)


@pytest.fixture(scope="session")
def pdf(sample: Document) -> bytes:
    return write_pdf(sample)


@pytest.fixture(scope="session")
def word(sample: Document) -> bytes:
    return write_word(sample)


@pytest.fixture(scope="session")
def workbook(sample: Document) -> bytes:
    return write_workbook(sample)
