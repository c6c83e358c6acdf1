"""What may stand in the files of the house: words, addresses, hashes, names."""

import ast
import hashlib
import re

import pytest

import parity
from tests.architecture.source import HOUSE, texts

LOCKS = ("requirements.lock", "requirements-test.lock")

UNFINISHED = re.compile(
    "|".join((r"\bTO" r"DO\b", r"\bFIX" r"ME\b", r"\bXX" r"X\b", r"\bplace" r"holders?\b", r"\bst" r"ub\b",
              r"NotImple" r"mented", r"lorem ip" r"sum", r"coming so" r"on")),
    re.IGNORECASE,
)  # fmt: skip
MACHINES = re.compile(
    "|".join((r"/wo" r"rk/", r"/ho" r"me/\w", r"(?<!\w)/ro" r"ot/", r"/t" r"mp/\w", r"[A-Z]:\\Us" r"ers"))
)
REGISTRIES = re.compile("|".join((r"py" r"pi\.org", r"npm" r"js\.", r"python" r"hosted", r"--index" r"-url")))

AMERICAN = re.compile(
    r"\b(?:analyz\w+|behavior\w*|favor\w*|labor|neighbor\w*|fulfill|enroll?ment|modeling|modeled|labeled|canceled|"
    r"(?<!charset-)(?:organ|real|recogn|summar|prior|categor|standard|normal|util|minim|maxim|optim|personal|author)iz\w+|"
    r"centers?|gray|program(?:s)? of care|judgment|catalog)\b",
    re.IGNORECASE,
)  # fmt: skip

OF_A_STANDARD = (("docs/generated/openapi.json", "organization"),)
"""Where a word stands as Open Referral UK writes it."""

# First 16 hexadecimal digits of the SHA-256 of surnames in the documents that the examples were transcribed from.
SURNAMES = {
    "00a9c28b6803864d", "01df2cc6fa6f8098", "133d22f097a97d6f", "16372d3df5338deb", "2be4e33aa3e21f6f",
    "3782208ea47adc40", "3d5c95aa66ecc74e", "424e9661130eeeb0", "48a8a17c382a499a", "50f686492bb30bb9",
    "642ceb7c9846ef21", "6aa006809ea4f9c9", "6ffd166a9b0fe213", "701fbfd68fbf2b98", "919e680ee460849a",
    "94c2a2d3b1d412b4", "b97710c2aa83f3db", "c1ce28880ddb779d", "c6e343497f6147a9", "d21e358d22c7f89d",
    "f98407019f8c4af6",
}  # fmt: skip


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_no_address(name: str) -> None:
    text = (HOUSE / name).read_text("utf-8")
    requirements = re.split(r"\n(?=\S)", re.sub(r"(?m)^ *#.*\n", "", text).strip())
    assert "://" not in text
    assert [line.split()[0] for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_test_lock_has_everything_the_runtime_lock_has() -> None:
    runtime, test = (set(re.findall(r"(?m)^\S+==\S+", (HOUSE / name).read_text("utf-8"))) for name in LOCKS)
    assert runtime - test == set()
    assert len(runtime) > 30


@pytest.mark.parametrize("rule", [UNFINISHED, MACHINES, REGISTRIES], ids=["unfinished", "machines", "registries"])
def test_words_that_do_not_belong_here(rule: re.Pattern[str]) -> None:
    found = [(name, match.group()) for name, text in texts() for match in rule.finditer(text)]
    assert found == []


def test_templates_name_no_other_host() -> None:
    assert [name for name, text in texts(".jinja", ".css", ".js") if re.search(r"(?:https?:)?//\w+\.", text)] == []


def test_spelling_is_british() -> None:
    prose = [*texts(".md", ".toml", ".csv", ".json", ".yml", ".jinja"), *docstrings()]
    found = sorted({(name, match.group()) for name, text in prose for match in AMERICAN.finditer(text)})
    assert [each for each in found if each not in OF_A_STANDARD] == []


def docstrings() -> list[tuple[str, str]]:
    """Every docstring of the house; names that libraries chose stand in code, not here."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (name, ast.get_docstring(node) or "")
        for name, text in texts(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, kinds)
    ]


def test_examples_name_no_officer() -> None:
    words = {word for name, text in texts() if name.startswith("examples/") for word in words_of(text)}
    assert sorted(word for word in words if hashed(word) in SURNAMES) == []


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def hashed(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:16]


def test_a_surname_would_be_found() -> None:
    assert len(SURNAMES) == 21
    assert {hashed(word) for word in words_of("Contact: Boesser, E.")} & SURNAMES != set()


def test_version_is_told_alike_everywhere() -> None:
    published = dict(re.findall(r"^(\w+): +(.+)$", (HOUSE / "publiccode.yml").read_text("utf-8"), re.MULTILINE))
    changes = re.findall(r"^## (?!Unreleased$)(\S+)", (HOUSE / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert (published["softwareVersion"], changes[0]) == (parity.__version__, parity.__version__)


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        (name, link)
        for name, text in texts(".md")
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
        if "://" not in link and not link.startswith("mailto:") and not (HOUSE / name).parent.joinpath(link).exists()
    ]
    assert broken == []
